#include "page/check.h"
#include "base/arena.h"

#include <string.h>

#define DEPTH_MAX 32
#define WORD_MAX  63
#define PRAGMA	  "%AUTOESCAPE context=\"HTML\""

/* One {{…}}: its first character says what it is, ' ' for a value. */
struct marker {
	char kind;
	struct span inside, modifiers;
	char name[WORD_MAX + 1];
	int line;
};

struct open_section {
	char name[WORD_MAX + 1];
	int line;
};

struct check {
	const struct template_name *names;
	struct open_section open[DEPTH_MAX];
	size_t depth;
	bool escaped; /* the pragma was there */
};

static int lines_in(const char *from, const char *to)
{
	int n = 0;

	for (; from < to; from++)
		n += *from == '\n';
	return n;
}

/* Splits what is between the braces: kind, name, and from ':' modifiers. */
static int split(struct marker *m, struct err *e)
{
	struct span s = m->inside;
	size_t n = 0;

	m->kind = s.n > 0 && strchr("#/>!%=", s.p[0]) != NULL ? s.p[0] : ' ';
	m->name[0] = '\0';
	m->modifiers = (struct span){s.p, 0};
	if (m->kind == '!' || m->kind == '%' || m->kind == '=')
		return 0;
	if (m->kind != ' ')
		s.p++, s.n--;
	while (n < s.n && s.p[n] != ':')
		n++;
	if (n == 0 || n > WORD_MAX)
		return err_set(e, "%d: {{%.*s}} has no name", m->line,
		    (int)(m->inside.n > 40 ? 40 : m->inside.n), m->inside.p);
	memcpy(m->name, s.p, n);
	m->name[n] = '\0';
	m->modifiers = (struct span){s.p + n, s.n - n};
	return 0;
}

/* The next marker: 1, 0 at the end, -1. *at is kept with its line. */
static int next_marker(
    struct span *at, int *line, struct marker *m, struct err *e)
{
	const char *end = at->p + at->n;
	const char *open = memmem(at->p, at->n, "{{", 2), *close;

	if (open == NULL)
		return 0;
	*line += lines_in(at->p, open);
	close = memmem(open, (size_t)(end - open), "}}", 2);
	if (close == NULL)
		return err_set(e, "%d: {{ without }}", *line);
	m->line = *line;
	m->inside = (struct span){open + 2, (size_t)(close - open - 2)};
	*line += lines_in(open, close);
	at->p = close + 2;
	at->n = (size_t)(end - at->p);
	return split(m, e) < 0 ? -1 : 1;
}

/* "NAME is a section: …": how it is to be written. */
static int wrong_use(
    const struct marker *m, enum template_use use, struct err *e)
{
	const char *n = m->name;

	if (use == TEMPLATE_TEXT)
		return err_set(e, "%d: %s is a value: {{%s}}", m->line, n, n);
	if (use == TEMPLATE_MARKUP)
		return err_set(
		    e, "%d: %s is markup: {{%s:none}}", m->line, n, n);
	if (use == TEMPLATE_INCLUDE)
		return err_set(
		    e, "%d: %s is an include: {{>%s}}", m->line, n, n);
	return err_set(
	    e, "%d: %s is a section: {{#%s}}…{{/%s}}", m->line, n, n, n);
}

static int unknown(
    const struct marker *m, const struct template_name *names, struct err *e)
{
	struct arena *a = arena_new();
	struct strings known = {0};
	const char *near;

	for (; names->name != NULL; names++)
		strings_add(a, &known, names->name);
	near = str_nearest(m->name, &known);
	if (near != NULL)
		err_set(e, "%d: nothing is called %s (did you mean %s?)",
		    m->line, m->name, near);
	else
		err_set(e, "%d: nothing is called %s", m->line, m->name);
	arena_free(a);
	return -1;
}

