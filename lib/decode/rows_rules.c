#include "base/clock.h"
#include "decode/rows_private.h"

#include <assert.h>
#include <string.h>

static bool is_in(const struct strings *list, const char *name)
{
	for (size_t i = 0; i < list->n; i++)
		if (str_eq(list->items[i], name))
			return true;
	return false;
}

static int all_there(
    const struct rows *r, const struct strings *list, struct err *e)
{
	for (size_t i = 0; i < list->n; i++) {
		bool found = false;

		for (size_t k = 0; k < r->n; k++)
			found = found || str_eq(r->names[k], list->items[i]);
		if (!found)
			return rows_no_column(r, list->items[i], e);
	}
	return 0;
}

static bool has_unit(const struct rows_spec *s, const char *name)
{
	for (size_t i = 0; i < s->units.n; i++)
		if (str_eq(s->units.items[i].key, name))
			return true;
	return false;
}

int rows_find_rules(struct rows *r, struct err *e)
{
	const struct rows_spec *s = r->spec;
	const struct rows_rules *rules = &s->rules;

	for (size_t i = 0; i < r->n; i++)
		r->columns[i] = (struct rows_column){
		    .required = is_in(&rules->required, r->names[i]),
		    .fill = is_in(&rules->fill, r->names[i]),
		    .series = is_in(&rules->series, r->names[i]),
		    .number = (s->typed || s->as == AS_RECORDS) &&
			      has_unit(s, r->names[i]),
		};
	if (all_there(r, &rules->required, e) != 0 ||
	    all_there(r, &rules->fill, e) != 0)
		return -1;
	return all_there(r, &rules->series, e);
}

size_t rows_fill(struct rows *r, struct cell *cells, size_t n)
{
	for (size_t i = 0; i < r->n; i++) {
		struct rows_column *c = &r->columns[i];

		if (!c->fill)
			continue;
		while (n <= i)
			cells[n++] = (struct cell){NULL, false};
		if (rows_is_empty(&cells[i]))
			cells[i] = c->above;
		c->above =
		    (struct cell){arena_strdup(r->out->arena, cells[i].text),
			cells[i].number};
	}
	return n;
}

/* Is it a number to people who write the other sign? */
static bool is_other_decimal(const char *text)
{
	size_t comma = strspn(text, "-0123456789");

	return comma > 0 && text[comma] == ',' && text[comma + 1] != '\0' &&
	       text[comma + 1 + strspn(text + comma + 1, "0123456789")] == '\0';
}

bool rows_fit(struct rows *r, const struct cell *cells, size_t n)
{
	char buf[ROWS_NUMBER_MAX];

	for (size_t i = 0; i < r->n; i++) {
		const struct rows_column *c = &r->columns[i];
		bool empty = i >= n || rows_is_empty(&cells[i]);

		if (empty && c->required) {
			rows_bad(r, "%s %zu has no %s", r->spec->word, r->at,
			    r->names[i]);
			return false;
		}
		if (empty || !c->number ||
		    rows_number(r, &cells[i], buf) != NULL)
			continue;
		rows_bad(r, "%s %zu: %s '%.80s' is not a number%s",
		    r->spec->word, r->at, r->names[i], cells[i].text,
		    is_other_decimal(cells[i].text)
			? " (decimal: ',' would read it)"
			: "");
		return false;
	}
	return true;
}

void rows_check(
    const struct rows_rules *rules, const struct node *n, struct faults *faults)
{
	struct arena *a = faults->arena;
	const char *own = arena_strdup(a, clock_zone());
	struct err e;

	if (rules->zone != NULL && clock_set_zone(rules->zone, &e) != 0)
		fault_at(
		    faults, node_get(n, "time_zone"), "time_zone: %s", e.text);
	rows_leave(own);
}

const char *rows_enter(const struct rows_rules *rules, struct arena *a)
{
	const char *own = arena_strdup(a, clock_zone());
	struct err e;

	if (rules->zone == NULL || clock_set_zone(rules->zone, &e) != 0)
		return NULL;
	return own;
}

void rows_leave(const char *zone)
{
	struct err e;

	if (zone != NULL && clock_set_zone(zone, &e) != 0)
		assert(!"a zone that was set is there");
}
