#include "run/publish.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/file.h"
#include "output/csv.h"
#include "output/html.h"
#include "output/json.h"
#include "output/poster.h"
#include "output/svg.h"
#include "run/stage.h"

#include <string.h>

#define FILE_MAX_BYTES (256u * 1024 * 1024)

/* What a page refers to is kept for so many runs after the page is gone. */
#define RUNS_KEPT  5
#define KEPT_MIN_S 600

struct publisher {
	struct stage *stage;
	struct html *html;
	struct canvas *canvas;
	struct arena *arena;
	struct buf buf;
	const char *created; /* for the documents' own dates */
	const struct plan *plan;
	struct explorer *explorer; /* or NULL */
};

static int put(
    struct publisher *p, const char *path, const struct buf *b, struct err *e)
{
	if (b->failed)
		return err_set(e, "%s: larger than %zu bytes", path, b->max);
	return stage_put(p->stage, path, buf_text(b), b->len, e);
}

/* charts/NAME-HASH.svg: a name that never means anything else. */
static int put_picture(void *ctx, const char *name, const struct buf *svg,
    const char **href, struct err *e)
{
	struct publisher *p = ctx;
	char hash[CRYPTO_SHA256_HEX];

	crypto_sha256_hex(svg->data, svg->len, hash);
	*href = arena_printf(p->arena, "charts/%s-%.16s.svg", name, hash);
	return put(p, *href, svg, e);
}

static int put_numbers(
    struct publisher *p, const char *name, const struct block *b, struct err *e)
{
	buf_reset(&p->buf);
	csv_numbers(b->numbers, &p->buf);
	if (put(p, arena_printf(p->arena, "data/%s.csv", name), &p->buf, e) !=
	    0)
		return -1;
	buf_reset(&p->buf);
	json_numbers(b, &p->buf);
	return put(p, arena_printf(p->arena, "data/%s.json", name), &p->buf, e);
}

static int draw(struct publisher *p, const char *format, const struct block *b,
    struct err *e)
{
	struct svg_options svg = {
	    .title = b->title, .desc = b->alt, .standalone = true};
	struct ruler ruler = canvas_ruler(p->canvas);
	const struct scene *scene = poster_scene(p->arena, b, &ruler);

	buf_reset(&p->buf);
	if (str_eq(format, "png"))
		return canvas_png(p->canvas, scene, THEME_LIGHT, 2, &p->buf, e);
	if (str_eq(format, "pdf"))
		return canvas_pdf(p->canvas, scene, p->created, &p->buf, e);
	svg_write(scene, &svg, &p->buf);
	return 0;
}

/* The pictures that a panel wants under a name that stays. */
static int put_embeds(
    struct publisher *p, const char *name, const struct block *b, struct err *e)
{
	for (size_t i = 0; b->wide != NULL && i < b->embed.n; i++) {
		const char *format = b->embed.items[i];
		const char *path =
		    arena_printf(p->arena, "charts/%s.%s", name, format);

		if (draw(p, format, b, e) != 0)
			return err_context(e, "%s", path);
		if (put(p, path, &p->buf, e) != 0)
			return -1;
	}
	return 0;
}

static int put_blocks(
    struct publisher *p, const struct page *page, struct err *e)
{
	for (size_t i = 0; i < page->n_blocks; i++) {
		const struct block *b = &page->blocks[i];
		const char *name = block_name(p->arena, page, b);

		if (b->numbers != NULL && put_numbers(p, name, b, e) != 0)
			return -1;
		if (put_embeds(p, name, b, e) != 0)
			return -1;
	}
	return 0;
}

static int put_page(struct publisher *p, const struct report *r,
    const struct page *page, struct err *e)
{
	const struct html_pictures pictures = {
	    .inline_max = p->plan->common.inline_max,
	    .put = put_picture,
	    .ctx = p,
	};

	if (put_blocks(p, page, e) != 0)
		return -1;
	buf_reset(&p->buf);
	if (html_page(p->html, r, page, &pictures, &p->buf, e) != 0)
		return err_context(e, "%s", page->file);
	return put(p, page->file, &p->buf, e);
}

