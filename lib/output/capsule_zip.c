/*
 * A snapshot as a ZIP archive: the page as HTML, its numbers and log lines as
 * files for other programs, the PDF where it is small, and a manifest of them
 * (manifest.h). What a mail gateway lets through where HTML is refused.
 *
 * By libzip: it writes into memory, and a time can be given to each member.
 * The archive's own directory is guarded as well: its comment, which is the
 * file's end, has the SHA-256 of all bytes before.
 */
#include <string.h>
#include <zip.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "output/capsule_wrap.h"
#include "output/csv.h"
#include "output/facts.h"
#include "output/omission.h"

#define PAGE	    "index.html"
#define MANIFEST    "manifest.txt"
#define COMMENT	    "broadsheet SHA-256 "
#define HEX	    (CRYPTO_SHA256_HEX - 1)
#define PDF_MAX	    ((size_t)1 << 20)
#define TEXT_MAX    ((size_t)1 << 28)
#define MEMBER_MAX  ((size_t)1 << 28) /* that is checked */
#define MEMBERS_MAX 4096

/* An archive in the making. */
struct writing {
	const struct capsule_means *means;
	const struct capsule *capsule;
	const struct omission *without;
	struct span pdf;  /* n 0: none */
	const char *name; /* of a file that is wrapped, or NULL: */
	struct span file;
	int64_t moment; /* the members' time */
	struct arena *arena;
	zip_t *zip;
	struct buf manifest;
};

static int zip_fault(const char *what, zip_error_t *fault, struct err *e)
{
	err_set(e, "%s: %s", what, zip_error_strerror(fault));
	zip_error_fini(fault);
	return -1;
}

/* The moment that it shows: members have no other time. */
static void set_time(struct writing *w, zip_uint64_t i)
{
	struct tm t = clock_local(w->moment);
	int date = (t.tm_year - 80) << 9 | (t.tm_mon + 1) << 5 | t.tm_mday;
	int hour = t.tm_hour << 11 | t.tm_min << 5 | t.tm_sec / 2;

	if (t.tm_year < 80)
		date = 1 << 5 | 1;
	(void)zip_file_set_dostime(
	    w->zip, i, (zip_uint16_t)hour, (zip_uint16_t)date, 0);
	(void)zip_file_set_external_attributes(
	    w->zip, i, 0, ZIP_OPSYS_UNIX, 0100644u << 16);
}

/* The bytes must stay until the archive is closed. */
static int add(
    struct writing *w, const char *name, struct span bytes, struct err *e)
{
	zip_source_t *s = zip_source_buffer(w->zip, bytes.p, bytes.n, 0);
	zip_int64_t i =
	    s == NULL ? -1 : zip_file_add(w->zip, name, s, ZIP_FL_ENC_UTF_8);

	if (i < 0) {
		zip_source_free(s);
		return err_set(e, "%s: %s", name, zip_strerror(w->zip));
	}
	set_time(w, (zip_uint64_t)i);
	manifest_line(&w->manifest, (struct span){name, strlen(name)}, bytes);
	return 0;
}

static struct span keep(struct writing *w, const struct buf *b)
{
	return (struct span){arena_copy(w->arena, buf_text(b), b->len), b->len};
}

static int add_text(
    struct writing *w, const char *name, struct buf *b, struct err *e)
{
	if (b->failed)
		return err_set(e, "%s: larger than %zu bytes", name, b->max);
	return add(w, name, keep(w, b), e);
}

static int add_page(struct writing *w, struct buf *b, struct err *e)
{
	if (capsule_html_without(w->means, w->capsule, w->without, b, e) != 0)
		return -1;
	return add_text(w, PAGE, b, e);
}

static int add_lines(struct writing *w, struct buf *b, struct err *e)
{
	if (w->without->lines >= w->capsule->n_lines)
		return 0;
	facts_lines(w->arena, w->capsule, w->without->lines, b);
	return add_text(w, "log.txt", b, e);
}

static int add_numbers(struct writing *w, struct buf *b, struct err *e)
{
	const struct page *page = w->capsule->page;

	for (size_t i = 0; i < page->n_blocks; i++) {
		if (page->blocks[i].numbers == NULL || w->without->numbers[i])
			continue;
		buf_reset(b);
		csv_numbers(page->blocks[i].numbers, b);
		if (add_text(w,
			arena_printf(
			    w->arena, "numbers/%s.csv", page->blocks[i].id),
			b, e) != 0)
			return -1;
	}
	return 0;
}

