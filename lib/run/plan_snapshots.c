#include "run/plan.h"

struct conf {
	const char *keep;
	int64_t count;
	uint64_t max_size;
	double min_interval;
};

const struct option plan_snapshot_options[] = {
    {"keep", OPTION_TEXT, offsetof(struct conf, keep), .deflt = "90d",
	.help = "how long a snapshot stays after it was taken: a length of "
		"time or forever"},
    {"count", OPTION_INT, offsetof(struct conf, count), .deflt = "200",
	.max = 10000, .help = "how many there are at most; 0 for no limit"},
    {"max_size", OPTION_SIZE, offsetof(struct conf, max_size), .deflt = "1GB",
	.help = "how large they all are together; 0 for no limit"},
    {"min_interval", OPTION_DURATION, offsetof(struct conf, min_interval),
	.deflt = "10m", .max = 366 * 86400.0,
	.help = "the least time between two that alerts take of one page"},
    {0},
};

void plan_bind_snapshots(struct plan *plan, struct faults *faults)
{
	static const struct node none = {.kind = NODE_MAP, .text = ""};
	const struct node *n = plan->common.snapshots;
	struct conf conf = {0};
	struct binding b = {plan_snapshot_options, &conf};

	if (n == NULL)
		n = &none;
	if (n->kind != NODE_MAP) {
		fault_at(faults, n, "snapshots: a mapping is wanted here");
		return;
	}
	option_bind(n, &b, 1, faults);
	if (conf.keep != NULL)
		plan_bind_age(
		    n, "keep", conf.keep, &plan->snapshots.keep, faults);
	plan->snapshots.count = conf.count;
	plan->snapshots.max_size = conf.max_size;
	plan->snapshots.min_interval = (int64_t)conf.min_interval;
}
