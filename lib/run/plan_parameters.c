/*
 * What queries are given by name: an unknown one would be NULL without a word
 * said. They are found as SQLite's tokenizer finds them (sqlite.org: "SQL
 * Language Expressions", parameters), for before a source's fields are known
 * its queries cannot be prepared.
 */
#include "run/plan_sql.h"

#include <ctype.h>
#include <string.h>

static bool in_name(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '$' ||
	       (unsigned char)c >= 0x80;
}

/* Past a text, a quoted name or a comment; one that does not end: all. */
static const char *past(const char *s, const char *end)
{
	const char *p = strstr(s, end);

	return p != NULL ? p + strlen(end) : s + strlen(s);
}

/* Past what begins here, unless it is a parameter: then it is s itself. */
static const char *skip(const char *s)
{
	static const char open[] = "'\"`[";
	static const char *const close[] = {"'", "\"", "`", "]"};
	const char *quote = strchr(open, *s);

	if (quote != NULL)
		return past(s + 1, close[quote - open]);
	if (str_starts(s, "--"))
		return past(s, "\n");
	if (str_starts(s, "/*"))
		return past(s + 2, "*/");
	if (strchr(":@$?", *s) != NULL)
		return s;
	for (s++; in_name(s[-1]) && in_name(*s);)
		s++;
	return s;
}

/* The next parameter, its sign included; NULL: there is none. */
static const char *next(struct arena *a, const char **rest)
{
	const char *s = *rest, *p;
	size_t n = 1;

	while (*s != '\0' && (p = skip(s)) != s)
		s = p;
	if (*s == '\0')
		return NULL;
	while (in_name(s[n]))
		n++;
	*rest = s + n;
	return arena_strndup(a, s, n);
}

static bool is_in(const struct strings *list, const char *s)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->items[i], s))
			return true;
	return false;
}

static void check(const char *sql, const struct strings *known,
    const struct node *at, struct faults *faults)
{
	struct arena *a = faults->arena;
	const char *name, *near, *list = known->items[0];

	for (size_t i = 1; i < known->n; i++)
		list = arena_printf(a, "%s, %s", list, known->items[i]);
	while ((name = next(a, &sql)) != NULL) {
		if (is_in(known, name))
			continue;
		near = str_nearest(name, known);
		fault_at(faults, at,
		    "query: no parameter '%.80s'; there are: %s%s%s%s", name,
		    list, near != NULL ? "; did you mean '" : "",
		    near != NULL ? near : "", near != NULL ? "'?" : "");
	}
}

static void check_page(const struct plan *plan, const struct plan_page *page,
    struct faults *faults)
{
	const struct plan_choose *c = &page->choose;
	struct strings known = {0};

	strings_add(plan->arena, &known, ":from");
	strings_add(plan->arena, &known, ":to");
	if (c->query != NULL)
		check(c->query, &known, node_get(c->node, "query"), faults);
	if (c->name != NULL)
		strings_add(plan->arena, &known,
		    arena_printf(plan->arena, ":%s", c->name));
	for (size_t i = 0; i < page->n_panels; i++)
		if (page->panels[i].common.query != NULL)
			check(page->panels[i].common.query, &known,
			    page->panels[i].query, faults);
}

void plan_check_parameters(const struct plan *plan, struct faults *faults)
{
	for (size_t i = 0; i < plan->n_pages; i++)
		check_page(plan, &plan->pages[i], faults);
}
