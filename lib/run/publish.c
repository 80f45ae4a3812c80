#include "run/publish.h"
#include "base/crypto.h"
#include "base/file.h"
#include "output/json.h"
#include "run/stage.h"
#include "run/templates.h"

#include <string.h>

#define FILE_MAX_BYTES (256u * 1024 * 1024)

/* What a page refers to is kept for so many runs after the page is gone. */
#define RUNS_KEPT  5
#define KEPT_MIN_S 600

struct publisher {
	const struct plan *plan;
	struct report *report;
	struct stage *stage;
	struct html *html;
	struct arena *arena;
	struct buf buf;
	size_t inline_bytes; /* of the page that is printed */
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

int publish_block(struct publisher *p, const struct page *page, struct block *b,
    const struct drawing *d, struct arena *a, struct err *e)
{
	const struct html_pictures pictures = {
	    .inline_max = p->plan->common.inline_max,
	    .put = put_picture,
	    .ctx = p,
	};

	for (size_t i = 0; i < d->n_files; i++)
		if (stage_put(p->stage, d->files[i].path, d->files[i].text.p,
			d->files[i].text.n, e) != 0)
			return -1;
	if (html_print(p->html, page, b, &d->charts, &pictures,
		&p->inline_bytes, a, e) != 0)
		return err_context(e, "%s", page->file);
	return 0;
}

static bool mentions(struct span html, const char *path)
{
	return memmem(html.p, html.n, path, strlen(path)) != NULL;
}

/* charts/NAME-HASH.svg, as put_picture() called it, wherever it is named. */
static bool keep_pictures(
    struct publisher *p, const char *name, struct span html)
{
	const char *start = arena_printf(p->arena, "charts/%s-", name);
	const char *end = html.p + html.n, *at = html.p;
	const size_t n = strlen(start), tail = strlen("0123456789abcdef.svg");

	while ((at = memmem(at, (size_t)(end - at), start, n)) != NULL) {
		if ((size_t)(end - at) < n + tail ||
		    !stage_keep(
			p->stage, arena_strndup(p->arena, at, n + tail)))
			return false;
		at += n + tail;
	}
	return true;
}

bool publish_kept(struct publisher *p, const char *name, const struct block *b)
{
	static const char *const formats[] = {"csv", "json"};
	const char *narrow = arena_printf(p->arena, "%s.narrow", name);

	for (size_t i = 0; i < 2; i++) {
		const char *path =
		    arena_printf(p->arena, "data/%s.%s", name, formats[i]);

		if (!stage_keep(p->stage, path) && mentions(b->html, path))
			return false;
	}
	for (size_t i = 0; i < b->embed.n; i++)
		if (!stage_keep(p->stage, arena_printf(p->arena, "charts/%s.%s",
					      name, b->embed.items[i])))
			return false;
	if (!keep_pictures(p, name, b->html) ||
	    !keep_pictures(p, narrow, b->html))
		return false;
	p->inline_bytes += b->svg_bytes;
	return true;
}

void publish_shared(struct publisher *p, const struct block *b)
{
	p->inline_bytes += b->svg_bytes;
}

const char *publish_digest(const struct publisher *p)
{
	return html_digest(p->html);
}

int publish_page(struct publisher *p, const struct page *page, struct err *e)
{
	p->inline_bytes = 0;
	buf_reset(&p->buf);
	if (html_page(p->html, p->report, page, NULL, &p->buf, e) != 0)
		return -1;
	return put(p, page->file, &p->buf, e);
}

static int put_explorer(struct publisher *p, struct explorer *x, struct err *e)
{
	const struct report *r = p->report;

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

static int sweep(struct publisher *p, const struct explorer *x, struct err *e)
{
	const struct report *r = p->report;
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
	return x != NULL ? explore_sweep(x, p->stage, e) : 0;
}

int publish_commit(struct publisher *p, struct explorer *x, struct err *e)
{
	if (put_explorer(p, x, e) != 0)
		return -1;
	buf_reset(&p->buf);
	json_status(p->report, &p->buf);
	if (put(p, "status.json", &p->buf, e) != 0 ||
	    stage_commit(p->stage, e) != 0)
		return -1;
	return sweep(p, x, e);
}

int publish_open(struct publisher **out, const struct plan *plan,
    struct report *r, const char *data, struct err *e)
{
	struct arena *a = arena_new();
	struct publisher *p = arena_make(a, struct publisher);

	*p = (struct publisher){.plan = plan, .report = r, .arena = a};
	buf_init(&p->buf, FILE_MAX_BYTES);
	*out = p;
	if (stage_open(&p->stage, plan->common.output, e) == 0 &&
	    templates_open(&p->html, plan, data, r, a, e) == 0)
		return 0;
	publish_close(p);
	*out = NULL;
	return -1;
}

void publish_close(struct publisher *p)
{
	if (p == NULL)
		return;
	html_close(p->html);
	stage_close(p->stage);
	buf_free(&p->buf);
	arena_free(p->arena);
}
