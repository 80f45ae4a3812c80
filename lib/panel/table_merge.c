#include "panel/table_merge.h"

#include "base/names.h"

static size_t column_of(
    struct arena *a, struct table *t, struct names *known, struct column c)
{
	size_t at = t->n_columns, cap = at;

	if (!names_add(a, known, c.name, at)) {
		names_find(known, c.name, &at);
		return at;
	}
	/* few, so each addition copies */
	t->columns = arena_copy(a, t->columns, cap * sizeof(*t->columns));
	*arena_push(a, &t->columns, &t->n_columns, &cap) = c;
	return at;
}

static void add_rows(struct arena *a, struct table *t,
    const struct found_table *f, const size_t *place)
{
	for (size_t r = 0; r < f->table->n_rows; r++) {
		const char **row = arena_array(a, t->n_columns, sizeof(*row));

		row[0] = f->source;
		for (size_t i = 0; i < f->table->n_columns; i++)
			row[place[i]] = f->table->rows[r][i];
		*arena_push(a, &t->rows, &t->n_rows, &t->cap_rows) = row;
	}
	t->left_out += f->table->left_out;
}

struct table *table_merge(
    struct arena *a, const struct found_table *found, size_t n)
{
	struct table *t = arena_make(a, struct table);
	size_t **places = arena_array(a, n, sizeof(*places));
	struct names known = {0};

	if (n == 0)
		return NULL;
	t->name = "";
	column_of(a, t, &known, (struct column){MERGED_SOURCE, ""});
	for (size_t k = 0; k < n; k++) {
		const struct table *from = found[k].table;

		places[k] = arena_array(a, from->n_columns, sizeof(size_t));
		for (size_t i = 0; i < from->n_columns; i++)
			places[k][i] =
			    column_of(a, t, &known, from->columns[i]);
	}
	for (size_t k = 0; k < n; k++)
		add_rows(a, t, &found[k], places[k]);
	return t;
}

/* What is compared with each other: a column of one thing. */
struct group {
	size_t most;	   /* sources that have the commonest value */
	const char *value; /* that one */
};

struct comparison {
	struct arena *arena;
	const struct table *table;
	bool keyed;
	struct names groups, values;
	struct group *group;
	size_t *count; /* by value */
	size_t n_groups, cap_groups, n_values, cap_values;
};

static const char *text_of(const struct table *t, size_t row, size_t i)
{
	return t->rows[row][i] != NULL ? t->rows[row][i] : "";
}

/* The length keeps names apart that hold the separator. */
static const char *group_name(
    const struct comparison *c, size_t row, size_t column)
{
	return arena_printf(c->arena, "%zu %s", column,
	    c->keyed ? text_of(c->table, row, 1) : "");
}

static struct group *group_at(
    struct comparison *c, size_t row, size_t column, const char **name)
{
	size_t at = c->n_groups;

	*name = group_name(c, row, column);
	if (names_add(c->arena, &c->groups, *name, at))
		*arena_push(c->arena, &c->group, &c->n_groups, &c->cap_groups) =
		    (struct group){0};
	else
		names_find(&c->groups, *name, &at);
	return &c->group[at];
}

static void count(struct comparison *c, size_t row, size_t column)
{
	const char *value = text_of(c->table, row, column), *name;
	struct group *g = group_at(c, row, column, &name);
	size_t at = c->n_values;

	name = arena_printf(c->arena, "%s\n%s", name, value);
	if (names_add(c->arena, &c->values, name, at))
		*arena_push(c->arena, &c->count, &c->n_values, &c->cap_values) =
		    0;
	else
		names_find(&c->values, name, &at);
	if (++c->count[at] > g->most) {
		g->most = c->count[at];
		g->value = value;
	}
}

static bool several_rows(struct arena *a, const struct table *t)
{
	struct names seen = {0};

	for (size_t r = 0; r < t->n_rows; r++)
		if (!names_add(a, &seen, t->rows[r][0], 0))
			return true;
	return false;
}

bool *table_differences(struct arena *a, const struct table *t, size_t *n)
{
	bool *differs = arena_array(a, t->n_rows * t->n_columns, sizeof(bool));
	struct comparison c = {
	    .arena = a, .table = t, .keyed = several_rows(a, t)};
	const char *name;

	*n = 0;
	for (size_t r = 0; r < t->n_rows; r++)
		for (size_t i = 1 + c.keyed; i < t->n_columns; i++)
			count(&c, r, i);
	for (size_t r = 0; r < t->n_rows; r++) {
		for (size_t i = 1 + c.keyed; i < t->n_columns; i++) {
			bool d = !str_eq(
			    text_of(t, r, i), group_at(&c, r, i, &name)->value);

			differs[r * t->n_columns + i] = d;
			*n += d;
		}
	}
	return differs;
}
