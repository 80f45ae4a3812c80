/*
 * The rows of sql sources (model/rowset.h). Columns say by their names what
 * they are: key, ts, metric, value and text, as for the extract: of json.
 */
#include "base/clock.h"
#include "decode/moment.h"
#include "decode/rows.h"
#include "model/rowset.h"

#include <string.h>

struct conf {
	struct strings labels, counters;
	struct pairs units;
	const char *unit;
};

struct reader {
	const struct conf *conf;
	struct rows_spec spec;
	struct rows rows;
	struct readings *out;
	struct err *e;
	bool open;  /* within a query */
	bool begun; /* its columns are known to rows */
	const char *names[ROWS_COLUMNS_MAX];
	struct cell cells[ROWS_COLUMNS_MAX];
	bool label[ROWS_COLUMNS_MAX];
	size_t n_names, n_cells;
};

static int broken(struct err *e)
{
	return err_code(e, OUTCOME_PARSE, "not rows as an sql source has them");
}

static int check_names(const struct reader *r)
{
	for (size_t i = 0; i < r->n_names; i++)
		for (size_t k = 0; k < i; k++)
			if (str_eq(r->names[i], r->names[k])) {
				err_code(r->e, OUTCOME_PARSE,
				    "two columns are called '%.80s'",
				    r->names[i]);
				return err_hint(r->e,
				    "name each by AS: SELECT a.id AS a_id");
			}
	return 0;
}

/* A label that is no column would silently be none. */
static int check_labels(struct reader *r)
{
	const struct strings *labels = &r->conf->labels;

	for (size_t i = 0; i < r->n_names; i++)
		r->label[i] = false;
	for (size_t k = 0; k < labels->n; k++) {
		bool found = false;

		for (size_t i = 0; i < r->n_names; i++)
			if (str_eq(labels->items[k], r->names[i]))
				found = r->label[i] = true;
		if (!found && str_eq(r->spec.name, ""))
			return err_code(r->e, OUTCOME_PARSE,
			    "labels: there is no column '%.80s'",
			    labels->items[k]);
	}
	return 0;
}

/* The columns are known once the first cell comes, or the query ends. */
static int begin(struct reader *r)
{
	r->begun = true;
	if (r->n_names == 0)
		return broken(r->e);
	if (check_names(r) != 0 || check_labels(r) != 0)
		return -1;
	return rows_begin(
	    &r->rows, &r->spec, r->out, r->names, r->n_names, r->e);
}

static int end(struct reader *r)
{
	if (!r->open)
		return 0;
	if (!r->begun && begin(r) != 0)
		return -1;
	if (r->n_cells > 0)
		return broken(r->e);
	if (rows_end(&r->rows, r->e) == 0)
		return 0;
	return r->spec.name[0] != '\0' ? err_context(r->e, "%s", r->spec.name)
				       : -1;
}

static int begin_query(struct reader *r, const char *name)
{
	if (end(r) != 0)
		return -1;
	r->spec.name = name;
	r->open = true;
	r->begun = false;
	r->n_names = 0;
	return 0;
}

static int add_column(struct reader *r, const char *name)
{
	if (!r->open || r->begun)
		return broken(r->e);
	if (r->n_names == ROWS_COLUMNS_MAX)
		return err_code(r->e, OUTCOME_TOO_LARGE, "more than %d columns",
		    ROWS_COLUMNS_MAX);
	r->names[r->n_names++] = name;
	return 0;
}

/*
 * A time without an offset is UTC, which the session's zone is; a date alone
 * is a day of the page's zone.
 */
static bool instant(struct arena *a, const char *text, int64_t *ts)
{
	return moment_parse(arena_printf(a, "%.80sZ", text), "iso", ts) ||
	       moment_parse(text, NULL, ts);
}

/* A time is a number to charts, and local time to people. */
static struct cell time_cell(const struct reader *r, const char *text)
{
	struct arena *a = r->out->arena;
	int64_t ts;

	if (!instant(a, text, &ts))
		return (struct cell){text, false};
	if (r->spec.as == AS_TABLE && strlen(text) <= strlen("2026-11-22"))
		return (struct cell){text, false};
	if (r->spec.as == AS_TABLE)
		return (struct cell){
		    clock_format(a, "%Y-%m-%d %H:%M:%S", ts), false};
	return (struct cell){arena_printf(a, "%lld", (long long)ts), true};
}

static struct cell make_cell(
    const struct reader *r, size_t i, const struct rowset_item *item)
{
	bool samples = r->spec.as == AS_SAMPLES;

	if (item->tag == ROWSET_NULL)
		return (struct cell){NULL, false};
	if (item->tag == ROWSET_TIME ||
	    (item->tag == ROWSET_TEXT && (int)i == r->rows.time))
		return time_cell(r, item->text);
	if (samples && r->label[i])
		return (struct cell){item->text, false};
	/* with labels: no other text is one */
	if (samples && item->tag == ROWSET_TEXT && r->conf->labels.n > 0 &&
	    (int)i != r->rows.metric)
		return (struct cell){NULL, false};
	return (struct cell){item->text, item->tag == ROWSET_NUMBER};
}

static int add_cell(struct reader *r, const struct rowset_item *item)
{
	if (!r->open || (!r->begun && begin(r) != 0))
		return r->open ? -1 : broken(r->e);
	r->cells[r->n_cells] = make_cell(r, r->n_cells, item);
	if (++r->n_cells < r->n_names)
		return 0;
	r->n_cells = 0;
	r->rows.at++;
	return rows_add(&r->rows, r->cells, r->n_names, r->e);
}

static int add(struct reader *r, const struct rowset_item *item)
{
	switch (item->tag) {
	case ROWSET_QUERY:
		return begin_query(r, item->text);
	case ROWSET_COLUMN:
		return add_column(r, item->text);
	default:
		return add_cell(r, item);
	}
}

static int decode(
    const struct decode_input *in, struct readings *out, struct err *e)
{
	const struct conf *c = in->conf;
	struct reader *r = arena_make(out->arena, struct reader);
	struct span rest = {in->body, in->len};
	struct rowset_item item;
	int more;

	r->conf = c;
	r->out = out;
	r->e = e;
	r->spec = (struct rows_spec){
	    .as = in->as == AS_DEFAULT ? AS_SAMPLES : in->as,
	    .word = "row",
	    .key = "key",
	    .time = "ts",
	    .metric = "metric",
	    .value = "value",
	    .text = "text",
	    .strict = true,
	    .unit = c->unit,
	    .units = c->units,
	    .counters = c->counters,
	};
	while ((more = rowset_next(&rest, &item)) == 1)
		if (add(r, &item) != 0)
			return -1;
	return more == 0 ? end(r) : broken(e);
}

#define AT(member) offsetof(struct conf, member)

static const struct option options[] = {
    {"labels", OPTION_LIST, AT(labels),
	.help = "columns that tell samples apart; all that hold text, if left "
		"out"},
    {"unit", OPTION_TEXT, AT(unit), .help = "of every metric"},
    {"units", OPTION_MAP, AT(units),
	.help = "metrics or columns of a table, with the unit of each"},
    {"counters", OPTION_LIST, AT(counters),
	.help = "patterns of the metrics that only ever grow"},
    {0},
};

const struct decoder decoder_sql = {
    .name = "sql",
    .help = "rows of a database; for sql sources, which need not name it",
    .options = options,
    .conf_size = sizeof(struct conf),
    .as = {AS_SAMPLES, AS_RECORDS, AS_TABLE, AS_LINES},
    .decode = decode,
};
