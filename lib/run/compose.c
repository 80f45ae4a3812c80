#include "base/clock.h"
#include "base/file.h"
#include "run/compose_map.h"
#include "run/composer.h"
#include "run/damage.h"
#include "run/judge.h"
#include "run/query.h"
#include "run/reports.h"
#include "run/tiles.h"

#include <string.h>

#define LINES_AHEAD_S 86400

#define EXPLORER_TITLE "Explore"

/* The state of every source of the plan, in its order. */
static int gather_status(struct composer *c, struct err *e)
{
	struct source_status *all;
	struct names known = {0};
	size_t n, at;

	if (store_status(c->store, c->arena, &all, &n, e) != 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		names_add(c->arena, &known, all[i].name, i);
	c->n_status = c->plan->n_sources;
	c->status = arena_array(c->arena, c->n_status + 1, sizeof(*c->status));
	for (size_t i = 0; i < c->n_status; i++) {
		const struct plan_source *s = &c->plan->sources[i];

		c->status[i] = (struct source_status){
		    .name = s->name,
		    .outcome = OUTCOME_NOT_DUE,
		    .message = "",
		    .hint = "",
		};
		if (names_find(&known, s->name, &at))
			c->status[i] = all[at];
		c->status[i].every = s->every;
	}
	if (tiles_wanted(c->plan) && names_find(&known, TILES_SOURCE, &at))
		c->status[c->n_status++] = all[at];
	return 0;
}

/* Nobody's business but the operators'; and of the past nothing is known. */
static int gather_recipients(struct composer *c, struct err *e)
{
	const struct plan *plan = c->plan;
	size_t n;

	if (plan->public || store_moment(c->store) != INT64_MAX ||
	    (plan->n_channels + plan->n_reports == 0 && plan->ping == NULL))
		return 0;
	if (store_recipients(c->store, c->arena, &c->recipients, &n, e) != 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const struct recipient *r = &c->recipients[i];

		if (plan_channel(plan, r->channel) != NULL ||
		    plan_channel_to(plan, r->channel, r->recipient) != NULL ||
		    str_eq(r->channel, PLAN_SNAPSHOTS) ||
		    (plan->ping != NULL && str_eq(r->channel, PLAN_PING)))
			c->recipients[c->n_recipients++] = *r;
	}
	reports_recipients(
	    plan, c->now, c->arena, &c->recipients, &c->n_recipients);
	return 0;
}

struct block compose_block(const struct plan_panel *p)
{
	return (struct block){
	    .id = p->id,
	    .kind = p->kind->name,
	    .title = p->title,
	    .width = (enum panel_width)p->common.width,
	    .embed = p->common.embed,
	};
}

void compose_fail(struct block *b, struct arena *a, const struct err *e)
{
	b->state = PANEL_FAILED;
	b->message = arena_strdup(a, e->text);
}

bool compose_build(const struct plan_panel *p, const struct panel_input *in,
    struct block *b, struct arena *a)
{
	struct err e = {0};

	if (p->kind->build(in, b, a, &e) == 0)
		return true;
	compose_fail(b, a, &e);
	return false;
}

static void add_link(struct composer *c, struct page *page, size_t *cap,
    const char *href, const char *text, bool period, bool current)
{
	*arena_push(c->arena, &page->links, &page->n_links, cap) =
	    (struct page_link){
		.href = href,
		.text = text,
		.current = current,
		.period = period,
	    };
}

/* This page's periods, with the same choice, then the other pages. */
static void add_links(struct composer *c, struct page *page,
    const struct plan_page *p, const struct views *views, const struct view *v)
{
	size_t cap = 0;
	bool several = views->items[views->n - 1].span > 0;

	for (size_t i = 0; several && i < views->n; i++) {
		const struct view *other = &views->items[i];

		if (str_eq(other->choice, v->choice))
			add_link(c, page, &cap, other->file, other->words, true,
			    other->span == v->span);
	}
	for (size_t i = 0; i < c->plan->n_pages && c->plan->n_pages > 1; i++)
		add_link(c, page, &cap,
		    plan_page_file(c->arena, &c->plan->pages[i], 0),
		    c->plan->pages[i].title, false, &c->plan->pages[i] == p);
	if (c->explored)
		add_link(
		    c, page, &cap, PLAN_EXPLORER, EXPLORER_TITLE, false, false);
}

/* The same time of other choices, in the section that asks for them. */
static void add_choices(struct composer *c, struct block *b,
    const struct views *views, const struct view *v)
{
	b->note = views->note;
	b->choices =
	    arena_array(c->arena, views->n_choices, sizeof(*b->choices));
	for (size_t i = 0; i < views->n; i++) {
		const struct view *other = &views->items[i];

		if (other->span == v->span && other->choice != NULL)
			b->choices[b->n_choices++] = (struct page_link){
			    .href = other->file,
			    .text = other->choice,
			    .current = other == v,
			};
	}
}

/*
 * Is there the explorer? It is of now: of a moment in the past it is only led
 * to where it was printed before.
 */
static bool is_explored(const struct composer *c)
{
	const struct plan_common *p = &c->plan->common;

	return p->explore && (store_moment(c->store) == INT64_MAX ||
				 file_exists(arena_printf(c->arena,
				     "%s/" PLAN_EXPLORER, p->output)));
}

/* The page that any series can be chosen on: here only its surroundings. */
static struct page *compose_explorer(struct composer *c)
{
	struct page *page = arena_make(c->arena, struct page);
	size_t cap = 0;

	*page = (struct page){
	    .name = "explore",
	    .file = PLAN_EXPLORER,
	    .title = EXPLORER_TITLE,
	};
	for (size_t i = 0; i < c->plan->n_pages; i++)
		add_link(c, page, &cap,
		    plan_page_file(c->arena, &c->plan->pages[i], 0),
		    c->plan->pages[i].title, false, false);
	add_link(c, page, &cap, PLAN_EXPLORER, EXPLORER_TITLE, false, true);
	return page;
}

static void compose_page(struct composer *c, const struct plan_page *p,
    const struct views *views, const struct view *v, struct page *page)
{
	*page = (struct page){
	    .name = p->name,
	    .file = v->file,
	    .title = p->title,
	    .n_blocks = p->n_panels,
	};
	add_links(c, page, p, views, v);
	page->blocks =
	    arena_array(c->arena, p->n_panels, sizeof(*page->blocks));
	for (size_t i = 0; i < p->n_panels; i++) {
		page->blocks[i] = compose_block(&p->panels[i]);
		if (str_eq(p->panels[i].id, p->choose.section))
			add_choices(c, &page->blocks[i], views, v);
	}
}

static bool by_calendar(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_pages; i++)
		for (size_t k = 0; k < plan->pages[i].n_periods; k++)
			if (plan->pages[i].spans[k] >= SPAN_YEARS)
				return true;
	return false;
}

