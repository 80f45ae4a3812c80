#include "run/snapshot.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/crypto.h"
#include "base/file.h"
#include "output/paper.h"
#include "run/compose.h"
#include "run/gist.h"
#include "run/redact.h"
#include "run/templates.h"

#define LINES_MAX   20000
#define CONFIG_MAX  ((size_t)16 * 1024 * 1024)
#define CHECKED_MAX ((size_t)1 << 30)

struct snapshot {
	const struct run_snapshot *how; /* while it is taken */
	struct plan plan; /* of the one page, with the panels chosen */
	struct store *store;
	struct arena *arena;
	struct report report;
	struct composer *composer;
	struct capsule_means means;
	const char *data;
	struct capsule capsule;
	struct redact *redact; /* or NULL */
};

/* Links that lead out of the file lead nowhere. */
static void unlink_tiles(struct block *b)
{
	for (size_t i = 0; i < b->n_tile_groups; i++)
		for (size_t k = 0; k < b->tile_groups[i].n; k++) {
			struct tile *tile = &b->tile_groups[i].tiles[k];

			if (tile->href != NULL && tile->href[0] != '#')
				tile->href = NULL;
		}
}

/* Before the panels are told of them. */
static void unlink_alerts(struct snapshot *t)
{
	for (size_t i = 0; i < t->report.n_alerts; i++)
		t->report.alerts[i].snapshot = "";
}

/*
 * On paper a full width is as that of half a screen: a picture for that, where
 * the panel has one.
 */
static void build_middle(const struct plan_panel *p,
    const struct panel_input *in, struct block *b, struct arena *a)
{
	struct block half = compose_block(p);

	if (b->wide == NULL || b->width == WIDTH_HALF)
		return;
	half.title = in->title;
	half.width = WIDTH_HALF;
	if (compose_build(p, in, &half, a))
		b->middle = half.wide;
}

/* Panel by panel, what it is told of is masked before anything is drawn. */
static void build_block(struct snapshot *t, const struct plan_panel *p,
    struct panel_input *in, struct block *b)
{
	if (!compose_gather(t->composer, p, in, b, t->arena))
		return;
	if (t->redact != NULL && !redact_input(t->redact, p, in, b, t->arena))
		return;
	(void)compose_build(p, in, b, t->arena);
	build_middle(p, in, b, t->arena);
}

static void build(struct snapshot *t)
{
	const struct plan_page *plan = t->plan.pages;
	const struct view *view = compose_views(t->composer, 0)->items;
	struct ruler ruler = canvas_ruler(t->means.canvas);
	struct page *page = t->report.pages;

	assert(page != NULL); /* the plan was narrowed to one */
	for (size_t i = 0; i < page->n_blocks; i++) {
		struct panel_input in =
		    compose_input(t->composer, &plan->panels[i], view);
		struct block *b = &page->blocks[i];

		in.ruler = &ruler;
		build_block(t, &plan->panels[i], &in, b);
		unlink_tiles(b);
	}
}

/* The lines of the sources of the page's logs, all of the period. */
static int gather_lines(struct snapshot *t, struct err *e)
{
	const struct plan_page *page = t->plan.pages;
	struct capsule *c = &t->capsule;
	struct strings sources = {0};
	struct log_line *lines;

	for (size_t i = 0; i < page->n_panels; i++) {
		const struct plan_panel *p = &page->panels[i];

		for (size_t k = 0; (p->kind->needs & NEEDS_LINES) != 0 &&
				   k < p->common.sources.n;
		     k++)
			strings_add(
			    t->arena, &sources, p->common.sources.items[k]);
	}
	if (sources.n == 0)
		return 0;
	if (store_lines(t->store, t->arena, &sources, c->from,
		t->report.started, LINES_MAX, &lines, &c->n_lines,
		&c->lines_left_out, e) != 0)
		return -1;
	c->lines = lines;
	return 0;
}

static int gather_gist(struct snapshot *t, struct err *e)
{
	const struct gist_wanted wanted = {
	    .at = t->report.started, .window = GIST_WINDOW, .page = true};
	struct gist *gist = arena_make(t->arena, struct gist);

	if (gist_gather(&t->plan, t->store, &wanted, t->arena, gist, e) != 0)
		return -1;
	for (size_t i = 0; i < t->how->panels.n; i++)
		strings_add(t->arena, &gist->panels, t->how->panels.items[i]);
	t->capsule.gist = gist;
	return 0;
}

static int digest(struct snapshot *t, struct err *e)
{
	char *hex = arena_alloc(t->arena, CRYPTO_SHA256_HEX);
	struct span text;

	if (file_read(t->arena, t->plan.file, CONFIG_MAX, &text, e) != 0)
		return -1;
	crypto_sha256_hex(text.p, text.n, hex);
	t->capsule.digest = hex;
	return 0;
}

