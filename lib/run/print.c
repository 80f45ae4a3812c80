#include "base/clock.h"
#include "base/pool.h"
#include "run/archive.h"
#include "run/compose.h"
#include "run/plan_public.h"
#include "run/publish.h"
#include "run/reprint.h"
#include "run/run.h"
#include "run/sameness.h"

#include <string.h>

/* So many panels are in memory at once, and fewer are not worth a thread. */
#define BATCH	   256
#define WORTH_MORE 8

/* What belongs to one thread. */
struct hand {
	struct arena *arena; /* of a batch */
	struct canvas *canvas;
};

struct printer {
	const struct plan *plan;
	const struct run_print *how;
	struct composer *composer;
	struct publisher *publisher;
	struct report *report;
	struct run_printed *printed;
	struct sameness same;
	struct arena *arena; /* of a page's periods */
	const char *created;
	struct hand *hands;
	size_t n_hands;
};

/* One view of a page. */
struct leaf {
	struct printer *printer;
	const struct plan_page *plan;
	const struct view *view;
	size_t n;	   /* of the views before it */
	struct page *page; /* those of its other views are beside it */
	struct reprint old;
};

/* One panel of a page. */
struct sheet {
	const struct plan_panel *panel;
	struct block *block;
	const char *name; /* of its files */
	struct panel_input in;
	bool ready;    /* as it is; else: */
	bool keeps;    /* has a key */
	bool gathered; /* can be built */
	struct drawing drawing;
	int rc;
	struct err err;
	char key[CRYPTO_SHA256_HEX];
};

struct batch {
	struct printer *printer;
	struct sheet *sheets;
};

/* What may stay for a while tells since when. */
static void tell_moment(struct sheet *s, struct arena *a)
{
	if (s->keeps && s->block->note == NULL)
		s->block->note = arena_printf(
		    a, "as of %s", clock_format(a, "%H:%M", s->in.now));
}

/* Nothing here may touch what others share. */
static void draw(void *ctx, size_t worker, size_t i)
{
	struct batch *b = ctx;
	struct sheet *s = &b->sheets[i];
	const struct hand *hand = &b->printer->hands[worker];
	struct ruler ruler = canvas_ruler(hand->canvas);
	struct drawing_conf conf = {hand->canvas, b->printer->created};

	if (s->ready)
		return;
	s->in.ruler = &ruler;
	s->keeps &= s->gathered &&
		    compose_build(s->panel, &s->in, s->block, hand->arena) &&
		    s->block->state != PANEL_EMPTY;
	tell_moment(s, hand->arena);
	s->rc = drawing_make(
	    &s->drawing, s->block, s->name, &conf, hand->arena, &s->err);
}

/* What such kinds show is as of now, however far back their page reaches. */
static bool timeless(const struct panel_kind *kind)
{
	const unsigned now = NEEDS_TABLE | NEEDS_ANSWER | NEEDS_STATUS |
			     NEEDS_RECORDS | NEEDS_OUTLINES;

	return (kind->needs & ~now) == 0;
}

/* Does its query ask for the choice? */
static bool chosen(const struct sheet *s)
{
	const char *query = s->panel->common.query, *name = s->in.choose;

	for (; query != NULL && name != NULL; query++) {
		query = strstr(query, name);
		if (query == NULL)
			return false;
		if (query > s->panel->common.query && query[-1] == ':')
			return true;
	}
	return false;
}

/* Would it be the same there? */
static bool same(
    const struct leaf *l, const struct sheet *s, const struct view *other)
{
	const struct panel_input in =
	    compose_input(l->printer->composer, s->panel, other);

	if (in.to != s->in.to)
		return false;
	/* A query may ask for the period itself. */
	if (s->panel->common.query != NULL)
		return other->span == l->view->span && !chosen(s);
	return in.from == s->in.from || timeless(s->panel->kind);
}

/* Is what it shows that of a shorter period, because there is no more? */
static bool share(const struct leaf *l, struct sheet *s)
{
	if (s->block->embed.n > 0 || s->block->n_choices > 0)
		return false;
	for (size_t i = 0; i < l->n; i++) {
		const struct page *other = l->page - (l->n - i);

		if (!same(l, s, l->view - (l->n - i)))
			continue;
		*s->block = other->blocks[s->block - l->page->blocks];
		return true;
	}
	return false;
}

