/*
 * What composing carries from panel to panel. For lib/run/compose.c and
 * gather.c only.
 */
#ifndef RUN_COMPOSER_H
#define RUN_COMPOSER_H

#include "run/compose.h"

struct composer {
	const struct plan *plan;
	struct store *store;
	struct arena *arena;
	int64_t now;
	struct run_history history;
	int64_t lines_to; /* newest time of lines that are shown */
	int64_t first;	  /* of all there is to show; 0: nothing */
	struct source_status *status;
	size_t n_status;
	struct recipient *recipients;
	size_t n_recipients;
	struct alert *alerts;
	size_t n_alerts;
	struct world *world;
	struct query *query; /* for panels of SQL */
	bool explored;	     /* pages lead to the explorer */
	struct views *views; /* of each page */
};

/* The block says why it could not be had. */
void compose_fail(struct block *, struct arena *, const struct err *);

#endif
