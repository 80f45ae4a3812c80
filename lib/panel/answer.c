#include "panel/answer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/names.h"
#include "decode/moment.h"
#include "panel/pace.h"

/* Series while they are gathered. */
struct growing {
	struct series series;
	size_t cap;
	bool unsorted;
};

struct gatherer {
	struct arena *arena;
	const struct answer *answer;
	const struct answer_view *view;
	struct growing *all;
	size_t n, cap;
	struct names names; /* of the series: positions */
};

bool answer_has_time(const struct answer *a)
{
	return answer_column(a, "ts") == 0;
}

static bool time_of(const struct answer_cell *c, int64_t *ts)
{
	return c->type != ANSWER_NULL && moment_parse(c->text, NULL, ts);
}

int64_t answer_oldest(const struct answer *a)
{
	int64_t oldest = INT64_MAX, ts;

	for (size_t i = 0; i < a->n_rows && answer_has_time(a); i++)
		if (time_of(&a->rows[i][0], &ts) && ts < oldest)
			oldest = ts;
	return oldest;
}

static struct series named(const struct gatherer *g, const char *name)
{
	const char *slash = strchr(name, '/');

	return (struct series){
	    .name = name,
	    .source = slash == NULL ? ""
				    : arena_strndup(g->arena, name,
					  (size_t)(slash - name)),
	    .metric = slash == NULL ? name : slash + 1,
	    .unit = g->view->unit != NULL ? g->view->unit : "",
	    .last = NAN,
	};
}

/* A series by its name, made if it is new. NULL: too many. */
static struct growing *place(
    struct gatherer *g, const char *name, struct err *e)
{
	struct growing *s;
	size_t at;

	if (names_find(&g->names, name, &at))
		return &g->all[at];
	if (g->n == ANSWER_SERIES_MAX) {
		err_set(e, "query: more than %d series", ANSWER_SERIES_MAX);
		return NULL;
	}
	names_add(g->arena, &g->names, name, g->n);
	s = arena_push(g->arena, &g->all, &g->n, &g->cap);
	s->series = named(g, name);
	return s;
}

/* A number, or text that is one, as documents give it. NULL is a hole. */
static int number_of(const struct gatherer *g, const struct answer_cell *c,
    size_t column, double *v, struct err *e)
{
	*v = c->number;
	if (c->type != ANSWER_TEXT || str_number(c->text, v))
		return 0;
	return err_set(e, "query: column %s holds '%.40s', which is no number",
	    g->answer->columns[column], c->text);
}

static void add(struct gatherer *g, struct growing *s, int64_t ts, double v)
{
	struct series *out = &s->series;

	if (!isfinite(v) || ts > g->view->to)
		return;
	if (out->last_ts <= ts) {
		out->last_ts = ts;
		out->last = v;
	}
	if (ts < g->view->from)
		return;
	s->unsorted |= out->n > 0 && out->points[out->n - 1].ts >= ts;
	*arena_push(g->arena, &out->points, &out->n, &s->cap) =
	    (struct point){ts, v, v, v};
}

static int take_row(struct gatherer *g, const struct answer_cell *row,
    int64_t ts, size_t first, struct err *e)
{
	struct growing *s;
	double v;

	for (size_t i = first; i < g->answer->n_columns; i++) {
		if (number_of(g, &row[i], i, &v, e) != 0 ||
		    (s = place(g, g->answer->columns[i], e)) == NULL)
			return -1;
		add(g, s, ts, v);
	}
	return 0;
}

/* ts, series, value */
static int take_named(struct gatherer *g, const struct answer_cell *row,
    int64_t ts, struct err *e)
{
	struct growing *s;
	double v;

	if (row[1].type == ANSWER_NULL)
		return 0;
	if (number_of(g, &row[2], 2, &v, e) != 0 ||
	    (s = place(g, row[1].text, e)) == NULL)
		return -1;
	add(g, s, ts, v);
	return 0;
}

static bool is_long(const struct answer *a)
{
	return a->n_columns == 3 && answer_column(a, "series") == 1 &&
	       answer_column(a, "value") == 2;
}