static int add_all(struct writing *w, struct err *e)
{
	static int (*const parts[])(struct writing *, struct buf *,
	    struct err *) = {add_page, add_lines, add_numbers};
	struct buf b;
	int rc = 0;

	for (size_t i = 0; i < 3 && rc == 0; i++) {
		buf_init(&b, TEXT_MAX);
		rc = parts[i](w, &b, e);
		buf_free(&b);
	}
	if (rc == 0 && w->pdf.n > 0)
		rc = add(w, "page.pdf", w->pdf, e);
	return rc;
}

static int add_members(struct writing *w, struct err *e)
{
	if ((w->name != NULL ? add(w, w->name, w->file, e) : add_all(w, e)) !=
	    0)
		return -1;
	manifest_end(&w->manifest);
	return add(w, MANIFEST, keep(w, &w->manifest), e);
}

/* As the archive's comment: the file ends with it. */
static int set_comment(struct writing *w, struct err *e)
{
	const char *text = COMMENT "0000000000000000000000000000000000000000"
				   "000000000000000000000000";

	if (zip_set_archive_comment(w->zip, text, (zip_uint16_t)strlen(text)) !=
	    0)
		return err_set(e, "comment: %s", zip_strerror(w->zip));
	return 0;
}

static int read_back(
    zip_source_t *s, struct arena *a, struct buf *b, struct err *e)
{
	char hash[CRYPTO_SHA256_HEX];
	zip_stat_t st;
	zip_int64_t n = -1;
	char *bytes = NULL;

	if (zip_source_open(s) == 0) {
		if (zip_source_stat(s, &st) == 0) {
			bytes = arena_alloc(a, st.size);
			n = zip_source_read(s, bytes, st.size);
		}
		(void)zip_source_close(s);
	}
	if (n < (zip_int64_t)HEX)
		return err_set(e, "an archive could not be read back");
	crypto_sha256_hex(bytes, (size_t)n - HEX, hash);
	buf_add(b, bytes, (size_t)n - HEX);
	buf_str(b, hash);
	return 0;
}

static int write_archive(struct writing *w, struct buf *b, struct err *e)
{
	zip_error_t fault;
	zip_source_t *s;
	int rc;

	zip_error_init(&fault);
	if ((s = zip_source_buffer_create(NULL, 0, 0, &fault)) == NULL)
		return zip_fault("an archive can't be made", &fault, e);
	zip_source_keep(s);
	w->zip = zip_open_from_source(s, ZIP_TRUNCATE, &fault);
	if (w->zip == NULL) {
		zip_source_free(s); /* ours, and the one kept */
		zip_source_free(s);
		return zip_fault("an archive can't be made", &fault, e);
	}
	rc = add_members(w, e) != 0 ? -1 : set_comment(w, e);
	if (rc == 0 && zip_close(w->zip) != 0)
		rc = err_set(
		    e, "an archive can't be written: %s", zip_strerror(w->zip));
	else if (rc == 0)
		w->zip = NULL;
	if (w->zip != NULL)
		zip_discard(w->zip);
	if (rc == 0)
		rc = read_back(s, w->arena, b, e);
	zip_source_free(s);
	return rc;
}

static int write_once(struct writing *w, struct buf *b, struct err *e)
{
	int rc;

	w->arena = arena_new();
	buf_init(&w->manifest, TEXT_MAX);
	manifest_begin(&w->manifest);
	rc = write_archive(w, b, e);
	buf_free(&w->manifest);
	arena_free(w->arena);
	return rc;
}

int capsule_wrap(const char *name, struct span file, int64_t moment,
    struct buf *b, struct err *e)
{
	struct writing w = {.name = name, .file = file, .moment = moment};

	return write_once(&w, b, e);
}

static int print_once(void *ctx, const struct omission *without, struct buf *b,
    bool *fits, struct err *e)
{
	struct writing w = *(struct writing *)ctx;

	(void)fits;
	w.without = without;
	return write_once(&w, b, e);
}

/* One that is small enough; that there is none is no fault. */
static void print_pdf(struct writing *w, struct arena *a)
{
	struct capsule report = *w->capsule;
	struct err ignored = {0};
	struct buf b;

	if (report.max_size > PDF_MAX)
		report.max_size = PDF_MAX;
	buf_init(&b, TEXT_MAX);
	if (capsule_kind("pdf", &ignored)
		->print(w->means, &report, &b, &ignored) == 0)
		w->pdf =
		    (struct span){arena_copy(a, buf_text(&b), b.len), b.len};
	buf_free(&b);
}

