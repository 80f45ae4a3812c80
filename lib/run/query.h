/*
 * Panels with query: their rows, and what their kinds make of them.
 */
#ifndef RUN_QUERY_H
#define RUN_QUERY_H

#include "run/plan_sql.h"

/* One connection for all panels, opened by the first that asks. */
struct query {
	const struct plan *plan;
	int64_t at; /* the moment that is over; 0: now */
	struct store_sql *sql;
};

void query_close(struct query *);

/* The rows of any question; none before the fields of a source are known. */
must_use int query_ask(struct query *, const struct store_question *,
    struct arena *, struct answer **, struct err *);

/*
 * Asks, and puts rows, series and table into the input; its view reaches back
 * to the oldest row, however young the memory is. The message names page,
 * panel and what SQLite says.
 */
must_use int query_gather(struct query *, const struct plan_panel *,
    struct panel_input *, struct arena *, struct err *);

#endif