static bool keep(const struct leaf *l, struct sheet *s)
{
	const struct printer *p = l->printer;

	if (p->how->past != 0 || s->panel->common.query != NULL ||
	    l->view->calendar)
		return false;
	sameness_series(&p->same, p->hands[0].arena, &s->in);
	compose_alerts(p->composer, s->panel, &s->in, p->hands[0].arena);
	s->keeps = sameness_key(&p->same, p->hands[0].arena, s->panel, &s->in,
	    l->view->period, s->name, s->key);
	return s->keeps && reprint_find(&l->old, s->key, s->block);
}

/* Nothing of it is kept but where else it leads. */
static void start_over(struct sheet *s)
{
	struct block bare = compose_block(s->panel);

	if (s->block->choices != NULL)
		bare.note = s->block->note;
	bare.choices = s->block->choices;
	bare.n_choices = s->block->n_choices;
	*s->block = bare;
}

/* What need not be drawn is ready; for the rest the store is asked. */
static void prepare(const struct leaf *l, size_t panel, struct sheet *s)
{
	struct printer *p = l->printer;
	struct arena *a = p->hands[0].arena;

	s->panel = &l->plan->panels[panel];
	s->block = &l->page->blocks[panel];
	s->name = block_name(a, l->page, s->block);
	s->in = compose_input(p->composer, s->panel, l->view);
	s->ready = true;
	if (share(l, s)) {
		publish_shared(p->publisher, s->block);
		p->printed->shared++;
	} else if (keep(l, s) &&
		   publish_kept(p->publisher, s->name, s->block)) {
		p->printed->kept++;
	} else {
		start_over(s);
		s->gathered =
		    compose_gather(p->composer, s->panel, &s->in, s->block, a);
		s->ready = false;
		p->printed->drawn++;
	}
}

/* Of a block that is printed only this is still asked for. */
static void strip(struct sheet *s)
{
	const struct block printed = *s->block;

	start_over(s);
	s->block->state = printed.state;
	s->block->html = printed.html;
	s->block->svg_bytes = printed.svg_bytes;
}

static int put(struct leaf *l, struct sheet *s, struct err *e)
{
	struct printer *p = l->printer;

	if (s->ready)
		return 0;
	if (s->rc != 0) {
		*e = s->err;
		return -1;
	}
	if (publish_block(
		p->publisher, l->page, s->block, &s->drawing, p->arena, e) != 0)
		return -1;
	if (s->keeps)
		reprint_mark(p->arena, s->key, s->block);
	strip(s);
	return 0;
}

static int print_batch(struct leaf *l, size_t first, size_t n, struct err *e)
{
	struct printer *p = l->printer;
	struct batch b = {
	    p, arena_array(p->hands[0].arena, n, sizeof(*b.sheets))};
	size_t most = 0;
	int rc = 0;

	for (size_t i = 0; i < n; i++) {
		prepare(l, first + i, &b.sheets[i]);
		most += !b.sheets[i].ready;
	}
	most = 1 + most / WORTH_MORE;
	pool_each(p->n_hands < most ? p->n_hands : most, n, draw, &b);
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = put(l, &b.sheets[i], e);
	for (size_t i = 0; i < p->n_hands; i++)
		arena_reset(p->hands[i].arena);
	return rc;
}

static int print_leaf(struct leaf *l, struct err *e)
{
	struct printer *p = l->printer;
	size_t n = l->plan->n_panels;

	if (p->how->past == 0)
		reprint_open(&l->old, p->arena,
		    arena_printf(p->arena, "%s/%s", p->plan->common.output,
			l->page->file));
	for (size_t i = 0; i < n; i += BATCH)
		if (print_batch(l, i, n - i < BATCH ? n - i : BATCH, e) != 0)
			return -1;
	p->report->ms = (clock_monotonic() - p->how->started) * 1000;
	return publish_page(p->publisher, l->page, e);
}