/* The entry of a name; "X_separator" belongs to section X. */
static const struct template_name *find(
    const struct marker *m, const struct template_name *names)
{
	static const char tail[] = "_separator";
	size_t n = strlen(m->name), t = sizeof(tail) - 1;

	if (strchr("#/", m->kind) != NULL && n > t &&
	    strcmp(m->name + n - t, tail) == 0)
		n -= t;
	for (; names->name != NULL; names++)
		if (strlen(names->name) == n &&
		    memcmp(names->name, m->name, n) == 0)
			return names;
	return NULL;
}

static bool unescaped(const struct marker *m)
{
	static const char none[] = ":none";

	return memmem(m->modifiers.p, m->modifiers.n, none, sizeof(none) - 1) !=
	       NULL;
}

static int check_name(struct check *c, const struct marker *m, struct err *e)
{
	static const char builtin[] = "BI_";
	const struct template_name *name = find(m, c->names);
	enum template_use use;

	if (m->kind == ' ' && str_starts(m->name, builtin))
		return 0;
	if (name == NULL)
		return unknown(m, c->names, e);
	use = m->kind == '>'   ? TEMPLATE_INCLUDE
	      : m->kind != ' ' ? TEMPLATE_SECTION
	      : unescaped(m)   ? TEMPLATE_MARKUP
			       : TEMPLATE_TEXT;
	if (use == TEMPLATE_MARKUP && name->use == TEMPLATE_TEXT)
		return err_set(e, "%d: %s must not be printed unescaped",
		    m->line, m->name);
	return use == name->use ? 0 : wrong_use(m, name->use, e);
}

static int check_nesting(struct check *c, const struct marker *m, struct err *e)
{
	struct open_section *top;

	if (m->kind == '#') {
		if (c->depth == DEPTH_MAX)
			return err_set(e,
			    "%d: sections are nested more than "
			    "%d deep",
			    m->line, DEPTH_MAX);
		top = &c->open[c->depth++];
		memcpy(top->name, m->name, sizeof(top->name));
		top->line = m->line;
		return 0;
	}
	if (m->kind != '/')
		return 0;
	if (c->depth == 0)
		return err_set(
		    e, "%d: {{/%s}} closes nothing", m->line, m->name);
	top = &c->open[--c->depth];
	if (strcmp(top->name, m->name) != 0)
		return err_set(e, "%d: {{/%s}} where {{/%s}} of line %d is due",
		    m->line, m->name, top->name, top->line);
	return 0;
}

static int no_pragma(struct err *e)
{
	return err_set(e,
	    "1: the file must begin with {{%s}}, or values would be printed "
	    "unescaped",
	    PRAGMA);
}

static int check_marker(struct check *c, const struct marker *m, struct err *e)
{
	if (m->kind == '!')
		return 0;
	if (m->kind == '=')
		return err_set(e, "%d: markers must stay {{ and }}", m->line);
	if (m->kind == '%' && span_eq(str_trim(m->inside), PRAGMA)) {
		c->escaped = true;
		return 0;
	}
	if (!c->escaped)
		return no_pragma(e);
	if (m->kind == '%')
		return err_set(e, "%d: {{%.*s}} is not allowed", m->line,
		    (int)(m->inside.n > 60 ? 60 : m->inside.n), m->inside.p);
	if (check_name(c, m, e) < 0)
		return -1;
	return check_nesting(c, m, e);
}

int template_check(
    struct span text, const struct template_name *names, struct err *e)
{
	struct check c = {.names = names};
	struct marker m = {0};
	int line = 1, rc;

	if (!str_utf8_valid(text.p, text.n))
		return err_set(e, "1: not UTF-8");
	while ((rc = next_marker(&text, &line, &m, e)) > 0)
		if (check_marker(&c, &m, e) < 0)
			return -1;
	if (rc < 0)
		return -1;
	if (c.depth > 0)
		return err_set(e, "%d: {{#%s}} is never closed",
		    c.open[c.depth - 1].line, c.open[c.depth - 1].name);
	if (!c.escaped)
		return no_pragma(e);
	return 0;
}
