/*
 * What is to be expected of the weeks to come if one keeps to a plan: the
 * rows of a training query made into a model (forecast/knn.h), and what it
 * says. The page, its script and the command line all tell this.
 *
 * A row is a week. If a column is called week or ts it is when the week
 * began: rows are taken in its order, and one that is not over yet does not
 * count. So the model is the same until the week turns, or what is known of
 * a past one changes. Targets are changes in a week; the newest value of a
 * target's level column, also of the week that goes on, is what they are
 * added to, else 0.
 */
#ifndef PANEL_PROSPECT_H
#define PANEL_PROSPECT_H

#include <stdint.h>

#include "chart/unit.h"
#include "conf/option.h"
#include "forecast/knn.h"
#include "panel/panel.h"

#define PROSPECT_WEEK  (INT64_C(7) * 86400)
#define PROSPECT_PLANS 8

/* The options of a forecast, as they are bound. */
struct prospect_conf {
	const char *training; /* the panel's query */
	struct strings inputs, targets;
	struct pairs levels; /* target: column */
	struct pairs units;  /* column: unit */
	struct pairs plan;   /* input: value */
	const struct node *plans;
	double horizon; /* seconds */
	const char *reach;
};

/* How the numbers of a column are shown. */
struct prospect_look {
	const char *name;
	const char *unit;
	struct unit_scale scale;
	int decimals;
	bool span; /* seconds, in words: 2 h 05 */
};

struct prospect_input {
	struct prospect_look look;
	double low, high, step; /* of a slider */
};

struct prospect_target {
	struct prospect_look look; /* of its level, or of the change alone */
	bool has_level;
	double level; /* now, else 0 */
	struct point *past;
	size_t n_past; /* levels of weeks that are over, at their ends */
};

struct prospect_plan {
	const char *name;
	double *inputs;
};

struct prospect {
	struct knn *knn;
	struct prospect_input *inputs;
	struct prospect_target *targets;
	/* The first is the plan to begin with, the others typical ones. */
	struct prospect_plan plans[PROSPECT_PLANS];
	size_t n_plans;
	size_t weeks; /* the horizon, 1 to KNN_AHEAD_MAX */
	int64_t now;
};

/* Faults of the options that the table can't see. */
void prospect_check(
    const struct prospect_conf *, const struct node *panel, struct faults *);

/* -1: the query lacks a column, or one holds what is no number. */
must_use int prospect_make(struct arena *, const struct prospect_conf *,
    const struct panel_input *, struct prospect *, struct err *);

/* What people write for a week's amount: 22, 90min, 2h05. */
bool prospect_amount(const char *, double *);

/* "distance=22,time=2h05" over the first plan. */
must_use int prospect_set_plan(
    struct arena *, struct prospect *, const char *, struct err *);

/* One target after so many weeks of a plan; NaN if there are too few rows. */
struct outlook {
	double change; /* in a week */
	double mean, low, high;
};

struct outlook prospect_look_ahead(const struct prospect *, size_t target,
    const struct prospect_plan *, size_t weeks);

/* "22 km", "2 h 05", "75.1 kg" */
const char *prospect_number(
    struct arena *, const struct prospect_look *, double);

/* "weight in 8 weeks: 75.1 kg, between 74.3 and 75.9 kg" */
const char *prospect_answer(struct arena *, const struct prospect *,
    size_t target, const struct prospect_plan *);

/* How good the model is, in words. */
const char *prospect_verdict(
    struct arena *, const struct prospect *, size_t target);

/* What the numbers are silent about: inputs that tell nothing; or NULL. */
const char *prospect_remark(struct arena *, const struct prospect *);

/* The plan is outside of what was seen, and how; or NULL. */
const char *prospect_outside(
    struct arena *, const struct prospect *, const struct prospect_plan *);

/* The model for the page's script, as JSON. */
const char *prospect_json(struct arena *, const struct prospect *);

#endif
