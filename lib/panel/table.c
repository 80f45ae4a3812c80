/*
 * A table of a source, as of its newest run.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chart/unit.h"
#include "panel/parts.h"

struct conf {
	struct strings columns;
	const char *sort;
	int64_t limit;
	struct pairs hot;
};

#define AT(member) offsetof(struct conf, member)

static const struct option options[] = {
    {"columns", OPTION_LIST, AT(columns),
	.help = "which columns, in which order; by default all"},
    {"sort", OPTION_TEXT, AT(sort),
	.help = "the column to sort by; -cpu is the largest first"},
    {"limit", OPTION_INT, AT(limit), .min = 1, .max = 1000, .deflt = "15",
	.help = "rows to show"},
    {"hot", OPTION_MAP, AT(hot),
	.help = "a number for a column: figures above it stand out"},
    {0},
};

static void check(void *conf, const struct panel_common *common,
    const struct node *panel, struct faults *faults)
{
	const struct conf *c = conf;
	const struct node *n = node_get(panel, "hot");
	double v;

	if (common->source == NULL)
		fault_at(faults, panel, "a table needs its source:");
	for (size_t i = 0; i < c->hot.n; i++)
		if (!str_number(c->hot.items[i].value, &v))
			fault_at(faults, n, "hot: '%.80s' is not a number",
			    c->hot.items[i].value);
}

/* A column as it is shown. */
struct shown {
	size_t from; /* in the table */
	const char *unit;
	bool number;
	int decimals; /* in common; -1: by value */
	double hot;   /* NaN: never */
};

struct view {
	struct arena *arena;
	const struct table *table;
	const char ***rows; /* sorted */
	struct shown *columns;
	size_t n_columns, n_rows;
};

static bool find(const struct table *t, const char *name, size_t *out)
{
	for (size_t i = 0; i < t->n_columns; i++) {
		if (str_eq(t->columns[i].name, name)) {
			*out = i;
			return true;
		}
	}
	return false;
}

static int no_column(const struct panel_input *in, const char *name,
    struct arena *a, struct err *e)
{
	const char *has = "";

	for (size_t i = 0; i < in->table->n_columns && i < 12; i++)
		has = arena_printf(a, "%s%s%s", has, i > 0 ? ", " : "",
		    in->table->columns[i].name);
	return err_set(e, "the table of %s has no column '%s'; it has %s",
	    in->common->source, name, has);
}

static double number_of(const char *cell)
{
	double v;

	return cell != NULL && str_number(cell, &v) ? v : NAN;
}

/* Kilograms and percents have a scale in common, bytes have not. */
static void format_column(struct view *v, struct shown *c)
{
	double most = 0;
	bool whole = true;

	for (size_t i = 0; i < v->table->n_rows; i++) {
		double x = number_of(v->table->rows[i][c->from]);

		if (isnan(x))
			continue;
		most = fmax(most, fabs(x));
		whole &= x == floor(x);
	}
	c->decimals = -1;
	if (unit_scale(v->arena, c->unit, most).scales)
		return;
	c->decimals = whole					? 0
		      : unit_is_percent(c->unit) || most >= 100 ? 1
								: 2;
}

static int choose_columns(
    struct view *v, const struct panel_input *in, struct err *e)
{
	const struct conf *c = in->conf;
	bool all = c->columns.n == 0;

	v->n_columns = all ? v->table->n_columns : c->columns.n;
	v->columns = arena_array(v->arena, v->n_columns, sizeof(*v->columns));
	for (size_t i = 0; i < v->n_columns; i++) {
		struct shown *col = &v->columns[i];

		col->from = i;
		if (!all && !find(v->table, c->columns.items[i], &col->from))
			return no_column(in, c->columns.items[i], v->arena, e);
		col->unit = v->table->columns[col->from].unit;
		col->number = col->unit != NULL && col->unit[0] != '\0';
		col->hot = NAN;
		format_column(v, col);
	}
	for (size_t k = 0; k < c->hot.n; k++) {
		size_t from;

		if (!find(v->table, c->hot.items[k].key, &from))
			return no_column(in, c->hot.items[k].key, v->arena, e);
		for (size_t i = 0; i < v->n_columns; i++)
			if (v->columns[i].from == from)
				(void)str_number(
				    c->hot.items[k].value, &v->columns[i].hot);
	}
	return 0;
}

struct sorter {
	size_t column;
	int sign;
};

/* Numbers by size, before text by letters; what is empty comes last. */
static int compare(const void *x, const void *y, void *ctx)
{
	const struct sorter *s = ctx;
	const char *a = (*(const char **const *)x)[s->column];
	const char *b = (*(const char **const *)y)[s->column];
	double u = number_of(a), v = number_of(b);
	bool none_a = a == NULL || a[0] == '\0';
	bool none_b = b == NULL || b[0] == '\0';

	if (none_a || none_b)
		return none_a - none_b;
	if (isnan(u) != isnan(v))
		return isnan(u) ? 1 : -1;
	if (!isnan(u))
		return s->sign * ((u > v) - (u < v));
	return strcmp(a, b) < 0 ? -s->sign : strcmp(a, b) > 0 ? s->sign : 0;
}

