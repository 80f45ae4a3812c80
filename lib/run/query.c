#include "run/query.h"
#include "panel/answer.h"
#include "panel/derive.h"
#include "run/compose_map.h"

/* Of one query: it may cost a second or two, and some memory. */
#define QUERY_STEPS 50000000
#define QUERY_ROWS  20000
#define QUERY_BYTES ((size_t)16 * 1024 * 1024)

void query_close(struct query *q)
{
	store_sql_close(q->sql);
	q->sql = NULL;
}

/* Rows may be older than the first run: they came as records. */
static void reach_back(struct panel_input *in)
{
	int64_t oldest = answer_oldest(in->answer);
	int64_t least = in->now - in->period;

	if (oldest < in->from)
		in->from = oldest > least ? oldest : least;
}

/*
 * Where a query's rows are wanted from: before the view, if means and
 * changes are made of them; before each moment as much again.
 */
static int64_t start(
    const struct panel_kind *kind, const struct panel_input *in)
{
	const struct panel_wish wish = wish_of(kind, in);
	int64_t from =
	    in->now - in->period - derive_reach(in->common, in->period);

	from -= wish.reach;
	for (size_t i = 0; i < wish.n_moments; i++) {
		int64_t before = wish.moments[i] - (in->now - wish.moments[i]);

		from = before < from ? before : from;
	}
	return from;
}

int query_ask(struct query *q, const struct store_question *question,
    struct arena *a, struct answer **answer, struct err *e)
{
	if (q->sql == NULL && plan_open_sql(q->plan, "query", QUERY_STEPS,
				  q->at, &q->sql, e) != 0)
		return -1;
	if (store_sql_ask(q->sql, question, a, answer, e) != 0 &&
	    e->code != SQL_UNKNOWN_YET)
		return -1;
	return 0;
}

static int ask(struct query *q, const struct panel_kind *kind,
    struct panel_input *in, struct arena *a, struct err *e)
{
	const struct store_question question = {
	    .sql = in->common->query,
	    .from = start(kind, in),
	    .to = in->to,
	    .name = in->choose,
	    .word = in->choice,
	    .max_rows = QUERY_ROWS,
	    .max_bytes = QUERY_BYTES,
	};
	struct answer *answer;

	if (query_ask(q, &question, a, &answer, e) != 0)
		return -1;
	in->answer = answer;
	reach_back(in);
	return 0;
}

/* As of the moments wished for. */
static int use_then(const struct panel_kind *kind, struct panel_input *in,
    struct arena *a, struct err *e)
{
	const struct panel_wish wish = wish_of(kind, in);

	for (size_t i = 0; i < wish.n_moments; i++) {
		const struct answer_view view = {
		    wish.moments[i], wish.moments[i], in->common->unit};
		struct series *then;

		if (series_of_answer(
			a, in->answer, &view, &then, &in->n_then[i], e) != 0)
			return -1;
		in->then[i] = then;
	}
	return 0;
}

/* The rows in the place of series and table. */
static int use(const struct panel_kind *kind, struct panel_input *in,
    struct arena *a, struct err *e)
{
	const unsigned needs = kind->needs;
	const struct answer_view view = {
	    in->from - derive_reach(in->common, in->period),
	    in->to,
	    in->common->unit,
	};
	struct series *series;

	if ((needs & NEEDS_TABLE) != 0)
		in->table = table_of_answer(a, in->answer, in->common->unit);
	if ((needs & NEEDS_SERIES) == 0 || (needs & NEEDS_ROWS) != 0 ||
	    in->common->rows)
		return 0;
	if (series_of_answer(a, in->answer, &view, &series, &in->n_series, e) !=
	    0)
		return -1;
	in->series = series;
	return use_then(kind, in, a, e);
}

int query_gather(struct query *q, const struct plan_panel *p,
    struct panel_input *in, struct arena *a, struct err *e)
{
	if (ask(q, p->kind, in, a, e) == 0 && use(p->kind, in, a, e) == 0)
		return 0;
	return err_context(e, "page %s, panel %s", p->page,
	    p->title[0] != '\0' ? p->title : p->id);
}
