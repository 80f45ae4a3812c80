#include "output/gist.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

#define SERIES_MAX   200000
#define TABLES_MAX   2000
#define ROWS_MAX     20000
#define ALERTS_MAX   10000
#define PATTERNS_MAX 10000
#define SOURCES_MAX  20000
#define WINDOW_MAX   (366 * 86400)
#define MOMENT_MAX   253402300800 /* the year 10000 */

struct reading {
	struct arena *arena;
	struct gist *gist;
};

static const char *text_or_null(struct reading *r, const struct json *j)
{
	const char *s = json_text_of(j);
	char *clean;

	if (s == NULL)
		return NULL;
	clean = str_clean(r->arena, s, strlen(s), READING_TEXT_MAX);
	str_one_line(clean);
	return clean;
}

static const char *text(struct reading *r, const struct json *j)
{
	const char *s = text_or_null(r, j);

	return s == NULL ? "" : s;
}

/* Whole, from 0 to max; 0 if it is none. */
static int64_t whole(const struct json *j, double max)
{
	double v = json_number_of(j);

	return v >= 0 && v <= max ? (int64_t)v : 0;
}

static size_t count(const struct json *j)
{
	return (size_t)whole(j, 1e12);
}

static int64_t moment(const struct json *j)
{
	return whole(j, MOMENT_MAX);
}

static size_t parts(const struct json *j, size_t max)
{
	size_t n = json_count(j);

	return n < max ? n : max;
}

static void texts(
    struct reading *r, const struct json *j, size_t max, struct strings *out)
{
	for (size_t i = 0; i < parts(j, max); i++)
		strings_add(r->arena, out, text(r, json_at(j, i)));
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct gist_series *)a)->name,
	    ((const struct gist_series *)b)->name);
}

static void series(struct reading *r, const struct json *all)
{
	struct gist *f = r->gist;

	for (size_t i = 0; i < parts(all, SERIES_MAX); i++) {
		const struct json *j = json_at(all, i);
		struct gist_series s = {
		    .name = text(r, json_at(j, 0)),
		    .unit = text(r, json_at(j, 1)),
		    .median = json_number_of(json_at(j, 2)),
		    .n = count(json_at(j, 3)),
		    .spread = json_number_of(json_at(j, 4)),
		    .known = count(json_at(j, 5)),
		};

		if (isnan(s.median))
			s.n = 0;
		*arena_push(
		    r->arena, &f->series, &f->n_series, &f->cap_series) = s;
	}
	if (f->n_series > 1)
		qsort(f->series, f->n_series, sizeof(*f->series), by_name);
}

static void rows(
    struct reading *r, const struct json *all, struct gist_table *t)
{
	size_t n = t->columns.n;

	for (size_t i = 0; i < parts(all, ROWS_MAX); i++) {
		const struct json *j = json_at(all, i);
		const char **row;

		if (json_count(j) != n)
			continue;
		row = arena_array(r->arena, n, sizeof(*row));
		for (size_t c = 0; c < n; c++)
			row[c] = text_or_null(r, json_at(j, c));
		*arena_push(r->arena, &t->rows, &t->n_rows, &t->cap_rows) = row;
	}
}

static bool is_known(const struct gist *f, const struct gist_table *t)
{
	for (size_t i = 0; i < f->n_tables; i++)
		if (gist_same_table(&f->tables[i], t))
			return true;
	return false;
}

static void tables(struct reading *r, const struct json *all)
{
	struct gist *f = r->gist;

	for (size_t i = 0; i < parts(all, TABLES_MAX); i++) {
		const struct json *j = json_at(all, i);
		struct gist_table t = {
		    .source = text(r, json_get(j, "source")),
		    .name = text(r, json_get(j, "name")),
		    .records = json_true_of(json_get(j, "records")),
		    .first_number = json_true_of(json_get(j, "first_number")),
		    .left_out = count(json_get(j, "left_out")),
		};

		if (is_known(f, &t))
			continue;
		texts(r, json_get(j, "columns"), READINGS_COLUMNS_MAX,
		    &t.columns);
		rows(r, json_get(j, "rows"), &t);
		*arena_push(
		    r->arena, &f->tables, &f->n_tables, &f->cap_tables) = t;
	}
}

