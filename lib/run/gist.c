#include "run/gist.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "diff/pattern.h"
#include "diff/score.h"
#include "panel/level.h"
#include "run/gist_tables.h"
#include "run/judge.h"
#include "run/plan_public.h"

#define WINDOW_POINTS	 1000
#define REFERENCE_POINTS 300
#define SAMPLES_LEAST	 3 /* of a source in its window */
#define LINES_MAX	 100000

struct gathering {
	const struct gist_wanted *wanted;
	const struct plan *plan;
	struct store *store;
	struct arena *arena;
	struct arena *scratch; /* of one glob */
	struct gist *gist;
	struct names series; /* that are there already */
};

static void count_after(const struct series *s, int64_t from,
    const struct point **points, size_t *n)
{
	size_t i = 0;

	while (i < s->n && s->points[i].ts <= from)
		i++;
	*points = &s->points[i];
	*n = s->n - i;
}

static void add_series(
    struct gathering *g, const struct series *near, const struct series *far)
{
	int64_t at = g->wanted->at, reach = SAMPLES_LEAST * far->every;
	const struct point *points;
	struct gist_series *f;
	size_t n;

	if (far->n + near->n == 0 || names_find(&g->series, far->name, NULL))
		return;
	count_after(near, at - g->wanted->window, &points, &n);
	if (n == 0 && reach > g->wanted->window)
		count_after(far, at - reach, &points, &n);
	f = arena_push(g->arena, &g->gist->series, &g->gist->n_series,
	    &g->gist->cap_series);
	f->name = arena_strdup(g->arena, far->name);
	f->unit = arena_strdup(g->arena, far->unit);
	(void)names_add(g->arena, &g->series, f->name, 0);
	score_measure(g->scratch, points, n, far->points, far->n, f);
}

/* The window as it was sampled, the reference as coarse as is enough. */
static int add_glob(struct gathering *g, const char *glob, struct err *e)
{
	const struct gist_wanted *w = g->wanted;
	int64_t from = w->at - GIST_REFERENCE * w->window;
	struct strings globs = {0};
	struct series *near, *far;
	size_t n_near, n;

	strings_add(g->scratch, &globs, glob);
	if (store_series(g->store, g->scratch, &globs, w->at - w->window + 1,
		w->at, WINDOW_POINTS, &near, &n_near, e) != 0 ||
	    store_series(g->store, g->scratch, &globs, from, w->at,
		REFERENCE_POINTS, &far, &n, e) != 0)
		return -1;
	n_near = plan_shown(g->plan, near, n_near);
	n = plan_shown(g->plan, far, n);
	for (size_t i = 0; i < n && i < n_near; i++)
		if (str_eq(near[i].name, far[i].name))
			add_series(g, &near[i], &far[i]);
	arena_reset(g->scratch);
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct gist_series *)a)->name,
	    ((const struct gist_series *)b)->name);
}

static int gather_series(
    struct gathering *g, const struct strings *globs, struct err *e)
{
	for (size_t i = 0; i < globs->n; i++)
		if (add_glob(g, globs->items[i], e) != 0)
			return -1;
	if (g->gist->n_series > 1)
		qsort(g->gist->series, g->gist->n_series,
		    sizeof(*g->gist->series), by_name);
	return 0;
}

/* Only what is counted is kept. */
static void keep_patterns(struct gathering *g, const struct patterns *all)
{
	struct gist *f = g->gist;

	f->patterns =
	    arena_copy(g->arena, all->items, all->n * sizeof(*all->items));
	f->n_patterns = f->cap_patterns = all->n;
	f->lines_left_out += all->left_out;
	for (size_t i = 0; i < all->n; i++) {
		struct gist_pattern *p = &f->patterns[i];

		p->text = arena_strdup(g->arena, p->text);
		p->source = arena_strdup(g->arena, p->source);
		p->example = arena_strdup(g->arena, p->example);
	}
}

static int gather_patterns(
    struct gathering *g, const struct strings *sources, struct err *e)
{
	const struct gist_wanted *w = g->wanted;
	struct patterns all = {.arena = g->scratch};
	struct log_line *lines;
	size_t n;

