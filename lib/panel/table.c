/*
 * A table of a source, as of its newest run, or one of many sources.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chart/unit.h"
#include "panel/parts.h"
#include "panel/table_merge.h"
#include "panel/table_rows.h"

struct conf {
	const struct node *columns;
	const char *sort;
	int64_t limit;
	struct pairs units, thresholds;
	bool differ, transpose;
};

#define AT(member) offsetof(struct conf, member)

static const struct option options[] = {
    {"columns", OPTION_NODE, AT(columns),
	.help = "which columns, in which order: a list, or a mapping of them "
		"to other titles; by default all"},
    {"sort", OPTION_TEXT, AT(sort),
	.help = "the column to sort by; -cpu is the largest first"},
    {"limit", OPTION_INT, AT(limit), .min = 1, .max = 1000, .deflt = "15",
	.help = "rows to show"},
    {"units", OPTION_MAP, AT(units),
	.help = "a unit for a column, where the data says none or another"},
    {"thresholds", OPTION_MAP, AT(thresholds),
	.help = "a number, size or length of time for a column: figures above "
		"it, or with a '<' before it below it, are an alert"},
    {"differ", OPTION_BOOL, AT(differ),
	.help = "of several sources, mark what is not as most of them have "
		"it"},
    {"transpose", OPTION_BOOL, AT(transpose),
	.help = "turned: a row for each column, headed by the first one's "
		"cells; to compare a few rows of many columns"},
    {0},
};

struct threshold {
	double level;
	bool below;
};

/* "75", "1GB", "90s", "< 10" */
static bool threshold(const char *text, struct threshold *out)
{
	uint64_t bytes;

	out->below = text[0] == '<';
	text += strspn(text, "<> ");
	if (str_number(text, &out->level))
		return true;
	if (str_size(text, &bytes)) {
		out->level = (double)bytes;
		return true;
	}
	return str_duration(text, &out->level);
}

/* A scalar, a list of them, or a mapping of them. */
static bool column_names(const struct node *n)
{
	for (size_t i = 0; n->kind != NODE_SCALAR && i < n->n; i++)
		if (n->items[i]->kind != NODE_SCALAR)
			return false;
	return n->kind == NODE_SCALAR || n->n > 0;
}

static void check(void *conf, const struct panel_common *common,
    const struct node *panel, struct faults *faults)
{
	const struct conf *c = conf;
	const struct node *n = node_get(panel, "thresholds");
	struct threshold t;

	if (common->source == NULL && common->sources.n == 0 &&
	    common->query == NULL)
		fault_at(faults, panel, "a table needs its source:");
	if (common->source != NULL && common->sources.n > 0)
		fault_at(faults, panel,
		    "a table has either one source: or several sources:");
	if (c->columns != NULL && !column_names(c->columns))
		fault_at(faults, c->columns,
		    "columns: a list of columns, or a mapping of them to "
		    "titles, is wanted here");
	for (size_t i = 0; i < c->thresholds.n; i++)
		if (!threshold(c->thresholds.items[i].value, &t))
			fault_at(faults, n,
			    "thresholds: '%.80s' is not a number, size or "
			    "length of time",
			    c->thresholds.items[i].value);
}

/* A column as it is shown. */
struct shown {
	size_t from; /* in the table */
	const char *title, *unit;
	bool number;
	int decimals; /* in common; -1: by value */
	bool limited; /* by */
	struct threshold limit;
};

struct view {
	struct arena *arena;
	const struct table *table;
	const char ***rows; /* sorted */
	struct shown *columns;
	size_t n_columns;
	bool turned;   /* every cell bears its unit */
	bool *differs; /* n_rows × columns of the table, or NULL */
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

static int no_column(const struct view *v, const struct panel_input *in,
    const char *name, struct err *e)
{
	const struct panel_common *c = in->common;
	const char *has = "";

	for (size_t i = 0; i < v->table->n_columns && i < 12; i++)
		has = arena_printf(v->arena, "%s%s%s", has, i > 0 ? ", " : "",
		    v->table->columns[i].name);
	return err_set(e, "the table of %s has no column '%s'; it has %s",
	    in->answer != NULL	? "the query"
	    : c->source != NULL ? c->source
				: c->sources.items[0],
	    name, has);
}

/* Kilograms and percents have a scale in common, bytes have not. */
static void format_column(struct view *v, struct shown *c)
{
	double most = 0;
	bool whole = true;
	struct unit_scale u;

	for (size_t i = 0; i < v->table->n_rows; i++) {
		double x = table_number(v->table->rows[i][c->from]);

		if (isnan(x))
			continue;
		most = fmax(most, fabs(x));
		whole &= x == floor(x);
	}
	c->decimals = -1;
	u = unit_scale(v->arena, c->unit, most);
	if (u.scales || u.clock)
		return;
	c->decimals = whole					? 0
		      : unit_is_percent(c->unit) || most >= 100 ? 1
								: 2;
}

/* The i-th column that is asked for, and its title. */
static const char *asked(const struct node *n, size_t i, const char **title)
{
	if (n->kind == NODE_SCALAR)
		return *title = n->text;
	*title = n->items[i]->text;
	return n->kind == NODE_MAP ? n->keys[i]->text : n->items[i]->text;
}

static const char *value_of(const struct pairs *p, const char *key)
{
	for (size_t i = 0; i < p->n; i++)
		if (str_eq(p->items[i].key, key))
			return p->items[i].value;
	return NULL;
}

static void set_column(
    struct view *v, const struct conf *c, struct shown *col, const char *title)
{
	const struct column *from = &v->table->columns[col->from];
	const char *unit = value_of(&c->units, from->name);
	const char *limit = value_of(&c->thresholds, from->name);