/* Merge sort of pointers: rows that are equal keep their order. */
static void sort_rows(
    const char ***rows, const char ***spare, size_t n, struct sorter *s)
{
	size_t half = n / 2, i = 0, j = half, k = 0;

	if (n < 2)
		return;
	sort_rows(rows, spare, half, s);
	sort_rows(rows + half, spare, n - half, s);
	while (i < half && j < n)
		spare[k++] =
		    compare(&rows[j], &rows[i], s) < 0 ? rows[j++] : rows[i++];
	while (i < half)
		spare[k++] = rows[i++];
	memcpy(rows, spare, k * sizeof(*rows));
}

static int sort(struct view *v, const struct panel_input *in, struct block *b,
    struct err *e)
{
	const struct conf *c = in->conf;
	struct sorter s = {.sign = 1};
	const char *name = c->sort;

	v->rows = arena_copy(
	    v->arena, v->table->rows, v->table->n_rows * sizeof(*v->rows));
	if (name == NULL || name[0] == '\0')
		return 0;
	if (!find(v->table, name, &s.column)) {
		if (name[0] != '-' || !find(v->table, name + 1, &s.column))
			return no_column(in, name, v->arena, e);
		s.sign = -1;
		name++;
	}
	sort_rows(v->rows,
	    arena_array(v->arena, v->table->n_rows, sizeof(*v->rows)),
	    v->table->n_rows, &s);
	b->note = arena_printf(v->arena, "by %s", name);
	return 0;
}

static struct grid_cell cell_of(
    const struct view *v, const struct shown *c, const char *text)
{
	double x = c->number ? number_of(text) : NAN;
	struct grid_cell cell = {.text = text != NULL ? text : ""};

	if (isnan(x))
		return cell;
	cell.hot = x > c->hot;
	cell.text = c->decimals < 0 ? unit_text(v->arena, c->unit, x)
				    : unit_number(v->arena, x, c->decimals);
	return cell;
}

/* A unit that all figures share is named once, above them. */
static const char *heading(struct view *v, const struct shown *c)
{
	const char *name = v->table->columns[c->from].name;
	struct unit_scale u = unit_scale(v->arena, c->unit, 0);

	if (c->decimals < 0 || !c->number || strchr(name, '%') != NULL)
		return name;
	return arena_printf(v->arena, "%s %s", name, u.suffix);
}

static void fill(struct view *v, size_t limit, struct grid *g)
{
	struct arena *a = v->arena;
	size_t left;

	g->n_columns = v->n_columns;
	g->columns = arena_array(a, v->n_columns, sizeof(*g->columns));
	for (size_t i = 0; i < v->n_columns; i++) {
		g->columns[i].name = heading(v, &v->columns[i]);
		g->columns[i].number = v->columns[i].number;
	}
	g->n_rows = v->table->n_rows < limit ? v->table->n_rows : limit;
	g->rows = arena_array(a, g->n_rows, sizeof(struct grid_cell *));
	for (size_t r = 0; r < g->n_rows; r++) {
		g->rows[r] = arena_array(a, v->n_columns, sizeof(**g->rows));
		for (size_t i = 0; i < v->n_columns; i++)
			g->rows[r][i] = cell_of(
			    v, &v->columns[i], v->rows[r][v->columns[i].from]);
	}
	left = v->table->n_rows - g->n_rows + v->table->left_out;
	if (left > 0)
		g->foot =
		    arena_printf(a, "and %s more", unit_whole(a, (double)left));
}

/* All rows as they came: the table on the page is an excerpt. */
static struct numbers *raw(const struct view *v)
{
	const struct table *t = v->table;
	struct numbers *n = arena_make(v->arena, struct numbers);

	n->text = true;
	n->n_columns = t->n_columns;
	n->columns = arena_array(v->arena, t->n_columns, sizeof(*n->columns));
	for (size_t i = 0; i < t->n_columns; i++)
		n->columns[i] = t->columns[i].name;
	n->n_rows = t->n_rows;
	n->cells = v->rows;
	for (size_t r = 0; r < t->n_rows; r++)
		for (size_t i = 0; i < t->n_columns; i++)
			if (v->rows[r][i] == NULL)
				v->rows[r][i] = "";
	return n;
}

static int build(const struct panel_input *in, struct block *b, struct arena *a,
    struct err *e)
{
	const struct conf *c = in->conf;
	struct view v = {.arena = a, .table = in->table};

	state_of_source(
	    in, in->common->source, in->table != NULL ? in->table_ts : 0, b, a);
	if (in->table == NULL)
		return 0;
	if (choose_columns(&v, in, e) != 0 || sort(&v, in, b, e) != 0)
		return -1;
	b->grid = arena_make(a, struct grid);
	fill(&v, (size_t)c->limit, b->grid);
	b->numbers = raw(&v);
	return 0;
}

const struct panel_kind panel_table = {
    .name = "table",
    .help = "a table of a source, as of its newest run",
    .options = options,
    .conf_size = sizeof(struct conf),
    .needs = NEEDS_TABLE | NEEDS_STATUS,
    .check = check,
    .build = build,
};
