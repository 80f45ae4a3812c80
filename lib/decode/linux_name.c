#include "decode/linux.h"

#include "base/buf.h"

#include <string.h>
#include <strings.h>

#define ARGS_MAX       64
#define NAME_MAX_BYTES 80

struct args {
	struct span items[ARGS_MAX];
	size_t n;
};

static struct args split(struct span cmdline)
{
	struct args args = {0};
	const char *end = cmdline.p + cmdline.n;

	for (const char *p = cmdline.p; p < end && args.n < ARGS_MAX;) {
		const char *nul = memchr(p, '\0', (size_t)(end - p));

		if (nul == NULL)
			nul = end;
		args.items[args.n++] = (struct span){p, (size_t)(nul - p)};
		p = nul + 1;
	}
	while (args.n > 0 && args.items[args.n - 1].n == 0)
		args.n--;
	return args;
}

static struct span base(struct span path)
{
	const char *slash = path.n > 0 ? memrchr(path.p, '/', path.n) : NULL;
	struct span name = path;

	if (slash != NULL) {
		name.p = slash + 1;
		name.n = (size_t)(path.p + path.n - name.p);
	}
	return name.n > 0 ? name : path;
}

static bool contains(struct span s, const char *word)
{
	size_t n = strlen(word);

	for (size_t i = 0; i + n <= s.n; i++)
		if (strncasecmp(s.p + i, word, n) == 0)
			return true;
	return false;
}

static bool one_of(struct span s, const char *const *words)
{
	for (; *words != NULL; words++)
		if (span_eq(s, *words))
			return true;
	return false;
}

/* Whatever runs something else, which is what one would call it by. */
static bool interpreter(struct span name)
{
	static const char *const names[] = {"java", "node", "nodejs", "perl",
	    "php", "ruby", "sh", "bash", "dash", "busybox", NULL};

	return one_of(name, names) ||
	       (name.n >= 6 && memcmp(name.p, "python", 6) == 0);
}

/* The options of an interpreter that come before what it runs. */
static size_t skip_options(const struct args *args)
{
	static const char *const with_value[] = {"-cp", "-classpath",
	    "--class-path", "-p", "--module-path", "-W", "-X", NULL};
	static const char *const ends[] = {"-jar", "-m", "-c", "-e", NULL};
	size_t i = 1;

	while (i < args->n && args->items[i].n > 0 &&
	       args->items[i].p[0] == '-' && !one_of(args->items[i], ends))
		i += one_of(args->items[i], with_value) ? 2 : 1;
	if (i < args->n && span_eq(args->items[i], "-jar"))
		i++;
	return i < args->n ? i : 1;
}

static bool secret(struct span arg)
{
	static const char *const words[] = {"passw", "pwd", "secret", "token",
	    "api-key", "api_key", "apikey", "credential", "private-key", NULL};

	for (size_t i = 0; words[i] != NULL; i++)
		if (contains(arg, words[i]))
			return true;
	return false;
}

/* "scheme://user:password@host" without what is before the @. */
static void put_url(struct buf *out, struct span arg)
{
	const char *from = memmem(arg.p, arg.n, "://", 3);
	const char *at = from != NULL
			     ? memchr(from, '@', arg.n - (size_t)(from - arg.p))
			     : NULL;

	if (at == NULL) {
		buf_add_some(out, arg.p, arg.n);
		return;
	}
	buf_add_some(out, arg.p, (size_t)(from + 3 - arg.p));
	buf_str(out, "***");
	buf_add_some(out, at, arg.n - (size_t)(at - arg.p));
}

/* True if the next argument is the secret that this one names. */
static bool put(struct buf *out, struct span arg, bool hide)
{
	const char *equals;

	if (hide)
		buf_str(out, "***");
	if (hide || arg.n == 0)
		return false;
	if (!secret(arg)) {
		put_url(out, arg);
		return false;
	}
	equals = memchr(arg.p, '=', arg.n);
	if (equals == NULL) {
		buf_add_some(out, arg.p, arg.n);
		return arg.p[0] == '-';
	}
	buf_add_some(out, arg.p, (size_t)(equals + 1 - arg.p));
	buf_str(out, "***");
	return false;
}

const char *linux_name(struct arena *a, struct span cmdline)
{
	struct args args = split(cmdline);
	struct span title;
	struct buf out;
	const char *name;
	bool hide = false;
	size_t first;

	if (args.n == 0)
		return "";
	title = str_trim(args.items[0]);
	/* A process that titled itself: "nginx: worker process". */
	if (args.n == 1 && title.n > 0 && memchr(title.p, ' ', title.n) != NULL)
		return str_clean(a, title.p, title.n, NAME_MAX_BYTES);
	buf_init(&out, 4 * NAME_MAX_BYTES);
	title = base(title);
	buf_add_some(&out, title.p, title.n);
	first = interpreter(title) ? skip_options(&args) : 1;
	for (size_t i = first; i < args.n && !out.failed; i++) {
		buf_char(&out, ' ');
		hide = put(&out,
		    i == first && interpreter(title) ? base(args.items[i])
						     : args.items[i],
		    hide);
	}
	for (size_t i = 0; i < out.len; i++)
		if (out.data[i] == '\n')
			out.data[i] = ' ';
	name = str_clean(a, buf_text(&out), out.len, NAME_MAX_BYTES);
	buf_free(&out);
	return name;
}