	col->title = title != NULL ? title : from->name;
	col->unit = unit != NULL ? unit : from->unit;
	col->limited = limit != NULL && threshold(limit, &col->limit);
	col->number =
	    col->limited || (col->unit != NULL && col->unit[0] != '\0');
	format_column(v, col);
}

static int check_columns(const struct view *v, const struct panel_input *in,
    const struct pairs *p, struct err *e)
{
	size_t at;

	for (size_t i = 0; i < p->n; i++)
		if (!find(v->table, p->items[i].key, &at))
			return no_column(v, in, p->items[i].key, e);
	return 0;
}

static int choose_columns(
    struct view *v, const struct panel_input *in, struct err *e)
{
	const struct conf *c = in->conf;
	const struct node *n = c->columns;

	v->n_columns = n == NULL		? v->table->n_columns
		       : n->kind == NODE_SCALAR ? 1
						: n->n;
	v->columns = arena_array(v->arena, v->n_columns, sizeof(*v->columns));
	for (size_t i = 0; i < v->n_columns; i++) {
		const char *title = NULL, *name;

		v->columns[i].from = i;
		name = n != NULL ? asked(n, i, &title) : NULL;
		if (name != NULL && !find(v->table, name, &v->columns[i].from))
			return no_column(v, in, name, e);
		set_column(v, c, &v->columns[i], title);
	}
	if (check_columns(v, in, &c->units, e) != 0)
		return -1;
	return check_columns(v, in, &c->thresholds, e);
}

static int sort(struct view *v, const struct panel_input *in, struct block *b,
    struct err *e)
{
	const struct conf *c = in->conf;
	size_t column;
	int sign = 1;
	const char *name = c->sort;

	v->rows = arena_copy(
	    v->arena, v->table->rows, v->table->n_rows * sizeof(*v->rows));
	if (name == NULL || name[0] == '\0')
		return 0;
	if (!find(v->table, name, &column)) {
		if (name[0] != '-' || !find(v->table, name + 1, &column))
			return no_column(v, in, name, e);
		sign = -1;
		name++;
	}
	table_sort(v->arena, v->rows, v->table->n_rows, column, sign);
	b->note = arena_printf(v->arena, "by %s", name);
	return 0;
}

static bool past(const struct shown *c, double x)
{
	return c->limited &&
	       (c->limit.below ? x < c->limit.level : x > c->limit.level);
}

static const char *with_unit(
    struct arena *a, const char *number, const char *unit)
{
	const char *suffix = unit_scale(a, unit, 0).suffix;

