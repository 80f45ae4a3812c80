#include "panel/prospect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "decode/moment.h"
#include "forecast/order.h"

#define LATELY	     4	  /* weeks */
#define STEPS	     50	  /* of a slider */
#define LEEWAY	     5400 /* seconds that a week of DST is shorter */
#define DECIMALS_MAX 6

/* Rows in the order of time. */
struct sorted {
	int64_t ts; /* 0: unknown */
	size_t at;
	const struct answer_cell *row;
};

struct reader {
	struct arena *arena;
	const struct prospect_conf *conf;
	const struct panel_input *in;
	struct prospect *out;
	struct sorted *rows;
	size_t n, whole; /* of weeks that are over */
	bool timed;
};

static int by_time(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;

	if (x->ts != y->ts)
		return x->ts < y->ts ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

static int time_column(const struct answer *a)
{
	int at = answer_column(a, "week");

	return at >= 0 ? at : answer_column(a, "ts");
}

static int sort_rows(struct reader *r, struct err *e)
{
	const struct answer *a = r->in->answer;
	int column = time_column(a);

	r->timed = column >= 0;
	r->rows = arena_array(r->arena, a->n_rows, sizeof(*r->rows));
	for (size_t i = 0; i < a->n_rows; i++) {
		struct sorted *s = &r->rows[r->n];
		const struct answer_cell *c =
		    r->timed ? &a->rows[i][column] : NULL;

		*s = (struct sorted){0, i, a->rows[i]};
		if (r->timed && c->type == ANSWER_NULL)
			continue;
		if (r->timed && !moment_parse(c->text, NULL, &s->ts))
			return err_set(e,
			    "training: %s is '%.40s', which is no time",
			    a->columns[column], c->text);
		if (r->timed && s->ts > r->in->now)
			continue;
		r->n++;
	}
	qsort(r->rows, r->n, sizeof(*r->rows), by_time);
	r->whole = r->n;
	while (r->timed && r->whole > 0 &&
	       r->rows[r->whole - 1].ts + PROSPECT_WEEK - LEEWAY > r->in->now)
		r->whole--;
	return 0;
}

static int find_column(
    const struct reader *r, const char *key, const char *name, struct err *e)
{
	int at = answer_column(r->in->answer, name);
	struct strings known = {0};
	const char *near;

	if (at >= 0)
		return at;
	for (size_t i = 0; i < r->in->answer->n_columns; i++)
		strings_add(r->arena, &known, r->in->answer->columns[i]);
	near = str_nearest(name, &known);
	return err_set(e, "%s: the training has no column '%.80s'%s%s%s", key,
	    name, near != NULL ? "; did you mean '" : "",
	    near != NULL ? near : "", near != NULL ? "'?" : "");
}

static int number_at(const struct reader *r, const struct answer_cell *row,
    int column, double *v, struct err *e)
{
	const struct answer_cell *c = &row[column];

	*v = c->number;
	if (c->type != ANSWER_TEXT || str_number(c->text, v))
		return 0;
	return err_set(e,
	    "training: column %s holds '%.40s', which is no number",
	    r->in->answer->columns[column], c->text);
}

/* The columns of names, row by row. */
static int read_matrix(const struct reader *r, const char *key,
    const struct strings *names, double **out, struct err *e)
{
	int *columns = arena_array(r->arena, names->n, sizeof(*columns));
	double *v =
	    arena_array(r->arena, r->whole * names->n + 1, sizeof(double));

	*out = v;
	for (size_t i = 0; i < names->n; i++)
		if ((columns[i] = find_column(r, key, names->items[i], e)) < 0)
			return -1;
	for (size_t i = 0; i < r->whole; i++)
		for (size_t j = 0; j < names->n; j++)
			if (number_at(r, r->rows[i].row, columns[j], v++, e) !=
			    0)
				return -1;
	return 0;
}

static const char *find_pair(const struct pairs *p, const char *key)
{
	for (size_t i = 0; i < p->n; i++)
		if (str_eq(p->items[i].key, key))
			return p->items[i].value;
	return NULL;
}

/* As many decimals as keep `fine` in sight. */
static struct prospect_look look_of(const struct reader *r, const char *unit,
    const char *name, double large, double fine)
{
	struct prospect_look look = {
	    .name = name,
	    .unit = unit != NULL ? unit : "number",
	    .span = str_eq(unit, "seconds"),
	};

	look.scale = unit_scale(r->arena, look.unit, large);
	look.decimals =
	    (int)fmin(fmax(ceil(-log10(fine / look.scale.divisor) - 1e-9), 0),
		DECIMALS_MAX);
	return look;
}

/* 1, 2 or 5 times a power of ten, not above. */
static double round_step(double v)
{
	double power = pow(10, floor(log10(v)));

	return v >= 5 * power ? 5 * power : v >= 2 * power ? 2 * power : power;
}

/* Are they things that are counted? */
static bool all_whole(const struct knn *k, size_t input)
{
	for (size_t i = 0; i < k->n; i++)
		if (k->raw[i * k->n_inputs + input] !=
		    floor(k->raw[i * k->n_inputs + input]))
			return false;
	return true;
}

static struct prospect_input input_of(const struct reader *r, size_t i)
{
	const char *name = r->conf->inputs.items[i];
	const struct knn_input *in = &r->out->knn->inputs[i];
	struct prospect_input out = {0};
	double lo = in->quartiles[0], hi = in->quartiles[4];
	const char *unit = find_pair(&r->conf->units, name);

	if (!(hi > lo))
		hi = lo + 1;
	out.step = round_step((hi - lo) / STEPS);
	if (out.step < 1 && all_whole(r->out->knn, i))
		out.step = 1;
	if (str_eq(unit, "seconds") || str_eq(unit, "duration"))
		out.step = out.step < 60 ? 60 : 300;
	out.low = floor(lo / out.step) * out.step;
	out.high = ceil(hi / out.step) * out.step;
	out.look = look_of(r, unit, name, 0, out.step);
	return out;
}

static int read_level(struct reader *r, const char *column,
    struct prospect_target *t, struct err *e)
{
	int at = find_column(r, "levels", column, e);

	if (at < 0)
		return -1;
	t->past = arena_array(r->arena, r->n + 1, sizeof(*t->past));
	for (size_t i = 0; i < r->n; i++) {
		int64_t end = r->rows[i].ts + PROSPECT_WEEK;
		double v;

		if (number_at(r, r->rows[i].row, at, &v, e) != 0)
			return -1;
		if (!(fabs(v) <= KNN_VALUE_MAX))
			continue;
		t->has_level = true;
		t->level = v;
		if (r->timed && i < r->whole && end < r->in->now)
			t->past[t->n_past++] = (struct point){end, v, v, v};
	}
	if (r->timed && t->has_level)
		t->past[t->n_past++] =
		    (struct point){r->in->now, t->level, t->level, t->level};
	return 0;
}

static int read_target(struct reader *r, size_t i, struct err *e)
{
	const char *name = r->conf->targets.items[i];
	const char *column = find_pair(&r->conf->levels, name);
	const struct knn_target *k = &r->out->knn->targets[i];
	struct prospect_target *t = &r->out->targets[i];
	double fine = k->error > 0 ? k->error : 1;
	const char *unit = find_pair(&r->conf->units, name);

	if (column != NULL && read_level(r, column, t, e) != 0)
		return -1;
	if (column == NULL)
		column = name;
	if (unit == NULL)
		unit = find_pair(&r->conf->units, column);
	t->look = look_of(r, unit, column, t->level, fine);
	return 0;
}

static double *add_plan(struct reader *r, const char *name)
{
	struct prospect *p = r->out;
	double *inputs =
	    arena_array(r->arena, p->knn->n_inputs, sizeof(*inputs));

	p->plans[p->n_plans++] = (struct prospect_plan){name, inputs};
	return inputs;
}

/* As it can be set, and is shown. */
static double rounded(const struct prospect *p, size_t input, double v)
{
	double step = p->inputs[input].step;

	return round(v / step) * step;
}

/* The mean of the last weeks, of one input. */
static double lately(const struct prospect *p, size_t input)
{
	const struct knn *k = p->knn;
	size_t n = k->n < LATELY ? k->n : LATELY;
	double sum = 0;

	for (size_t i = k->n - n; i < k->n; i++)
		sum += k->raw[i * k->n_inputs + input];
	return rounded(p, input, sum / (double)n);
}

/* What a plan does not name stays as lately. */
static void set_inputs(
    const struct reader *r, double *inputs, const struct node *values)
{
	const struct strings *names = &r->conf->inputs;

	for (size_t i = 0; i < names->n; i++) {
		const struct node *v = node_get(values, names->items[i]);

		inputs[i] = lately(r->out, i);
		if (v != NULL)
			(void)prospect_amount(v->text, &inputs[i]);
	}
}

static void typical_plans(struct reader *r)
{
	const struct knn *k = r->out->knn;
	double *easy = add_plan(r, "easy weeks");
	double *last = add_plan(r, "as lately");
	double *hard = add_plan(r, "hard weeks");

	for (size_t i = 0; i < k->n_inputs; i++) {
		easy[i] = rounded(r->out, i, k->inputs[i].quartiles[1]);
		last[i] = lately(r->out, i);
		hard[i] = rounded(r->out, i, k->inputs[i].quartiles[3]);
	}
}

static void make_plans(struct reader *r)
{
	const struct node *plans = r->conf->plans;
	double *first = add_plan(r, "as planned");

	for (size_t i = 0; i < r->conf->inputs.n; i++) {
		const char *v =
		    find_pair(&r->conf->plan, r->conf->inputs.items[i]);

		first[i] = lately(r->out, i);
		if (v != NULL)
			(void)prospect_amount(v, &first[i]);
	}
	for (size_t i = 0; plans != NULL && i < plans->n; i++)
		set_inputs(
		    r, add_plan(r, plans->keys[i]->text), plans->items[i]);
	if (plans == NULL)
		typical_plans(r);
}

static int train(struct reader *r, struct err *e)
{
	struct knn_rows rows = {
	    .n = r->whole,
	    .n_inputs = r->conf->inputs.n,
	    .n_targets = r->conf->targets.n,
	};
	double *inputs, *targets;

	if (read_matrix(r, "inputs", &r->conf->inputs, &inputs, e) != 0 ||
	    read_matrix(r, "targets", &r->conf->targets, &targets, e) != 0)
		return -1;
	rows.inputs = inputs;
	rows.targets = targets;
	r->out->knn = knn_train(r->arena, &rows);
	return 0;
}

int prospect_make(struct arena *a, const struct prospect_conf *conf,
    const struct panel_input *in, struct prospect *p, struct err *e)
{
	struct reader r = {.arena = a, .conf = conf, .in = in, .out = p};

	*p = (struct prospect){
	    .weeks = (size_t)(conf->horizon / (double)PROSPECT_WEEK + 0.5),
	    .now = in->now,
	};
	if (sort_rows(&r, e) != 0 || train(&r, e) != 0)
		return -1;
	p->inputs = arena_array(a, conf->inputs.n, sizeof(*p->inputs));
	p->targets = arena_array(a, conf->targets.n, sizeof(*p->targets));
	for (size_t i = 0; i < conf->inputs.n; i++)
		p->inputs[i] = input_of(&r, i);
	for (size_t i = 0; i < conf->targets.n; i++)
		if (read_target(&r, i, e) != 0)
			return -1;
	if (p->knn->n > 0)
		make_plans(&r);
	return 0;
}

struct outlook prospect_look_ahead(const struct prospect *p, size_t target,
    const struct prospect_plan *plan, size_t weeks)
{
	const struct knn_target *t = &p->knn->targets[target];
	double change = knn_predict(p->knn, target, plan->inputs);
	double growth = weeks > 0 ? t->growth[weeks - 1] : 0;
	double mean = p->targets[target].level + (double)weeks * change;

	return (struct outlook){
	    .change = change,
	    .mean = mean,
	    .low = mean + growth * t->low,
	    .high = mean + growth * t->high,
	};
}
