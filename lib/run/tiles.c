#include "run/tiles.h"

#include <stdlib.h>
#include <string.h>

#include "chart/canvas_picture.h"
#include "run/collect.h"
#include "run/compose_map.h"
#include "source/tile.h"

#define TILES_OPTION "tiles" /* of such panels */
#define DAY	     INT64_C(86400)
#define KEPT	     (7 * DAY)	   /* where the server does not say */
#define KEPT_LEAST   INT64_C(3600) /* even if it says less */
#define KEPT_MOST    (365 * DAY)
#define RETRY	     INT64_C(600) /* after a failure */
#define TIMEOUT_S    10.0
#define DEADLINE_S   15.0

/* In the child: what it may be kept for, a line, and the picture. */
static int decode(
    const struct decode_input *in, struct readings *out, struct err *e)
{
	double age = in->max_age > 0 ? in->max_age : (double)KEPT;
	struct buf b;

	if (picture_check((struct span){in->body, in->len}, e) != 0)
		return -1;
	age = age < (double)KEPT_LEAST	? (double)KEPT_LEAST
	      : age > (double)KEPT_MOST ? (double)KEPT_MOST
					: age;
	buf_init(&b, PICTURE_BYTES_MAX + 64);
	buf_printf(&b, "%.0f\n", age);
	buf_add(&b, in->body, in->len);
	out->state =
	    (struct span){arena_copy(out->arena, buf_text(&b), b.len), b.len};
	buf_free(&b);
	return 0;
}

static const struct decoder decoder_tile = {
    .name = "tile",
    .help = "a tile of a map",
    .as = {AS_SAMPLES, 0},
    .decode = decode,
};

/* While the tiles of a run are fetched. */
struct fetching {
	struct store *store;
	struct arena *arena;
	int64_t now;
	struct names urls;
	struct map_tile *tiles;
	size_t n, cap;
	struct plan_source *sources; /* one for each tile that is due */
	struct job *jobs;
	size_t n_due;
	size_t failed;
	const char *message;
	enum outcome outcome;
	double ms;
	uint64_t bytes;
};

static bool has_tiles(const struct plan_panel *p)
{
	return p->kind->tiles != NULL;
}

static int add_urls(
    struct fetching *f, const struct strings *urls, struct err *e)
{
	for (size_t i = 0; i < urls->n; i++) {
		struct map_tile *t;

		if (!names_add(f->arena, &f->urls, urls->items[i], f->n))
			continue;
		t = arena_push(f->arena, &f->tiles, &f->n, &f->cap);
		if (store_tile(f->store, f->arena, urls->items[i], t, e) != 0)
			return -1;
	}
	return 0;
}

static int add_panel(struct fetching *f, const struct plan *plan,
    const struct plan_panel *p, struct err *e)
{
	struct strings urls = {0};
	struct panel_input in = {
	    .conf = p->conf,
	    .common = &p->common,
	    .title = p->title,
	    .now = f->now,
	    .from = f->now,
	    .to = f->now,
	    .run_every = plan->every,
	};

	if (gather_records(f->store, p->kind, &in, f->arena, e) != 0)
		return -1;
	p->kind->tiles(&in, f->arena, &urls);
	return add_urls(f, &urls, e);
}

static int add_all(struct fetching *f, const struct plan *plan, struct err *e)
{
	for (size_t i = 0; i < plan->n_pages; i++)
		for (size_t k = 0; k < plan->pages[i].n_panels; k++) {
			const struct plan_panel *p = &plan->pages[i].panels[k];

			if (has_tiles(p) && add_panel(f, plan, p, e) != 0)
				return -1;
		}
	return 0;
}

/* A clock that was set back makes none wait for years. */
static bool is_due(const struct fetching *f, const struct map_tile *t)
{
	return t->expires <= f->now || t->expires > f->now + KEPT_MOST;
}

static void add_job(struct fetching *f, const struct map_tile *t)
{
	struct plan_source *s = &f->sources[f->n_due];
	struct job *job = &f->jobs[f->n_due++];

	*s = (struct plan_source){
	    .name = t->url,
	    .common = {.timeout = TIMEOUT_S, .limit = PICTURE_BYTES_MAX},
	    .kind = &source_tile,
	    .conf = tile_conf(f->arena, t->url),
	    .decoder = &decoder_tile,
	    .as = AS_SAMPLES,
	};
	*job = (struct job){.source = s, .memory = {.fetch_state = t->memory}};
}

/* What is not there at all comes before what only is old. */
static void choose(struct fetching *f)
{
	f->sources = arena_array(f->arena, TILES_A_RUN, sizeof(*f->sources));
	f->jobs = arena_array(f->arena, TILES_A_RUN, sizeof(*f->jobs));
	for (int old = 0; old < 2; old++)
		for (size_t i = 0; i < f->n && f->n_due < TILES_A_RUN; i++)
			if ((f->tiles[i].png.n > 0) == (old == 1) &&
			    is_due(f, &f->tiles[i]))
				add_job(f, &f->tiles[i]);
}

