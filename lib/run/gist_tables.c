#include "run/gist_tables.h"

#include <string.h>

#include "run/plan_public.h"

#define ROWS_MAX    5000 /* of one table */
#define RECORDS_MAX 2000

struct tables {
	const struct plan *plan;
	struct store *store;
	int64_t at;
	struct arena *arena;
	struct gist *gist;
};

static void want(struct arena *a, struct tables_wanted *w, const char *source,
    const char *name, const struct node *columns)
{
	*arena_push(a, &w->items, &w->n, &w->cap) =
	    (struct table_wish){source, name, columns};
}

void tables_want(
    struct arena *a, struct tables_wanted *w, const struct plan_panel *p)
{
	const struct panel_common *c = &p->common;
	const struct node *columns = node_get(p->node, "columns");
	bool records = (p->kind->needs & NEEDS_RECORDS) != 0;
	const char *name = records ? NULL : c->table != NULL ? c->table : "";

	if (c->source != NULL)
		want(a, w, c->source, name, columns);
	for (size_t i = 0; i < c->sources.n; i++)
		want(a, w, c->sources.items[i], name, columns);
}

static struct gist_table *begin(
    struct tables *t, const char *source, const char *name)
{
	struct gist_table *f = arena_push(t->arena, &t->gist->tables,
	    &t->gist->n_tables, &t->gist->cap_tables);

	f->source = source;
	f->name = name;
	return f;
}

static const char **add_row(struct tables *t, struct gist_table *f)
{
	const char **row = arena_array(t->arena, f->columns.n, sizeof(*row));

	*arena_push(t->arena, &f->rows, &f->n_rows, &f->cap_rows) = row;
	return row;
}

/*
 * The number of a process says nothing to who compares: a new one is another
 * process of the same program.
 */
static bool is_name(const struct column *c)
{
	return !str_eq(c->name, "pid") && !str_eq(c->name, "ppid");
}

/* A page shows no others: a scalar, a list of them, or a mapping of them. */
static bool is_shown(const struct node *columns, const char *name)
{
	if (columns == NULL)
		return true;
	if (columns->kind == NODE_SCALAR)
		return str_eq(columns->text, name);
	for (size_t i = 0; i < columns->n; i++)
		if (str_eq(columns->kind == NODE_MAP ? columns->keys[i]->text
						     : columns->items[i]->text,
			name))
			return true;
	return false;
}

/* Text alone, but for a first column that may be the rows' key. */
static void take_table(struct tables *t, const char *source,
    const struct table *table, const struct node *shown)
{
	struct gist_table *f = begin(t, source, table->name);
	size_t *from = arena_array(t->arena, table->n_columns, sizeof(*from));

	f->left_out = table->left_out;
	for (size_t i = 0; i < table->n_columns; i++) {
		const struct column *c = &table->columns[i];

		if (!is_name(c) || !is_shown(shown, c->name) ||
		    (i > 0 && c->unit[0] != '\0'))
			continue;
		f->first_number |= c->unit[0] != '\0';
		from[f->columns.n] = i;
		strings_add(t->arena, &f->columns, c->name);
	}
	if (f->columns.n == 0)
		t->gist->n_tables--;
	for (size_t i = 0; f->columns.n > 0 && i < table->n_rows; i++) {
		const char **row;

		if (i == ROWS_MAX) {
			f->left_out += table->n_rows - i;
			break;
		}
		row = add_row(t, f);
		for (size_t c = 0; c < f->columns.n; c++)
			row[c] = table->rows[i][from[c]];
	}
}

static int add_table(struct tables *t, const char *source, const char *name,
    const struct node *shown, struct err *e)
{
	struct table *table;
	int64_t ts;

	if (store_table(
		t->store, t->arena, source, name, t->at, &table, &ts, e) != 0)
		return -1;
	if (table != NULL)
		take_table(t, source, table, shown);
	return 0;
}

static size_t column_of(
    struct tables *t, struct gist_table *f, const struct field *field)
{
	for (size_t i = 1; i < f->columns.n; i++)
		if (str_eq(f->columns.items[i], field->name))
			return i;
	if (f->columns.n == READINGS_COLUMNS_MAX)
		return 0;
	strings_add(t->arena, &f->columns, field->name);
	return f->columns.n - 1;
}

static void take_records(
    struct tables *t, const char *source, const struct records *r)
{
	struct gist_table *f = begin(t, source, "");

	f->records = true;
	f->left_out = r->left_out;
	strings_add(t->arena, &f->columns, "key");
	for (size_t i = 0; i < r->n; i++)
		for (size_t k = 0; k < r->versions[i].n; k++)
			if (!r->versions[i].fields[k].number)
				(void)column_of(
				    t, f, &r->versions[i].fields[k]);
	for (size_t i = 0; i < r->n; i++) {
		const struct version *v = &r->versions[i];
		const char **row = add_row(t, f);

		for (size_t k = 0; k < v->n; k++)
			if (!v->fields[k].number)
				row[column_of(t, f, &v->fields[k])] =
				    v->fields[k].value;
		row[0] = v->key;
	}
}

static int add_records(struct tables *t, const char *source, struct err *e)
{
	struct records_wanted wanted = {
	    .source = source,
	    .from = t->at,
	    .at = t->at,
	    .keys = RECORDS_MAX,
	    .versions = RECORDS_MAX,
	};
	struct records r = {0};

	if (store_records(t->store, t->arena, &wanted, &r, e) != 0)
		return -1;
	if (r.n > 0)
		take_records(t, source, &r);
	return 0;
}

static bool is_there(const struct gist *f, const char *source, const char *name)
{
	struct gist_table t = {.source = source,
	    .name = name != NULL ? name : "",
	    .records = name == NULL};

	for (size_t i = 0; i < f->n_tables; i++)
		if (gist_same_table(&f->tables[i], &t))
			return true;
	return false;
}

static int add_all_of(
    struct tables *t, const struct plan_source *source, struct err *e)
{
	struct strings names = {0};

	for (size_t i = 0; i < t->plan->record_sources.n; i++)
		if (str_eq(t->plan->record_sources.items[i], source->name))
			return add_records(t, source->name, e);
	if (store_table_names(t->store, t->arena, source->name, &names, e) != 0)
		return -1;
	for (size_t i = 0; i < names.n; i++)
		if (add_table(t, source->name, names.items[i], NULL, e) != 0)
			return -1;
	return 0;
}

static int add_wish(struct tables *t, const struct table_wish *w, struct err *e)
{
	for (size_t i = 0; i < t->plan->n_sources; i++) {
		const char *source = t->plan->sources[i].name;

		if (!str_glob(w->source, source) ||
		    plan_hides(t->plan, source) ||
		    is_there(t->gist, source, w->name))
			continue;
		if (w->name == NULL
			? add_records(t, source, e) != 0
			: add_table(t, source, w->name, w->columns, e) != 0)
			return -1;
	}
	return 0;
}

int tables_gather(const struct plan *plan, struct store *store, int64_t at,
    const struct tables_wanted *w, struct arena *a, struct gist *out,
    struct err *e)
{
	struct tables t = {plan, store, at, a, out};

	for (size_t i = 0; w->all && i < plan->n_sources; i++)
		if (!plan_hides(plan, plan->sources[i].name) &&
		    add_all_of(&t, &plan->sources[i], e) != 0)
			return -1;
	for (size_t i = 0; i < w->n; i++)
		if (add_wish(&t, &w->items[i], e) != 0)
			return -1;
	return 0;
}