/* Of samples and records, if years or months are made of it; 0: nothing. */
static int find_oldest(struct composer *c, int64_t *first, struct err *e)
{
	const struct store_question question = {
	    .sql = "SELECT min(ts) FROM records WHERE ts > 0",
	    .to = c->now,
	    .max_rows = 1,
	    .max_bytes = 1000,
	};
	struct answer *oldest;

	*first = c->first;
	if (!by_calendar(c->plan))
		return 0;
	if (query_ask(c->query, &question, c->arena, &oldest, e) != 0)
		return -1;
	if (oldest->n_rows > 0 && oldest->rows[0][0].type == ANSWER_NUMBER &&
	    (*first == 0 || oldest->rows[0][0].number < (double)*first))
		*first = (int64_t)oldest->rows[0][0].number;
	return 0;
}

/* Each view of each page, in that order. */
static int compose_pages(struct composer *c, struct report *r, struct err *e)
{
	const struct plan *plan = c->plan;
	struct view_files files;
	size_t cap = 0;
	int64_t first;

	if (find_oldest(c, &first, e) != 0)
		return -1;
	views_files(&files, plan, c->arena);
	c->views = arena_array(c->arena, plan->n_pages, sizeof(*c->views));
	for (size_t i = 0; i < plan->n_pages; i++) {
		struct views *views = &c->views[i];

		views_of(c->query, &plan->pages[i], first, c->now, &files,
		    c->arena, views);
		for (size_t k = 0; k < views->n; k++)
			compose_page(c, &plan->pages[i], views,
			    &views->items[k],
			    arena_push(c->arena, &r->pages, &r->n_pages, &cap));
	}
	return 0;
}

