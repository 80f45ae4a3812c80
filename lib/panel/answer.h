/*
 * From the rows of a query to what kinds of panel are made from. Pure.
 *
 * Series: the first column is ts: seconds since 1970, ISO 8601, or a local
 * date or time; each other one is a line, its name the column's. Or the
 * columns are ts, series and value: a line for each series. Rows may come in
 * any order, of the same time the last one counts, NULL is nothing. Where
 * the first column is not ts, the last row counts, as of `to`.
 *
 * Nobody says how often such a series has values: `every` is what nine of
 * ten of its distances do not exceed. So a chart is broken where values
 * are missing that used to come, and not between irregular ones.
 */
#ifndef PANEL_ANSWER_H
#define PANEL_ANSWER_H

#include "panel/panel.h"

#define ANSWER_SERIES_MAX 1000

struct answer_view {
	int64_t from, to;
	const char *unit; /* of all series; NULL: none */
};

must_use int series_of_answer(struct arena *, const struct answer *,
    const struct answer_view *, struct series **, size_t *n, struct err *);

/* Does it begin with ts? */
bool answer_has_time(const struct answer *);

/* The oldest time of its rows, INT64_MAX if there is none. */
int64_t answer_oldest(const struct answer *);

/*
 * The rows as they are; ts is shown as local time. The unit is that of all
 * columns in which everything is a number; NULL: they are plain numbers.
 */
struct table *table_of_answer(
    struct arena *, const struct answer *, const char *unit);

#endif
