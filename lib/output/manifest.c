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

static void put_line(struct buf *lines, struct span part, struct span name)
{
	char hash[CRYPTO_SHA256_HEX];

	crypto_sha256_hex(part.p, part.n, hash);
	buf_printf(lines, "%s %zu %.*s\n", hash, part.n, (int)name.n, name.p);
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
	char hash[CRYPTO_SHA256_HEX];
	struct buf lines;

	buf_init(&lines, b->max);
	buf_str(&lines, TITLE);
	for (;;) {
		struct span after = {rest.p + 1, rest.n > 0 ? rest.n - 1 : 0};
		const char *next = find(after, MARK);
		size_t n = next == NULL ? rest.n : (size_t)(next - rest.p);

		put_line(&lines, (struct span){rest.p, n}, name);
		if (next == NULL)
			break;
		rest = (struct span){next, rest.n - n};
		name = name_at(rest);
	}
	crypto_sha256_hex(buf_text(&lines), lines.len, hash);
	buf_str(b, BEGIN);
	buf_add(b, buf_text(&lines), lines.len);
	buf_printf(b, "%s\n" END, hash);
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

/* It comes from the file, and goes to a terminal. */
static const char *printable(struct arena *a, const char *name)
{
	char *clean = str_clean(a, name, strlen(name), NAME_MAX);

	str_one_line(clean);
	return clean;
}

/* "SHA-256 LENGTH NAME"; false: it is none. */
static bool check_line(
    struct arena *a, struct span line, struct span *rest, struct manifest *m)
{
	char hash[CRYPTO_SHA256_HEX];
	const char *text = arena_strndup(a, line.p, line.n), *name;
	int64_t n;

	if (line.n < HEX + 4 || text[HEX] != ' ' ||
	    (name = strchr(text + HEX + 1, ' ')) == NULL ||
	    !str_int(arena_strndup(
			 a, text + HEX + 1, (size_t)(name - text) - HEX - 1),
		&n) ||
	    n < 0 || (uint64_t)n > rest->n)
		return false;
	crypto_sha256_hex(rest->p, (size_t)n, hash);
	if (memcmp(hash, text, HEX) != 0 && m->broken == NULL)
		m->broken = printable(a, name + 1);
	rest->p += n;
	rest->n -= (size_t)n;
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