static void alerts(struct reading *r, const struct json *all)
{
	struct gist *f = r->gist;

	for (size_t i = 0; i < parts(all, ALERTS_MAX); i++) {
		const struct json *j = json_at(all, i);
		struct alert x = {
		    .rule = text(r, json_get(j, "alert")),
		    .series = text(r, json_get(j, "series")),
		    .message = text(r, json_get(j, "message")),
		    .source = "",
		    .unit = "",
		    .why = "",
		    .note = "",
		    .snapshot = "",
		    .state = ALERT_PENDING,
		    .since = moment(json_get(j, "since")),
		    .fired = moment(json_get(j, "fired")),
		    .ended = moment(json_get(j, "ended")),
		};

		(void)alert_state_parse(
		    text(r, json_get(j, "state")), &x.state);
		(void)alert_severity_parse(
		    text(r, json_get(j, "severity")), &x.severity);
		*arena_push(
		    r->arena, &f->alerts, &f->n_alerts, &f->cap_alerts) = x;
	}
}

static const char *level(const char *word)
{
	return str_eq(word, "error") || str_eq(word, "warn") ? word : "";
}

static void patterns(struct reading *r, const struct json *all)
{
	struct gist *f = r->gist;

	for (size_t i = 0; i < parts(all, PATTERNS_MAX); i++) {
		const struct json *j = json_at(all, i);

		*arena_push(r->arena, &f->patterns, &f->n_patterns,
		    &f->cap_patterns) = (struct gist_pattern){
		    .text = text(r, json_at(j, 0)),
		    .level = level(text(r, json_at(j, 1))),
		    .n = count(json_at(j, 2)),
		    .known = count(json_at(j, 3)),
		    .source = text(r, json_at(j, 4)),
		    .example = text(r, json_at(j, 5)),
		};
	}
}

static void sources(struct reading *r, const struct json *all)
{
	struct gist *f = r->gist;

	for (size_t i = 0; i < parts(all, SOURCES_MAX); i++) {
		const struct json *j = json_at(all, i);
		struct source_status s = {
		    .name = text(r, json_get(j, "source")),
		    .message = text(r, json_get(j, "message")),
		    .hint = "",
		    .since = moment(json_get(j, "since")),
		};

		if (!outcome_parse(text(r, json_get(j, "outcome")), &s.outcome))
			s.outcome = OUTCOME_FAILED;
		*arena_push(
		    r->arena, &f->sources, &f->n_sources, &f->cap_sources) = s;
	}
}

int gist_parse(
    struct arena *a, struct span bytes, struct gist *f, struct err *e)
{
	struct reading r = {a, f};
	struct json *doc = json_parse(bytes.p, bytes.n, e);

	*f = (struct gist){0};
	if (doc == NULL)
		return -1;
	f->at = moment(json_get(doc, "at"));
	f->window = whole(json_get(doc, "window"), WINDOW_MAX);
	f->page = text_or_null(&r, json_get(doc, "page"));
	f->lines_left_out = count(json_get(doc, "lines_left_out"));
	texts(&r, json_get(doc, "panels"), READINGS_COLUMNS_MAX, &f->panels);
	series(&r, json_get(doc, "series"));
	tables(&r, json_get(doc, "tables"));
	alerts(&r, json_get(doc, "alerts"));
	patterns(&r, json_get(doc, "patterns"));
	sources(&r, json_get(doc, "sources"));
	if (whole(json_get(doc, "gist"), 1) != 1 || f->at == 0 ||
	    f->window == 0) {
		json_free(doc);
		return err_set(e, "what it says for comparison is none of "
				  "this version");
	}
	json_free(doc);
	return 0;
}
