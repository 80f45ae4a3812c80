#include "base/clock.h"
#include "base/pool.h"
#include "run/compose.h"
#include "run/publish.h"
#include "run/run.h"

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
	struct arena *arena; /* of a page */
	const char *created;
	struct hand *hands;
	size_t n_hands;
};

/* One panel of a page. */
struct sheet {
	const struct plan_panel *panel;
	struct block *block;
	const char *name; /* of its files */
	struct panel_input in;
	bool gathered;
	struct drawing drawing;
	int rc;
	struct err err;
};

struct batch {
	struct printer *printer;
	struct sheet *sheets;
};

/* Nothing here may touch what others share. */
static void draw(void *ctx, size_t worker, size_t i)
{
	struct batch *b = ctx;
	struct sheet *s = &b->sheets[i];
	const struct hand *hand = &b->printer->hands[worker];
	struct ruler ruler = canvas_ruler(hand->canvas);
	struct drawing_conf conf = {hand->canvas, b->printer->created};

	s->in.ruler = &ruler;
	if (s->gathered)
		compose_build(s->panel, &s->in, s->block, hand->arena);
	s->rc = drawing_make(
	    &s->drawing, s->block, s->name, &conf, hand->arena, &s->err);
}

static void gather(struct printer *p, struct page *page,
    const struct plan_page *plan, size_t period, size_t first, struct sheet *s,
    size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct plan_panel *panel = &plan->panels[first + i];
		int64_t from =
		    compose_from(p->composer, panel, plan->periods[period]);

		s[i].panel = panel;
		s[i].block = &page->blocks[first + i];
		s[i].name = block_name(p->hands[0].arena, page, s[i].block);
		s[i].gathered = compose_gather(p->composer, panel, from,
		    &s[i].in, s[i].block, p->hands[0].arena);
	}
}

/* Of a block that is printed only this is still asked for. */
static void strip(struct sheet *s)
{
	struct block bare = compose_block(s->panel);

	bare.state = s->block->state;
	bare.html = s->block->html;
	*s->block = bare;
}

static int print_batch(struct printer *p, struct page *page,
    const struct plan_page *plan, size_t period, size_t first, size_t n,
    struct err *e)
{
	struct arena *a = p->hands[0].arena;
	struct batch b = {p, arena_array(a, n, sizeof(*b.sheets))};
	size_t most = 1 + n / WORTH_MORE;
	int rc = 0;

	gather(p, page, plan, period, first, b.sheets, n);
	pool_each(p->n_hands < most ? p->n_hands : most, n, draw, &b);
	for (size_t i = 0; i < n && rc == 0; i++) {
		struct sheet *s = &b.sheets[i];

		if (s->rc != 0) {
			*e = s->err;
			return -1;
		}
		rc = publish_block(
		    p->publisher, page, s->block, &s->drawing, p->arena, e);
		strip(s);
	}
	for (size_t i = 0; i < p->n_hands; i++)
		arena_reset(p->hands[i].arena);
	return rc;
}

static int print_page(struct printer *p, struct page *page,
    const struct plan_page *plan, size_t period, struct err *e)
{
	int rc = 0;

	for (size_t i = 0; i < plan->n_panels && rc == 0; i += BATCH) {
		size_t left = plan->n_panels - i;

		rc = print_batch(
		    p, page, plan, period, i, left < BATCH ? left : BATCH, e);
	}
	p->report->ms = (clock_monotonic() - p->how->started) * 1000;
	if (rc == 0)
		rc = publish_page(p->publisher, page, e);
	arena_reset(p->arena);
	return rc;
}

/* The report has the pages in the order of the plan, period by period. */
static int print_pages(struct printer *p, struct err *e)
{
	struct page *page = p->report->pages;

	for (size_t i = 0; i < p->plan->n_pages; i++)
		for (size_t j = 0; j < p->plan->pages[i].n_periods; j++)
			if (print_page(p, page++, &p->plan->pages[i], j, e) !=
			    0)
				return -1;
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

static int print(
    struct printer *p, struct store *store, struct arena *a, struct err *e)
{
	bool explore = p->plan->common.explore && !p->how->past;
	struct explorer x;

	if (explore &&
	    explore_gather(p->plan, store, p->how->now, a, &x, e) != 0)
		return -1;
	if (publish_open(&p->publisher, p->plan, p->report, p->how->data, e) !=
		0 ||
	    print_pages(p, e) != 0)
		return -1;
	return publish_commit(p->publisher, explore ? &x : NULL, e);
}

int run_print(const struct plan *plan, struct store *store,
    const struct run_print *how, struct err *e)
{
	struct arena *a = arena_new();
	struct report report;
	struct printer p = {
	    .plan = plan,
	    .how = how,
	    .report = &report,
	    .arena = arena_new(),
	    .created = clock_iso(a, how->now),
	};
	int rc = -1;

	open_hands(&p, a);
	p.composer = compose(plan, store, how->now, a, &report, e);
	if (p.composer != NULL)
		rc = print(&p, store, a, e);
	publish_close(p.publisher);
	close_hands(&p);
	arena_free(p.arena);
	arena_free(a);
	return rc;
}