static struct span copy(struct fetching *f, struct span s)
{
	return (struct span){arena_copy(f->arena, s.p, s.n), s.n};
}

/* Of a child nothing is believed that is not looked at again. */
static void take(
    struct fetching *f, struct map_tile *t, const struct delivery *d)
{
	struct span rest = d->readings->state, line;
	int64_t age;

	if (!str_line(&rest, &line) ||
	    !str_int(arena_strndup(f->arena, line.p, line.n), &age) ||
	    age < KEPT_LEAST || age > KEPT_MOST || rest.n > PICTURE_BYTES_MAX)
		return;
	t->png = copy(f, rest);
	t->memory = copy(f, d->fetch_state);
	t->expires = f->now + age;
}

static void blame(struct fetching *f, const struct delivery *d)
{
	if (f->failed++ > 0)
		return;
	f->outcome = d->outcome;
	f->message = arena_strdup(f->arena, d->message);
}

static int deliver(void *ctx, const struct delivery *d, size_t n, struct err *e)
{
	struct fetching *f = ctx;
	size_t at;

	(void)e;
	for (size_t i = 0; i < n; i++) {
		if (!names_find(&f->urls, d[i].source, &at))
			continue;
		f->tiles[at].expires = f->now + RETRY;
		f->bytes += d[i].bytes;
		f->ms = d[i].ms > f->ms ? d[i].ms : f->ms;
		if (d[i].outcome == OUTCOME_OK)
			take(f, &f->tiles[at], &d[i]);
		else
			blame(f, &d[i]);
	}
	return 0;
}

/* What was asked for, and what is wanted still though it was not. */
static int keep(struct fetching *f, struct err *e)
{
	struct map_tile *kept = arena_array(f->arena, f->n, sizeof(*kept));
	size_t n = 0, at;

	for (size_t i = 0; i < f->n_due; i++)
		if (names_find(&f->urls, f->sources[i].name, &at)) {
			kept[n++] = f->tiles[at];
			f->tiles[at].used = f->now;
		}
	for (size_t i = 0; i < f->n; i++)
		if (f->tiles[i].used != 0 && f->tiles[i].used < f->now - DAY)
			kept[n++] = f->tiles[i];
	return store_keep_tiles(f->store, kept, n, f->now, e);
}

/* One line of the ledger for all of them. */
static int tell(struct fetching *f, const struct plan *plan, struct err *e)
{
	struct readings none;
	struct delivery d = {
	    .source = TILES_SOURCE,
	    .now = f->now,
	    .every = plan->every,
	    .outcome = f->failed > 0 ? f->outcome : OUTCOME_OK,
	    .message = "",
	    .hint = "",
	    .ms = f->ms,
	    .bytes = f->bytes,
	};

	if (f->n_due == 0)
		return 0;
	readings_init(&none, f->arena);
	if (f->failed > 0)
		d.message =
		    arena_printf(f->arena, "%zu of %zu failed, the first: %s",
			f->failed, f->n_due, f->message);
	else
		d.readings = &none;
	return store_deliver(f->store, &d, 1, e);
}

bool tiles_wanted(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_pages; i++)
		for (size_t k = 0; k < plan->pages[i].n_panels; k++) {
			const struct plan_panel *p = &plan->pages[i].panels[k];

			if (has_tiles(p) &&
			    node_get(p->node, TILES_OPTION) != NULL)
				return true;
		}
	return false;
}

int tiles_fetch(const struct plan *plan, struct store *store, int64_t now,
    double left, struct err *e)
{
	struct fetching f = {.store = store, .now = now};
	struct collect_sink sink = {.deliver = deliver, .ctx = &f};
	int rc;

	if (!tiles_wanted(plan) || left <= 0)
		return 0;
	f.arena = arena_new();
	rc = add_all(&f, plan, e);
	if (rc == 0)
		choose(&f);
	if (rc == 0 && f.n_due > 0)
		rc = collect_jobs(plan, f.jobs, f.n_due, now,
		    left < DEADLINE_S ? left : DEADLINE_S, &sink, e);
	if (rc == 0)
		rc = keep(&f, e);
	if (rc == 0)
		rc = tell(&f, plan, e);
	arena_free(f.arena);
	return rc;
}

int tiles_gather(struct store *store, const struct panel_kind *kind,
    struct panel_input *in, struct arena *a, struct err *e)
{
	struct strings urls = {0};
	struct map_tile *tiles;

	kind->tiles(in, a, &urls);
	tiles = arena_array(a, urls.n, sizeof(*tiles));
	for (size_t i = 0; i < urls.n; i++)
		if (store_tile(store, a, urls.items[i], &tiles[i], e) != 0)
			return -1;
	in->tiles = tiles;
	in->n_tiles = urls.n;
	return 0;
}
