/*
 * Writes a page with every kind of block, for looking at and for the
 * browser's tests.
 *
 *	sample_page ROOT OUT [STARTED [EVERY [INLINE_MAX]]]
 *
 * ROOT has templates/ and assets/; OUT gets index.html, the numbers of its
 * panels, status.json, and charts/ beyond INLINE_MAX bytes. STARTED is in
 * epoch seconds, a fixed moment if it is 0 or not given.
 */
#include <stdio.h>
#include <stdlib.h>

#include "../unit/sample_report.h"
#include "base/file.h"
#include "output/csv.h"
#include "output/html.h"
#include "output/json.h"

struct target {
	struct arena *arena;
	const char *out;
	struct err *err;
};

static int put(struct target *t, const char *name, const struct buf *b)
{
	return file_replace(arena_printf(t->arena, "%s/%s", t->out, name),
	    b->data, b->len, t->err);
}

static int put_chart(void *ctx, const char *name, const struct buf *svg,
    const char **href, struct err *e)
{
	struct target *t = ctx;

	(void)e;
	*href = arena_printf(t->arena, "charts/%s.svg", name);
	return put(t, *href, svg);
}

static int put_numbers(
    struct target *t, const struct page *p, const struct block *b)
{
	const char *name = block_name(t->arena, p, b);
	struct buf text;
	int rc;

	if (b->numbers == NULL)
		return 0;
	buf_init(&text, 1 << 20);
	csv_numbers(b->numbers, &text);
	rc = put(t, arena_printf(t->arena, "data/%s.csv", name), &text);
	buf_reset(&text);
	json_numbers(b, &text);
	if (rc == 0)
		rc =
		    put(t, arena_printf(t->arena, "data/%s.json", name), &text);
	buf_free(&text);
	return rc;
}

static int put_page(
    struct target *t, struct html *h, const struct report *r, size_t inline_max)
{
	struct html_pictures pictures = {inline_max, put_chart, t};
	struct buf page;
	int rc;

	buf_init(&page, 16 << 20);
	rc = html_page(h, r, &r->pages[0], &pictures, &page, t->err);
	if (rc == 0)
		rc = put(t, "index.html", &page);
	buf_reset(&page);
	json_status(r, &page);
	if (rc == 0)
		rc = put(t, "status.json", &page);
	buf_free(&page);
	for (size_t i = 0; rc == 0 && i < r->pages[0].n_blocks; i++)
		rc = put_numbers(t, &r->pages[0], &r->pages[0].blocks[i]);
	return rc;
}

static int make_dirs(struct target *t)
{
	if (file_make_dirs(arena_printf(t->arena, "%s/data", t->out), t->err) <
	    0)
		return -1;
	return file_make_dirs(
	    arena_printf(t->arena, "%s/charts", t->out), t->err);
}

int main(int argc, char **argv)
{
	struct arena *a = arena_new();
	struct err e = {0};
	struct target t = {a, argc > 2 ? argv[2] : "", &e};
	int64_t now = argc > 3 ? strtoll(argv[3], NULL, 10) : 0;
	size_t inline_max = argc > 5 ? strtoul(argv[5], NULL, 10) : 1 << 20;
	struct html *h = NULL;
	struct report *r;
	int rc = argc < 3 ? err_set(&e, "usage: %s ROOT OUT", argv[0]) : 0;

	if (rc == 0)
		rc = clock_set_zone("Europe/London", &e);
	if (rc == 0)
		rc = make_dirs(&t);
	if (rc == 0)
		rc = html_open(&h,
		    &(struct html_conf){
			.templates = arena_printf(a, "%s/templates", argv[1]),
			.assets = arena_printf(a, "%s/assets", argv[1])},
		    &e);
	if (rc == 0) {
		r = sample_report(a, now != 0 ? now : SAMPLE_NOW);
		if (argc > 4)
			r->every = strtoll(argv[4], NULL, 10);
		rc = put_page(&t, h, r, inline_max);
	}
	if (rc < 0)
		fprintf(stderr, "%s\n", e.text);
	html_close(h);
	arena_free(a);
	return rc < 0;
}