static int gather(struct snapshot *t, struct err *e)
{
	const struct view *view = compose_views(t->composer, 0)->items;
	struct capsule *c = &t->capsule;
	struct spell *spells;

	t->report.printed = t->how->taken;
	t->report.next = 0;
	*c = (struct capsule){
	    .report = &t->report,
	    .page = t->report.pages,
	    .from = view->to - (int64_t)view->period,
	    .max_size = t->how->max_size,
	    .paper = t->how->paper != NULL ? t->how->paper : paper_sizes,
	};
	if (store_spells(t->store, t->arena, c->from, t->how->now, &spells,
		&c->n_spells, e) != 0)
		return -1;
	c->spells = spells;
	return gather_lines(t, e) != 0 || gather_gist(t, e) != 0 ? -1
								 : digest(t, e);
}

static int take(struct snapshot *t, const struct plan *plan, struct err *e)
{
	if (plan_narrow_page(plan, t->how->page, &t->how->panels, t->arena,
		&t->plan, e) != 0)
		return -1;
	if (t->how->last > 0)
		plan_narrow_to(t->plan.pages, t->how->last, t->how->last_name);
	if (t->how->redact != NULL) {
		if (redact_open(
			&t->redact, plan, t->how->redact, t->arena, e) != 0)
			return -1;
		redact_plan(t->redact, &t->plan);
	}
	t->means.canvas = canvas_open(NULL, NULL);
	t->composer = compose(&t->plan, t->store, t->how->data, t->how->now,
	    t->arena, &t->report, e);
	if (t->composer == NULL)
		return -1;
	unlink_alerts(t);
	build(t);
	if (gather(t, e) != 0)
		return -1;
	if (t->redact != NULL) {
		redact_report(t->redact, &t->report, t->arena);
		redact_capsule(t->redact, &t->capsule, t->arena);
	}
	return 0;
}

int snapshot_take(struct snapshot **out, const struct plan *plan,
    struct store *store, const struct run_snapshot *how, struct err *e)
{
	struct arena *a = arena_new();
	struct snapshot *t = *out = arena_make(a, struct snapshot);

	*t = (struct snapshot){
	    .how = how,
	    .data = arena_strdup(a, how->data),
	    .store = store,
	    .arena = a,
	};
	if (how->past)
		store_as_of(store, how->now);
	if (take(t, plan, e) == 0)
		return 0;
	snapshot_end(t);
	*out = NULL;
	return -1;
}

void snapshot_end(struct snapshot *t)
{
	if (t == NULL)
		return;
	html_close(t->means.html);
	canvas_close(t->means.canvas);
	compose_end(t->composer);
	redact_close(t->redact);
	arena_free(t->arena);
}

struct capsule *snapshot_capsule(struct snapshot *t)
{
	return &t->capsule;
}

const char *snapshot_words(
    struct snapshot *t, struct arena *a, const char *text)
{
	return t->redact != NULL ? redact_text(t->redact, a, text) : text;
}

/* Whatever is printed is of the same capsule, of which HTML shows most. */
static int check(struct snapshot *t, struct err *e)
{
	struct capsule whole = t->capsule;
	struct buf b;
	int rc;

	whole.max_size = CHECKED_MAX;
	buf_init(&b, CHECKED_MAX);
	rc = capsule_kinds[0]->print(&t->means, &whole, &b, e);
	if (rc == 0)
		rc = redact_check(
		    t->redact, (struct span){buf_text(&b), b.len}, e);
	buf_free(&b);
	return rc;
}

int snapshot_print(struct snapshot *t, const struct capsule_kind *kind,
    struct buf *b, struct err *e)
{
	if (t->means.html == NULL && templates_open(&t->means.html, &t->plan,
					 t->data, &t->report, t->arena, e) != 0)
		return -1;
	if (t->redact != NULL && check(t, e) != 0)
		return -1;
	return kind->print(&t->means, &t->capsule, b, e);
}

/* Who is not to know the hosts is not to know where the page is, either. */
int snapshot_letter(struct snapshot *t, struct arena *a,
    const struct letter_conf *given, struct letter *letter, struct err *e)
{
	struct letter_conf conf = *given;
	bool masked = t->redact != NULL;

	conf.capsule = &t->capsule;
	conf.note = snapshot_words(t, a, given->note);
	if (masked)
		conf.url = NULL; /* it names a host */
	if (letter_write(a, t->means.canvas, &conf, letter, e) != 0)
		return -1;
	return masked
		   ? redact_check(t->redact,
			 (struct span){letter->html, strlen(letter->html)}, e)
		   : 0;
}

int run_snapshot(const struct plan *plan, struct store *store,
    const struct run_snapshot *how, struct buf *b, struct err *e)
{
	struct snapshot *t;
	int rc;

	if (snapshot_take(&t, plan, store, how, e) != 0)
		return -1;
	rc = snapshot_print(t, how->format, b, e);
	snapshot_end(t);
	return rc;
}