	if (sources->n == 0)
		return 0;
	if (store_lines(g->store, g->scratch, sources,
		w->at - GIST_REFERENCE * w->window + 1, w->at, LINES_MAX,
		&lines, &n, &g->gist->lines_left_out, e) != 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		patterns_add(&all, &lines[i], log_level(lines[i].text),
		    lines[i].ts > w->at - w->window);
	patterns_sort(&all);
	keep_patterns(g, &all);
	arena_reset(g->scratch);
	return 0;
}

/* What a page's panels ask for, or all there is. */
struct wishes {
	struct strings series; /* globs */
	struct strings lines;  /* sources */
	struct tables_wanted tables;
};

static void wish_all(const struct gathering *g, struct wishes *w)
{
	const struct plan *plan = g->plan;

	w->tables.all = true;
	for (size_t i = 0; i < plan->n_sources; i++) {
		const char *name = plan->sources[i].name;

		if (plan_hides(plan, name))
			continue;
		strings_add(
		    g->arena, &w->series, arena_printf(g->arena, "%s/*", name));
		strings_add(g->arena, &w->lines, name);
	}
}

/* A kind that draws series of its sources without being told which. */
static void wish_metrics(const struct gathering *g, const struct plan_panel *p,
    struct strings *globs)
{
	struct strings metrics = p->kind->metrics(p->conf, g->arena);

	for (size_t i = 0; i < p->common.sources.n; i++)
		for (size_t k = 0; k < metrics.n; k++)
			strings_add(g->arena, globs,
			    arena_printf(g->arena, "%s/%s",
				p->common.sources.items[i], metrics.items[k]));
}

static void wish_panel(
    const struct gathering *g, const struct plan_panel *p, struct wishes *w)
{
	const struct panel_common *c = &p->common;

	if (c->query != NULL)
		return;
	for (size_t i = 0; i < c->series.n; i++)
		strings_add(g->arena, &w->series, c->series.items[i]);
	if (p->kind->metrics != NULL)
		wish_metrics(g, p, &w->series);
	for (size_t i = 0;
	     (p->kind->needs & NEEDS_LINES) != 0 && i < c->sources.n; i++)
		strings_add(g->arena, &w->lines, c->sources.items[i]);
	if ((p->kind->needs & (NEEDS_TABLE | NEEDS_RECORDS)) != 0)
		tables_want(g->arena, &w->tables, p);
}

static struct wishes wishes_of(const struct gathering *g)
{
	struct wishes w = {0};

	if (!g->wanted->page) {
		wish_all(g, &w);
		return w;
	}
	for (size_t i = 0; i < g->plan->pages[0].n_panels; i++)
		wish_panel(g, &g->plan->pages[0].panels[i], &w);
	return w;
}

static int gather_states(struct gathering *g, struct err *e)
{
	struct gist *f = g->gist;
	size_t n;

	if (store_status(g->store, g->arena, &f->sources, &f->n_sources, e) !=
	    0)
		return -1;
	n = f->n_sources;
	f->n_sources = 0;
	for (size_t i = 0; i < n; i++)
		if (!plan_hides(g->plan, f->sources[i].name))
			f->sources[f->n_sources++] = f->sources[i];
	return judge_report(g->plan, g->store, g->wanted->at, f->sources,
	    f->n_sources, g->arena, &f->alerts, &f->n_alerts, e);
}

static int gather(struct gathering *g, struct err *e)
{
	struct wishes w = wishes_of(g);

	if (gather_series(g, &w.series, e) != 0 ||
	    gather_patterns(g, &w.lines, e) != 0 || gather_states(g, e) != 0)
		return -1;
	return tables_gather(
	    g->plan, g->store, g->wanted->at, &w.tables, g->arena, g->gist, e);
}

int gist_gather(const struct plan *plan, struct store *store,
    const struct gist_wanted *wanted, struct arena *a, struct gist *out,
    struct err *e)
{
	struct gathering g = {
	    .wanted = wanted,
	    .plan = plan,
	    .store = store,
	    .arena = a,
	    .scratch = arena_new(),
	    .gist = out,
	};
	int rc;

	*out = (struct gist){
	    .at = wanted->at,
	    .window = wanted->window,
	    .page = wanted->page ? plan->pages[0].name : NULL,
	};
	rc = gather(&g, e);
	arena_free(g.scratch);
	return rc;
}

int gist_reaches(
    struct store *store, int64_t at, struct arena *a, struct err *e)
{
	struct run_history h;
	int64_t oldest;

	if (store_history(store, at, &h, e) != 0 ||
	    store_oldest(store, &oldest, e) != 0)
		return -1;
	if (oldest != 0 && (h.first == 0 || oldest < h.first))
		h.first = oldest;
	if (h.first == 0)
		return err_set(e, "the store is empty");
	if (at >= h.first)
		return 0;
	return err_set(e, "%s is before the store begins, at %s",
	    clock_format(a, "%Y-%m-%d %H:%M:%S", at),
	    clock_format(a, "%Y-%m-%d %H:%M:%S", h.first));
}
