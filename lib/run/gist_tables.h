/*
 * Tables and records for gist.h, as text.
 */
#ifndef RUN_GIST_TABLES_H
#define RUN_GIST_TABLES_H

#include "model/gist.h"
#include "run/plan.h"

struct table_wish {
	const char *source;	    /* or a glob of them */
	const char *name;	    /* NULL: records */
	const struct node *columns; /* the only ones; NULL: all */
};

struct tables_wanted {
	bool all;
	struct table_wish *items;
	size_t n, cap;
};

/* What a panel that shows a table or records asks for. */
void tables_want(
    struct arena *, struct tables_wanted *, const struct plan_panel *);

must_use int tables_gather(const struct plan *, struct store *, int64_t at,
    const struct tables_wanted *, struct arena *, struct gist *, struct err *);

#endif