static int take_rows(struct gatherer *g, struct err *e)
{
	const struct answer *a = g->answer;
	bool named = is_long(a);

	for (size_t i = 0; i < a->n_rows; i++) {
		const struct answer_cell *row = a->rows[i];
		int64_t ts;

		if (row[0].type == ANSWER_NULL)
			continue;
		if (!time_of(&row[0], &ts))
			return err_set(e,
			    "query: ts is '%.40s', which is no time",
			    row[0].text);
		if ((named ? take_named(g, row, ts, e)
			   : take_row(g, row, ts, 1, e)) != 0)
			return -1;
	}
	return 0;
}

static int by_time(const void *a, const void *b)
{
	const struct point *x = a, *y = b;

	return (x->ts > y->ts) - (x->ts < y->ts);
}

/* By time; of equal ones the last to come stays: max holds its turn. */
static void tidy(struct growing *g)
{
	struct series *s = &g->series;
	size_t kept = 0;

	if (!g->unsorted)
		return;
	for (size_t i = 0; i < s->n; i++)
		s->points[i].max = (double)i;
	qsort(s->points, s->n, sizeof(*s->points), by_time);
	for (size_t i = 0; i < s->n; i++) {
		struct point *last = kept > 0 ? &s->points[kept - 1] : NULL;

		if (last == NULL || last->ts < s->points[i].ts)
			s->points[kept++] = s->points[i];
		else if (last->max < s->points[i].max)
			*last = s->points[i];
	}
	s->n = kept;
	for (size_t i = 0; i < s->n; i++)
		s->points[i].max = s->points[i].mean;
}

int series_of_answer(struct arena *a, const struct answer *answer,
    const struct answer_view *view, struct series **out, size_t *n,
    struct err *e)
{
	struct gatherer g = {.arena = a, .answer = answer, .view = view};
	int rc = 0;

	if (answer_has_time(answer))
		rc = take_rows(&g, e);
	else if (answer->n_rows > 0)
		rc = take_row(
		    &g, answer->rows[answer->n_rows - 1], view->to, 0, e);
	*n = g.n;
	*out = arena_array(a, g.n, sizeof(**out));
	for (size_t i = 0; i < g.n; i++) {
		tidy(&g.all[i]);
		(*out)[i] = g.all[i].series;
		(*out)[i].every = series_pace(a, &(*out)[i]);
	}
	return rc;
}

static bool all_numbers(const struct answer *a, size_t column)
{
	bool any = false;

	for (size_t i = 0; i < a->n_rows; i++) {
		const struct answer_cell *c = &a->rows[i][column];

		if (c->type == ANSWER_TEXT)
			return false;
		any |= c->type == ANSWER_NUMBER;
	}
	return any;
}

static bool is_time(const struct answer *a, size_t column)
{
	return answer_column(a, "ts") == (int)column;
}

static const char *cell_text(
    struct arena *a, const struct answer_cell *c, bool time)
{
	int64_t ts;

	if (!time || c->type != ANSWER_NUMBER || !time_of(c, &ts))
		return c->text;
	return clock_format(a, "%Y-%m-%d %H:%M", ts);
}

struct table *table_of_answer(
    struct arena *a, const struct answer *answer, const char *unit)
{
	struct table *t = arena_make(a, struct table);

	t->name = "";
	t->n_columns = answer->n_columns;
	t->n_rows = answer->n_rows;
	t->columns = arena_array(a, t->n_columns, sizeof(*t->columns));
	t->rows = arena_array(a, t->n_rows, sizeof(*t->rows));
	for (size_t c = 0; c < t->n_columns; c++)
		t->columns[c] = (struct column){answer->columns[c],
		    is_time(answer, c) || !all_numbers(answer, c) ? ""
		    : unit != NULL				  ? unit
				   : UNIT_NUMBER};
	for (size_t r = 0; r < t->n_rows; r++) {
		t->rows[r] = arena_array(a, t->n_columns, sizeof(**t->rows));
		for (size_t c = 0; c < t->n_columns; c++)
			t->rows[r][c] = cell_text(
			    a, &answer->rows[r][c], is_time(answer, c));
	}
	return t;
}