static int put_explorer(
    struct publisher *p, const struct report *r, struct err *e)
{
	struct explorer *x = p->explorer;

	if (x == NULL || r->explorer == NULL)
		return 0;
	if (explore_put(x, p->stage, e) != 0)
		return -1;
	buf_reset(&p->buf);
	if (html_explorer(p->html, r, x->series, x->n, &p->buf, e) != 0)
		return -1;
	return put(p, r->explorer->file, &p->buf, e);
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), len = strlen(end);

	return n > len && strcmp(s + n - len, end) == 0;
}

/*
 * Beside our pages there may be others, so only what we printed counts: a
 * page that names its generator, and what a killed run left half written.
 */
static bool printed_by_us(const char *path)
{
	static const char mark[] = "content=\"broadsheet ";
	struct arena *a;
	struct span text;
	struct err ignored;
	bool ours;

	if (ends_with(path, ".html.new") || ends_with(path, "/status.json.new"))
		return true;
	if (!ends_with(path, ".html"))
		return false;
	a = arena_new();
	ours = file_read(a, path, FILE_MAX_BYTES, &text, &ignored) == 0 &&
	       memmem(text.p, text.n < 4096 ? text.n : 4096, mark,
		   sizeof(mark) - 1) != NULL;
	arena_free(a);
	return ours;
}

static int sweep(struct publisher *p, const struct report *r, struct err *e)
{
	int64_t kept = r->every * RUNS_KEPT;

	if (kept < KEPT_MIN_S)
		kept = KEPT_MIN_S;
	if (stage_sweep(p->stage, "charts", r->started - kept, NULL, e) != 0 ||
	    stage_sweep(p->stage, "data", r->started - kept, NULL, e) != 0)
		return -1;
	if (stage_sweep(p->stage, "", r->started - kept, printed_by_us, e) != 0)
		return -1;
	if (!p->plan->common.explore)
		return stage_sweep(
		    p->stage, EXPLORE_FOLDER, r->started, NULL, e);
	return p->explorer != NULL ? explore_sweep(p->explorer, p->stage, e)
				   : 0;
}

static int put_all(struct publisher *p, const struct report *r, struct err *e)
{
	for (size_t i = 0; i < r->n_pages; i++)
		if (put_page(p, r, &r->pages[i], e) != 0)
			return -1;
	if (put_explorer(p, r, e) != 0)
		return -1;
	buf_reset(&p->buf);
	json_status(r, &p->buf);
	if (put(p, "status.json", &p->buf, e) != 0 ||
	    stage_commit(p->stage, e) != 0)
		return -1;
	return sweep(p, r, e);
}

/* With the user's templates, or if those are broken as shipped. */
static int open_html(
    struct publisher *p, struct report *r, const char *data, struct err *e)
{
	struct html_conf conf = {
	    .templates = arena_printf(p->arena, "%s/templates", data),
	    .assets = arena_printf(p->arena, "%s/assets", data),
	    .overrides = p->plan->common.templates,
	};

	if (html_open(&p->html, &conf, e) == 0)
		return 0;
	if (conf.overrides == NULL)
		return -1;
	r->warning = arena_strdup(p->arena, e->text);
	conf.overrides = NULL;
	return html_open(&p->html, &conf, e);
}

int publish(const struct plan *plan, struct report *r, struct explorer *x,
    struct canvas *canvas, const char *data, struct err *e)
{
	struct publisher p = {.plan = plan,
	    .explorer = x,
	    .canvas = canvas,
	    .arena = arena_new()};
	int rc;

	p.created = clock_iso(p.arena, r->started);
	buf_init(&p.buf, FILE_MAX_BYTES);
	rc = stage_open(&p.stage, plan->common.output, e);
	if (rc == 0)
		rc = open_html(&p, r, data, e);
	if (rc == 0)
		rc = put_all(&p, r, e);
	html_close(p.html);
	stage_close(p.stage);
	buf_free(&p.buf);
	arena_free(p.arena);
	return rc;
}