	return suffix[0] == '\0' ? number
				 : arena_printf(a, "%s %s", number, suffix);
}

static struct grid_cell cell_of(
    const struct view *v, const struct shown *c, const char *text)
{
	double x = c->number ? table_number(text) : NAN;
	struct grid_cell cell = {.text = text != NULL ? text : ""};

	if (isnan(x))
		return cell;
	cell.hot = past(c, x);
	cell.text = c->decimals < 0 ? unit_text(v->arena, c->unit, x)
				    : unit_number(v->arena, x, c->decimals);
	if (v->turned && c->decimals >= 0)
		cell.text = with_unit(v->arena, cell.text, c->unit);
	return cell;
}

/* A unit that all figures share is named once, above them. */
static const char *heading(struct view *v, const struct shown *c)
{
	const char *name = c->title;
	struct unit_scale u = unit_scale(v->arena, c->unit, 0);

	if (v->turned || c->decimals < 0 || !c->number ||
	    strchr(name, '%') != NULL)
		return name;
	return u.suffix[0] == '\0'
		   ? name
		   : arena_printf(v->arena, "%s %s", name, u.suffix);
}

static void mark_difference(const struct view *v, size_t row,
    const struct shown *c, struct grid_cell *cell)
{
	if (!v->differs[row * v->table->n_columns + c->from])
		return;
	cell->strong = true;
	cell->text = arena_printf(
	    v->arena, "%s (differs)", cell->text[0] != '\0' ? cell->text : "–");
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
		for (size_t i = 0; i < v->n_columns; i++) {
			g->rows[r][i] = cell_of(
			    v, &v->columns[i], v->rows[r][v->columns[i].from]);
			if (v->differs != NULL)
				mark_difference(
				    v, r, &v->columns[i], &g->rows[r][i]);
		}
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

/* How many figures of a column are past its threshold, of all rows. */
static size_t count_hot(const struct view *v, const struct shown *c)
{
	size_t n = 0;

	for (size_t r = 0; r < v->table->n_rows; r++) {
		double x = table_number(v->rows[r][c->from]);

		n += !isnan(x) && past(c, x);
	}
	return n;
}

static void judge(struct view *v, struct block *b)
{
	const char *words = "";

	for (size_t i = 0; i < v->n_columns; i++) {
		const struct shown *c = &v->columns[i];
		size_t n = c->limited ? count_hot(v, c) : 0;

		if (n > 0)
			words = arena_printf(v->arena, "%s%s%s %s %s in %zu %s",
			    words, words[0] != '\0' ? "; " : "", c->title,
			    c->limit.below ? "below" : "above",
			    unit_text(v->arena, c->unit, c->limit.level), n,
			    n == 1 ? "row" : "rows");
	}
	if (words[0] == '\0' || b->state == PANEL_FAILED)
		return;
	b->state = PANEL_ALERT;
	b->message = words;
}

/* The state of many sources is that of those that fail. */
static void set_state(
    const struct panel_input *in, struct block *b, struct arena *a)
{
	const struct strings *globs = &in->common->sources;
	const char *source = globs->items[0];
	size_t failing = 0, n = 0;
	int64_t newest = 0;

	/* As old as its newest part, and late as that one's source is. */
	for (size_t i = 0; i < in->n_tables; i++) {
		if (in->tables[i].ts <= newest)
			continue;
		newest = in->tables[i].ts;
		source = in->tables[i].source;
	}
	for (size_t i = 0; i < in->n_status; i++) {
		if (!str_glob_any(globs, in->status[i].name))
			continue;
		n++;
		failing += outcome_fails(in->status[i].outcome);
	}
	state_of_source(in, source, newest, b, a);
	if (failing == 0)
		return;
	b->state = PANEL_FAILED;
	b->message =
	    arena_printf(a, "%zu of %zu sources do not answer", failing, n);
}

/* A source that answers, but has no such table: quietly. */
static bool not_available(const struct panel_input *in, const char *source)
{
	for (size_t i = 0; i < in->n_status; i++)
		if (str_eq(in->status[i].name, source))
			return in->status[i].last_ok != 0;
	return false;
}

static const struct table *take(
    const struct panel_input *in, struct block *b, struct arena *a)
{
	const char *source = in->common->source;

	if (in->answer != NULL) {
		state_of_source(in, "", 0, b, a);
		return in->answer->n_rows > 0 ? in->table : NULL;
	}
	if (source == NULL) {
		set_state(in, b, a);
		return table_merge(a, in->tables, in->n_tables);
	}
	state_of_source(in, source, in->table != NULL ? in->table_ts : 0, b, a);
	if (b->state == PANEL_EMPTY && not_available(in, source))
		b->message = "not available";
	return in->table;
}

static void compare_sources(struct view *v, struct block *b)
{
	struct table sorted = *v->table;
	size_t n;

	sorted.rows = v->rows;
	v->differs = table_differences(v->arena, &sorted, &n);
	b->note = n == 0 ? "all the same"
			 : arena_printf(v->arena, "%zu %s", n,
			       n == 1 ? "differs" : "differ");
}

static int build(const struct panel_input *in, struct block *b, struct arena *a,
    struct err *e)
{
	const struct conf *c = in->conf;
	struct view v = {
	    .arena = a, .table = take(in, b, a), .turned = c->transpose};

	if (v.table == NULL)
		return 0;
	if (choose_columns(&v, in, e) != 0 || sort(&v, in, b, e) != 0)
		return -1;
	if (c->differ && in->common->source == NULL)
		compare_sources(&v, b);
	judge(&v, b);
	b->grid = arena_make(a, struct grid);
	fill(&v, (size_t)c->limit, b->grid);
	if (c->transpose)
		b->grid = table_turn(a, b->grid);
	b->numbers = raw(&v);
	return 0;
}

const struct panel_kind panel_table = {
    .name = "table",
    .help = "a table of a source, or of several, as of the newest run",
    .options = options,
    .conf_size = sizeof(struct conf),
    .needs = NEEDS_TABLE | NEEDS_ANSWER | NEEDS_STATUS,
    .check = check,
    .build = build,
};
