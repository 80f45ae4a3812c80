#include "run/archive_list.h"

#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "base/file.h"
#include "chart/unit.h"
#include "output/archive.h"
#include "run/archive.h"
#include "run/archive_facts.h"
#include "run/templates.h"

#define INDEX_BYTES ((size_t)64 * 1024 * 1024)
#define KEY	    32 /* digits of it */

const char *list_folder(const struct plan *plan, struct arena *a)
{
	return arena_printf(a, "%s/" ARCHIVE_FOLDER, plan->common.output);
}

int list_begin(struct archivist *x, const struct plan *plan, const char *data,
    int64_t now, struct err *e)
{
	*x = (struct archivist){
	    .plan = plan,
	    .data = data,
	    .now = now,
	    .arena = arena_new(),
	};
	x->dir = list_folder(plan, x->arena);
	if (stage_open(&x->stage, x->dir, e) != 0)
		return -1;
	return shelf_read(&x->shelf, x->arena, x->dir, e);
}

void list_end(struct archivist *x)
{
	stage_close(x->stage);
	arena_free(x->arena);
}

/* "kept for 90 d, at most 200, 1 GB" */
static const char *limits(const struct archivist *x)
{
	const struct plan_snapshots *s = &x->plan->snapshots;
	struct arena *a = x->arena;
	const char *text = s->keep == 0
			       ? "Kept for ever"
			       : arena_printf(a, "Kept for %s",
				     clock_duration(a, (double)s->keep));

	if (s->count != 0)
		text = arena_printf(
		    a, "%s, at most %lld", text, (long long)s->count);
	if (s->max_size != 0)
		text = arena_printf(a, "%s, %s in all", text,
		    unit_text(a, UNIT_BYTES, (double)s->max_size));
	return arena_printf(a, "%s; those that are marked stay", text);
}

/* What is left is more than there should be, as it may not go. */
static void warn(struct archivist *x)
{
	const struct plan_snapshots *s = &x->plan->snapshots;
	size_t n = shelf_count(&x->shelf);
	struct arena *a = x->arena;

	if (s->count != 0 && n > (size_t)s->count)
		x->warning = arena_printf(a,
		    "%zu snapshots are kept, more than snapshots: count: %lld "
		    "allows, because those that are marked stay",
		    n, (long long)s->count);
	else if (s->max_size != 0 && x->shelf.bytes > s->max_size)
		x->warning = arena_printf(a,
		    "snapshots take %s, more than snapshots: max_size: %s "
		    "allows, because the newest and those that are marked stay",
		    unit_text(a, UNIT_BYTES, (double)x->shelf.bytes),
		    unit_text(a, UNIT_BYTES, (double)s->max_size));
}

static void add_made_of(
    struct archivist *x, struct buf *b, const char *directory, const char *file)
{
	const char *path = arena_printf(x->arena, "%s/%s", directory, file);
	struct stat st;

	if (stat(path, &st) == 0)
		buf_printf(b, "%s %lld %lld\n", path, (long long)st.st_size,
		    (long long)st.st_mtime);
}

static void add_stamps(const struct shelf_item *item, struct buf *b)
{
	for (size_t i = 0; !item->gone && i < item->n_files; i++)
		buf_str(b, item->files[i].stamp);
}

/* The same as long as the list would be. */
static const char *make_key(struct archivist *x)
{
	const struct plan_common *c = &x->plan->common;
	char hex[CRYPTO_SHA256_HEX];
	struct buf b;

	buf_init(&b, INDEX_BYTES);
	buf_printf(&b, "%s\n%s\n%s\n%s\n", BROADSHEET_VERSION, c->title,
	    clock_zone(), limits(x));
	add_made_of(x, &b, x->data, "templates/archive.tpl");
	add_made_of(x, &b, x->data, "assets/archive.css");
	if (c->templates != NULL)
		add_made_of(x, &b, c->templates, "archive.tpl");
	for (size_t i = 0; i < x->shelf.n; i++)
		add_stamps(&x->shelf.items[i], &b);
	crypto_sha256_hex(buf_text(&b), b.len, hex);
	buf_free(&b);
	return arena_strndup(x->arena, hex, KEY);
}

static bool is_current(struct archivist *x, const char *key)
{
	const char *path = arena_printf(x->arena, "%s/" SHELF_INDEX, x->dir);
	struct span text;
	struct err ignored;

	return file_read(x->arena, path, INDEX_BYTES, &text, &ignored) == 0 &&
	       memmem(text.p, text.n, key, strlen(key)) != NULL;
}

static struct archive_entry entry_of(
    struct archivist *x, const struct shelf_item *item)
{
	struct arena *a = x->arena;
	struct archive_entry entry = {
	    .name = item->name,
	    .page = item->name + strlen("2026-11-22T0314Z-"),
	    .reason = "",
	    .shows = "",
	    .marked = item->marked,
	};

	(void)shelf_moment(item->name, &entry.moment);
	if (item->facts)
		facts_read(a,
		    arena_printf(a, "%s/%s" SHELF_FACTS, x->dir, item->name),
		    &entry);
	if (item->light)
		entry.light = arena_printf(a, "%s" SHELF_LIGHT, item->name);
	if (item->dark)
		entry.dark = arena_printf(a, "%s" SHELF_DARK, item->name);
	for (size_t i = 0; i < item->n_files && entry.n_files < ARCHIVE_FILES;
	     i++) {
		const struct shelf_file *f = &item->files[i];

		if (f->kind != NULL)
			entry.files[entry.n_files++] = (struct archive_file){
			    f->file, f->kind->name, f->bytes};
	}
	return entry;
}

static int put_index(struct archivist *x, const char *key, struct err *e)
{
	struct report report = {0};
	struct archive list = {
	    .title = x->plan->common.title,
	    .zone = clock_zone(),
	    .version = BROADSHEET_VERSION,
	    .key = key,
	    .limits = limits(x),
	    .bytes = x->shelf.bytes,
	    .entries =
		arena_array(x->arena, x->shelf.n + 1, sizeof(*list.entries)),
	};
	struct html *html;
	struct buf b;
	int rc;

	if (templates_open(&html, x->plan, x->data, &report, x->arena, e) != 0)
		return -1;
	list.warning = report.warning != NULL ? report.warning : x->warning;
	for (size_t i = 0; i < x->shelf.n; i++)
		if (!x->shelf.items[i].gone)
			list.entries[list.n++] =
			    entry_of(x, &x->shelf.items[i]);
	buf_init(&b, INDEX_BYTES);
	rc = html_archive(html, &list, &b, e);
	if (rc == 0)
		rc = stage_put(x->stage, SHELF_INDEX, buf_text(&b), b.len, e);
	buf_free(&b);
	html_close(html);
	return rc == 0 ? stage_commit(x->stage, e) : -1;
}

int list_renew(struct archivist *x, struct err *e)
{
	const char *key;

	shelf_trim(&x->shelf, &x->plan->snapshots, x->now);
	warn(x);
	key = make_key(x);
	return is_current(x, key) ? 0 : put_index(x, key, e);
}

int list_read_again(struct archivist *x, struct err *e)
{
	if (shelf_read(&x->shelf, x->arena, x->dir, e) != 0)
		return -1;
	return list_renew(x, e);
}
