#include "run/reports.h"

#include <math.h>
#include <string.h>

#define ALERTS_MAX   1000
#define KEYS_MAX     5000
#define VERSIONS_MAX 20000

struct look {
	const struct plan *plan;
	struct store *store;
	struct arena *arena;
	struct strings sources;
	int64_t from, at; /* the period's last second */
	bool found;
};

/* "app1" of "app1/cpu" */
static bool of_source(struct arena *a, const char *glob, const char *source)
{
	const char *slash = strchr(glob, '/');
	size_t n = slash != NULL ? (size_t)(slash - glob) : strlen(glob);

	return str_glob(arena_strndup(a, glob, n), source);
}

static bool names(
    const struct look *l, const struct plan_panel *p, const char *source)
{
	const struct panel_common *c = &p->common;

	if (str_eq(c->source, source) || str_glob_any(&c->sources, source))
		return true;
	for (size_t i = 0; i < c->series.n; i++)
		if (of_source(l->arena, c->series.items[i], source))
			return true;
	return false;
}

/* It shows data and says nothing of which. */
static bool shows_all(const struct plan_panel *p)
{
	const struct panel_common *c = &p->common;

	return p->kind->needs != NEEDS_NOTHING && c->source == NULL &&
	       c->sources.n == 0 && c->series.n == 0;
}

static void gather_sources(struct look *l, const struct plan_page *page)
{
	for (size_t i = 0; i < l->plan->n_sources; i++) {
		const char *source = l->plan->sources[i].name;
		bool wanted = false;

		for (size_t k = 0; k < page->n_panels && !wanted; k++)
			wanted = shows_all(&page->panels[k]) ||
				 names(l, &page->panels[k], source);
		if (wanted)
			strings_add(l->arena, &l->sources, source);
	}
}

/* One is enough. */
static int take(
    void *ctx, const char *series, int64_t ts, double value, struct err *e)
{
	struct look *l = ctx;

	(void)series, (void)ts, (void)value;
	l->found = true;
	return err_set(e, "found");
}

static int look_samples(struct look *l, struct err *e)
{
	struct strings globs = {0};

	for (size_t i = 0; i < l->sources.n; i++)
		strings_add(l->arena, &globs,
		    arena_printf(l->arena, "%s/*", l->sources.items[i]));
	if (store_each_sample(l->store, &globs, l->from, l->at, take, l, e) ==
	    0)
		return 0;
	return l->found ? 0 : -1;
}

static int look_lines(struct look *l, struct err *e)
{
	struct log_line *lines;
	size_t n, left_out;

	if (store_lines(l->store, l->arena, &l->sources, l->from, l->at, 1,
		&lines, &n, &left_out, e) != 0)
		return -1;
	l->found = n + left_out > 0;
	return 0;
}

static int look_tables(struct look *l, struct err *e)
{
	for (size_t i = 0; i < l->sources.n && !l->found; i++) {
		struct strings tables = {0};
		const char *source = l->sources.items[i];
		struct table *table;
		int64_t ts;

		if (store_table_names(l->store, l->arena, source, &tables, e) !=
		    0)
			return -1;
		for (size_t k = 0; k < tables.n && !l->found; k++) {
			if (store_table(l->store, l->arena, source,
				tables.items[k], l->at, &table, &ts, e) != 0)
				return -1;
			l->found = table != NULL && ts >= l->from;
		}
	}
	return 0;
}

static int look_records(struct look *l, struct err *e)
{
	for (size_t i = 0; i < l->sources.n && !l->found; i++) {
		const struct records_wanted wanted = {l->sources.items[i],
		    l->from, l->at, KEYS_MAX, VERSIONS_MAX};
		struct records r = {0};

		if (store_records(l->store, l->arena, &wanted, &r, e) != 0)
			return -1;
		for (size_t k = 0; k < r.n && !l->found; k++)
			l->found = r.versions[k].ts >= l->from &&
				   r.versions[k].ts <= l->at;
	}
	return 0;
}

static int look_alerts(struct look *l, struct err *e)
{
	struct alert *alerts;
	size_t n;

	if (store_alerts(l->store, l->arena, l->from, l->at, ALERTS_MAX,
		&alerts, &n, e) != 0)
		return -1;
	for (size_t i = 0; i < n && !l->found; i++)
		for (size_t k = 0; k < l->sources.n && !l->found; k++)
			l->found =
			    alerts[i].fired != 0 &&
			    str_eq(alerts[i].source, l->sources.items[k]);
	return 0;
}

static int look(struct look *l, struct err *e)
{
	static int (*const ways[])(struct look *, struct err *) = {
	    look_samples, look_lines, look_alerts, look_tables, look_records};

	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]) && !l->found; i++)
		if (l->sources.n > 0 && ways[i](l, e) != 0)
			return -1;
	return 0;
}

int reports_any(const struct plan *plan, struct store *store, const char *page,
    int64_t from, int64_t to, bool *any, struct err *e)
{
	struct look l = {.plan = plan,
	    .store = store,
	    .arena = arena_new(),
	    .from = from,
	    .at = to - 1};
	int rc;

	for (size_t i = 0; i < plan->n_pages; i++)
		if (str_eq(plan->pages[i].name, page))
			gather_sources(&l, &plan->pages[i]);
	store_as_of(store, l.at);
	rc = look(&l, e);
	store_as_of(store, INT64_MAX);
	*any = l.found;
	arena_free(l.arena);
	return rc;
}