/* The report has the pages in the order of the plan, view by view. */
static int print_pages(struct printer *p, struct err *e)
{
	struct page *page = p->report->pages;

	for (size_t i = 0; i < p->plan->n_pages; i++) {
		const struct views *views = compose_views(p->composer, i);

		for (size_t j = 0; j < views->n; j++, page++) {
			struct leaf l = {
			    .printer = p,
			    .plan = &p->plan->pages[i],
			    .view = &views->items[j],
			    .n = j,
			    .page = page,
			};

			if (print_leaf(&l, e) != 0)
				return -1;
		}
		arena_reset(p->arena);
	}
	return 0;
}

static void open_hands(struct printer *p, struct arena *a)
{
	p->n_hands = pool_cores();
	p->hands = arena_array(a, p->n_hands, sizeof(*p->hands));
	for (size_t i = 0; i < p->n_hands; i++)
		p->hands[i] =
		    (struct hand){arena_new(), canvas_open(NULL, NULL)};
}

static void close_hands(struct printer *p)
{
	for (size_t i = 0; i < p->n_hands; i++) {
		canvas_close(p->hands[i].canvas);
		arena_free(p->hands[i].arena);
	}
}

/* The newest values of all series, and of the explorer their points. */
static int gather_newest(struct printer *p, struct store *store,
    struct explorer *x, struct arena *a, struct err *e)
{
	struct strings all = {0};

	*x = (struct explorer){0};
	if (p->how->past != 0)
		return 0;
	if (p->plan->common.explore)
		return explore_gather(p->plan, store, p->how->now, a, x, e);
	strings_add(a, &all, "*");
	if (store_series(store, a, &all, p->how->now, p->how->now, 0,
		&x->series, &x->n, e) != 0)
		return -1;
	x->n = plan_shown(p->plan, x->series, x->n);
	return 0;
}

static int print(
    struct printer *p, struct store *store, struct arena *a, struct err *e)
{
	bool explore = p->plan->common.explore && p->how->past == 0;
	struct explorer x;

	if (gather_newest(p, store, &x, a, e) != 0 ||
	    publish_open(&p->publisher, p->plan, p->report, p->how->data, e) !=
		0)
		return -1;
	sameness_open(
	    &p->same, a, p->plan, publish_digest(p->publisher), x.series, x.n);
	if (print_pages(p, e) != 0)
		return -1;
	return publish_commit(p->publisher, explore ? &x : NULL, e);
}

static int print_once(const struct plan *plan, struct store *store,
    const struct run_print *how, struct run_printed *printed, struct err *e)
{
	struct arena *a = arena_new();
	struct report report;
	struct printer p = {
	    .plan = plan,
	    .how = how,
	    .report = &report,
	    .printed = printed,
	    .arena = arena_new(),
	    .created = clock_iso(a, how->now),
	};
	int rc = -1;

	*printed = (struct run_printed){0};
	if (how->past != 0)
		store_as_of(store, how->now);
	open_hands(&p, a);
	p.composer = compose(plan, store, how->data, how->now, a, &report, e);
	if (p.composer != NULL && how->past != 0) {
		report.printed = how->past;
		report.next = 0;
	}
	if (p.composer != NULL) {
		report.archive = archive_link(plan, a);
		rc = print(&p, store, a, e);
	}
	compose_end(p.composer);
	publish_close(p.publisher);
	close_hands(&p);
	arena_free(p.arena);
	arena_free(a);
	return rc;
}

/*
 * The pages are printed, and when a snapshot is taken it will be said why it
 * can't be kept: this is not said every minute.
 */
static void tend(const struct plan *plan, const struct run_print *how)
{
	struct err ignored;

	(void)!archive_tend(plan, how->data, how->now, &ignored);
}

int run_print(const struct plan *plan, struct store *store,
    const struct run_print *how, struct run_printed *printed, struct err *e)
{
	struct arena *a = arena_new();
	const struct plan *public = how->past ? NULL : plan_public(plan, a);
	struct run_printed ignored;
	int rc = print_once(plan, store, how, printed, e);

	if (rc == 0 && public != NULL)
		rc = print_once(public, store, how, &ignored, e);
	if (rc == 0 && how->past == 0)
		tend(plan, how);
	arena_free(a);
	return rc;
}