static int print(const struct capsule_means *means, const struct capsule *c,
    struct buf *b, struct err *e)
{
	struct writing w = {
	    .means = means, .capsule = c, .moment = c->report->started};
	struct arena *a = arena_new();
	struct omission all = omission_none(a, c);
	size_t start = b->len;
	bool fits = true;
	int rc;

	print_pdf(&w, a);
	rc = print_once(&w, &all, b, &fits, e);
	if (rc == 0 && b->len - start > c->max_size) {
		b->len = start;
		w.pdf.n = 0;
		rc = omission_fit(c, true, a, print_once, &w, b, e);
	}
	arena_free(a);
	return rc;
}

/* Is the file the one that was written, to the last byte? */
static bool is_whole(struct span file)
{
	char hash[CRYPTO_SHA256_HEX];
	size_t n = strlen(COMMENT) + HEX;

	if (file.n < n ||
	    memcmp(file.p + file.n - n, COMMENT, strlen(COMMENT)) != 0)
		return false;
	crypto_sha256_hex(file.p, file.n - HEX, hash);
	return memcmp(hash, file.p + file.n - HEX, HEX) == 0;
}

/* False: there is no such member, or it can't be unpacked. */
static bool unpack(
    zip_t *z, struct arena *a, const char *name, struct span *out)
{
	zip_stat_t st;
	zip_file_t *f;
	zip_int64_t n;
	char *bytes;

	if (zip_stat(z, name, 0, &st) != 0 || !(st.valid & ZIP_STAT_SIZE) ||
	    st.size > MEMBER_MAX || (f = zip_fopen(z, name, 0)) == NULL)
		return false;
	bytes = arena_alloc(a, st.size + 1);
	n = zip_fread(f, bytes, st.size);
	*out = (struct span){bytes, st.size};
	return zip_fclose(f) == 0 && n >= 0 && (zip_uint64_t)n == st.size;
}

static void check_member(zip_t *z, const struct manifest_part *part,
    struct manifest *m, struct arena *a)
{
	struct arena *own = arena_new();
	struct span bytes;

	m->parts++;
	if (m->broken == NULL && (!unpack(z, own, part->name, &bytes) ||
				     !manifest_holds(part, bytes)))
		m->broken = manifest_name(a, part->name);
	arena_free(own);
}

static int check_members(
    zip_t *z, struct arena *a, struct manifest *m, struct err *e)
{
	struct manifest_part *parts;
	struct span text;
	size_t n;

	if (!unpack(z, a, MANIFEST, &text))
		return err_set(e, "no " MANIFEST " of a snapshot is in it");
	if (!manifest_read(a, text, &parts, &n) || n > MEMBERS_MAX) {
		m->broken = MANIFEST;
		return 0;
	}
	for (size_t i = 0; i < n; i++)
		check_member(z, &parts[i], m, a);
	return 0;
}

/* The file must stay until the archive is discarded. */
static int open_archive(struct span file, zip_t **out, struct err *e)
{
	zip_error_t fault;
	zip_source_t *s;

	zip_error_init(&fault);
	if ((s = zip_source_buffer_create(file.p, file.n, 0, &fault)) == NULL)
		return zip_fault("it can't be read", &fault, e);
	if ((*out = zip_open_from_source(s, ZIP_RDONLY, &fault)) == NULL) {
		zip_source_free(s);
		return zip_fault("it can't be read", &fault, e);
	}
	return 0;
}

static int check(
    struct arena *a, struct span file, struct manifest *m, struct err *e)
{
	zip_t *z;
	int rc;

	*m = (struct manifest){0};
	if (open_archive(file, &z, e) != 0)
		return -1;
	rc = check_members(z, a, m, e);
	zip_discard(z);
	if (rc == 0 && m->broken == NULL && !is_whole(file))
		m->broken = "archive";
	return rc;
}

static int page_of(
    struct arena *a, struct span file, struct span *out, struct err *e)
{
	zip_t *z;
	bool there;

	if (open_archive(file, &z, e) != 0)
		return -1;
	there = unpack(z, a, PAGE, out);
	zip_discard(z);
	if (!there)
		return err_set(e, "no " PAGE " could be unpacked from it");
	return 0;
}

const struct capsule_kind capsule_zip = {
    .name = "zip",
    .suffix = ".zip",
    .media = "application/zip",
    .print = print,
    .magic = "PK\x03\x04",
    .check = check,
    .page = page_of,
};
