#include "output/manifest.h"

#include <string.h>

#include "base/crypto.h"

#define MARK  "<!--part "
#define AFTER "-->"
#define BEGIN                                                                  \
	"<details class=\"numbers\"><summary>Proof</summary>\n"                \
	"<pre id=\"manifest\">\n"
#define TITLE "broadsheet manifest 1\n"
#define END   "</pre></details></body></html>\n"
#define FIRST "style"

#define HEX	 (CRYPTO_SHA256_HEX - 1)
#define NAME_MAX 200

const char *manifest_mark(struct arena *a, const char *kind, const char *id)
{
	return arena_printf(a, MARK "%s %s" AFTER "\n", kind, id);
}

static const char *find(struct span s, const char *what)
{
	return s.n == 0 ? NULL : memmem(s.p, s.n, what, strlen(what));
}

void manifest_begin(struct buf *lines)
{
	buf_str(lines, TITLE);
}

void manifest_line(struct buf *lines, struct span name, struct span part)
{
	char hash[CRYPTO_SHA256_HEX];

	crypto_sha256_hex(part.p, part.n, hash);
	buf_printf(lines, "%s %zu %.*s\n", hash, part.n, (int)name.n, name.p);
}

void manifest_end(struct buf *lines)
{
	char hash[CRYPTO_SHA256_HEX];

	crypto_sha256_hex(buf_text(lines), lines->len, hash);
	buf_printf(lines, "%s\n", hash);
}

static struct span name_at(struct span rest)
{
	const char *end;
	struct span name = {rest.p + strlen(MARK), 0};

	rest = (struct span){name.p, rest.n - strlen(MARK)};
	end = find(rest, AFTER);
	name.n = end == NULL ? 0 : (size_t)(end - name.p);
	if (name.n > NAME_MAX)
		name.n = NAME_MAX;
	return name;
}

void manifest_add(struct buf *b)
{
	struct span rest = {buf_text(b), b->len};
	struct span name = {FIRST, strlen(FIRST)};
	struct buf lines;

	buf_init(&lines, b->max);
	manifest_begin(&lines);
	for (;;) {
		struct span after = {rest.p + 1, rest.n > 0 ? rest.n - 1 : 0};
		const char *next = find(after, MARK);
		size_t n = next == NULL ? rest.n : (size_t)(next - rest.p);

		manifest_line(&lines, name, (struct span){rest.p, n});
		if (next == NULL)
			break;
		rest = (struct span){next, rest.n - n};
		name = name_at(rest);
	}
	manifest_end(&lines);
	buf_str(b, BEGIN);
	buf_add(b, buf_text(&lines), lines.len);
	buf_str(b, END);
	b->failed |= lines.failed;
	buf_free(&lines);
}

/* The last one: a text before it can't hold its tags. */
static bool locate(struct span file, size_t *begin, struct span *lines)
{
	struct span rest = file;
	const char *at, *found = NULL, *last;

	while ((at = find(rest, BEGIN)) != NULL) {
		found = at;
		rest.n -= (size_t)(at - rest.p) + 1;
		rest.p = at + 1;
	}
	if (found == NULL || file.n < strlen(END) ||
	    memcmp(file.p + file.n - strlen(END), END, strlen(END)) != 0)
		return false;
	*begin = (size_t)(found - file.p);
	last = file.p + file.n - strlen(END);
	lines->p = found + strlen(BEGIN);
	if (last < lines->p + strlen(TITLE) + HEX + 1)
		return false;
	lines->n = (size_t)(last - lines->p) - HEX - 1;
	return true;
}

/* The lines themselves, which end with their own sum. */
static bool lines_hold(struct span lines)
{
	char hash[CRYPTO_SHA256_HEX];

	crypto_sha256_hex(lines.p, lines.n, hash);
	return memcmp(lines.p, TITLE, strlen(TITLE)) == 0 &&
	       memcmp(lines.p + lines.n, hash, HEX) == 0 &&
	       lines.p[lines.n + HEX] == '\n';
}

const char *manifest_name(struct arena *a, const char *name)
{
	char *clean = str_clean(a, name, strlen(name), NAME_MAX);

	str_one_line(clean);
	return clean;
}

bool manifest_holds(const struct manifest_part *part, struct span bytes)
{
	char hash[CRYPTO_SHA256_HEX];

	if (bytes.n != part->n)
		return false;
	crypto_sha256_hex(bytes.p, bytes.n, hash);
	return str_eq(hash, part->hash);
}

/* "SHA-256 LENGTH NAME"; false: it is none. */
static bool read_line(
    struct arena *a, struct span line, struct manifest_part *part)
{
	const char *text = arena_strndup(a, line.p, line.n), *name;
	int64_t n;

	if (line.n < HEX + 4 || text[HEX] != ' ' ||
	    (name = strchr(text + HEX + 1, ' ')) == NULL ||
	    !str_int(arena_strndup(
			 a, text + HEX + 1, (size_t)(name - text) - HEX - 1),
		&n) ||
	    n < 0)
		return false;
	*part = (struct manifest_part){
	    name + 1, arena_strndup(a, text, HEX), (size_t)n};
	return true;
}

bool manifest_read(
    struct arena *a, struct span file, struct manifest_part **parts, size_t *n)
{
	struct span lines = {file.p, file.n - HEX - 1}, line;
	size_t cap = 0;

	*parts = NULL;
	*n = 0;
	if (file.n < strlen(TITLE) + HEX + 1 || !lines_hold(lines))
		return false;
	(void)str_line(&lines, &line);
	while (str_line(&lines, &line))
		if (!read_line(a, line, arena_push(a, parts, n, &cap)))
			return false;
	return true;
}

/* The next part of the rest. */
static bool check_line(
    struct arena *a, struct span line, struct span *rest, struct manifest *m)
{
	struct manifest_part part;

	if (!read_line(a, line, &part) || part.n > rest->n)
		return false;
	if (!manifest_holds(&part, (struct span){rest->p, part.n}) &&
	    m->broken == NULL)
		m->broken = manifest_name(a, part.name);
	rest->p += part.n;
	rest->n -= part.n;
	m->parts++;
	return true;
}

int manifest_check(
    struct arena *a, struct span file, struct manifest *m, struct err *e)
{
	struct span lines, line, rest = {file.p, 0};

	*m = (struct manifest){0};
	if (!locate(file, &rest.n, &lines))
		return err_set(e, "no manifest of a snapshot is at its end");
	if (!lines_hold(lines)) {
		m->broken = "manifest";
		return 0;
	}
	(void)str_line(&lines, &line);
	while (str_line(&lines, &line))
		if (!check_line(a, line, &rest, m))
			return err_set(e, "its parts are not as long as its "
					  "manifest says");
	if (rest.n > 0)
		return err_set(e, "more is in it than its manifest says");
	return 0;
}