/* What lasts and is no panel's own. */
static int warn(struct composer *c, struct report *r, struct err *e)
{
	const char *damage, *overlaps = NULL;

	/* It names what is damaged, whoever's that is. */
	if (c->plan->public)
		return 0;
	if (damage_sentence(c->store, c->arena, 0, &damage, e) != 0)
		return -1;
	if (c->history.overlaps > 0)
		overlaps = arena_printf(c->arena,
		    "%lld %s in the last hour did not start, because the one "
		    "before was still going",
		    (long long)c->history.overlaps,
		    c->history.overlaps == 1 ? "run" : "runs");
	r->warning = damage == NULL ? overlaps
		     : overlaps == NULL
			 ? damage
			 : arena_printf(c->arena, "%s; %s", overlaps, damage);
	return 0;
}

/*
 * Lines of a clock that is fast are not held back until that time has come,
 * unless a moment of the past is looked at.
 */
static int gather_history(struct composer *c, struct err *e)
{
	struct run_history newest;

	if (store_history(c->store, c->now, &c->history, e) != 0 ||
	    store_history(c->store, INT64_MAX, &newest, e) != 0)
		return -1;
	c->lines_to = c->now;
	if (newest.last <= c->now)
		c->lines_to += LINES_AHEAD_S;
	return 0;
}

/* Samples may have come from elsewhere, and be older than the first run. */
static int find_first(struct composer *c, struct err *e)
{
	int64_t oldest;

	if (store_oldest(c->store, &oldest, e) != 0)
		return -1;
	c->first = c->history.first;
	if (oldest != 0 && (c->first == 0 || oldest < c->first))
		c->first = oldest;
	return 0;
}

static int begin(struct composer *c, struct report *r, struct err *e)
{
	if (gather_status(c, e) != 0 || gather_history(c, e) != 0 ||
	    gather_recipients(c, e) != 0 || find_first(c, e) != 0 ||
	    judge_report(c->plan, c->store, c->now, c->status, c->n_status,
		c->arena, &c->alerts, &c->n_alerts, e) != 0)
		return -1;
	*r = (struct report){
	    .version = BROADSHEET_VERSION,
	    .title = c->plan->common.title,
	    .started = c->now,
	    .last = c->history.last,
	    .ms = c->history.ms,
	    .next = c->now + c->plan->every,
	    .every = c->plan->every,
	    .zone = clock_zone(),
	    .sources = c->status,
	    .n_sources = c->n_status,
	    .alerts = c->alerts,
	    .n_alerts = c->n_alerts,
	    .recipients = c->recipients,
	    .n_recipients = c->n_recipients,
	};
	return warn(c, r, e);
}

int compose_status(const struct plan *plan, struct store *store, int64_t now,
    struct arena *a, struct report *r, struct err *e)
{
	struct composer c = {
	    .plan = plan,
	    .store = store,
	    .arena = a,
	    .now = now,
	};

	return begin(&c, r, e);
}

struct composer *compose(const struct plan *plan, struct store *store,
    const char *data, int64_t now, struct arena *a, struct report *r,
    struct err *e)
{
	struct composer *c = arena_make(a, struct composer);

	*c = (struct composer){
	    .plan = plan,
	    .store = store,
	    .arena = a,
	    .now = now,
	    .world = world_new(a, data),
	    .query = arena_make(a, struct query),
	};
	c->query->plan = plan;
	if (store_moment(store) != INT64_MAX)
		c->query->at = store_moment(store);
	c->explored = is_explored(c);
	if (begin(c, r, e) != 0)
		return NULL;
	if (compose_pages(c, r, e) != 0)
		return NULL;
	if (c->explored)
		r->explorer = compose_explorer(c);
	return c;
}

void compose_end(struct composer *c)
{
	if (c != NULL)
		query_close(c->query);
}

const struct views *compose_views(const struct composer *c, size_t page)
{
	return &c->views[page];
}
