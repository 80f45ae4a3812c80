/*
 * SQL of the plan: its views, and what is wrong with its queries that can be
 * told before anything is stored.
 */
#ifndef RUN_PLAN_SQL_H
#define RUN_PLAN_SQL_H

#include "run/plan.h"
#include "store/sql.h"

/* Parts of plan_load(). */
void plan_bind_views(struct plan *, struct faults *);
void plan_check_sql(struct plan *, struct faults *);
/* plan_parameters.c */
void plan_check_parameters(const struct plan *, struct faults *);

/*
 * The plan's store for SQL, with its views. `label` begins each message, the
 * store's path if it is NULL. It is read as of `at`; 0: now.
 */
must_use int plan_open_sql(const struct plan *, const char *label,
    uint64_t max_steps, int64_t at, struct store_sql **, struct err *);

#endif
