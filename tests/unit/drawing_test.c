/* Drawings: the same bytes on one thread and on four. */
#include "base/pool.h"
#include "run/drawing.h"
#include "sample_report.h"
#include "test.h"

#define TIMES 8 /* each block of the sample */

struct desk {
	struct page *page;
	struct drawing *drawings;
	struct arena *arenas[4];
	struct canvas *canvases[4];
};

static void draw(void *ctx, size_t worker, size_t i)
{
	struct desk *d = ctx;
	const struct block *b = &d->page->blocks[i / TIMES];
	struct drawing_conf conf = {
	    d->canvases[worker], "2026-11-22T03:14:00Z"};
	struct err e;

	assert_int_equal(drawing_make(&d->drawings[i], b, b->id, &conf,
			     d->arenas[worker], &e),
	    0);
}

static struct drawing *draw_all(struct desk *d, struct arena *a, size_t threads)
{
	size_t n = d->page->n_blocks * TIMES;

	d->drawings = arena_array(a, n, sizeof(*d->drawings));
	pool_each(threads, n, draw, d);
	return d->drawings;
}

static void same_text(struct span a, struct span b)
{
	assert_int_equal(a.n, b.n);
	if (a.n > 0)
		assert_memory_equal(a.p, b.p, a.n);
}

static void threads_make_no_difference(void **state)
{
	struct arena *a = arena_new();
	struct desk d = {.page = sample_report(a, SAMPLE_NOW)->pages};
	struct drawing *one, *four;
	size_t files = 0;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		d.arenas[i] = arena_new();
		d.canvases[i] = canvas_open(NULL, NULL);
	}
	for (size_t i = 0; i < d.page->n_blocks; i++) {
		strings_add(a, &d.page->blocks[i].embed, "png");
		strings_add(a, &d.page->blocks[i].embed, "pdf");
	}
	one = draw_all(&d, a, 1);
	four = draw_all(&d, a, 4);
	for (size_t i = 0; i < d.page->n_blocks * TIMES; i++) {
		same_text(one[i].charts.wide, four[i].charts.wide);
		same_text(one[i].charts.narrow, four[i].charts.narrow);
		assert_int_equal(one[i].n_files, four[i].n_files);
		for (size_t k = 0; k < one[i].n_files; k++, files++)
			same_text(one[i].files[k].text, four[i].files[k].text);
	}
	assert_true(files > 10 * TIMES);
	for (size_t i = 0; i < 4; i++) {
		canvas_close(d.canvases[i]);
		arena_free(d.arenas[i]);
	}
	arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(threads_make_no_difference),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
