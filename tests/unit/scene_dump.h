/*
 * Scenes as text, to be compared with tests/golden/NAME.txt. With
 * GOLDEN_WRITE set in the environment the files are written instead: look at
 * the difference before you commit it.
 */
#ifndef TESTS_SCENE_DUMP_H
#define TESTS_SCENE_DUMP_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/file.h"
#include "chart/scene.h"

/* Every character is as wide as the next: golden files know no font. */
static inline double even_width(
    void *ctx, const char *text, double size, bool bold)
{
	double w = 0;

	(void)ctx;
	while (text_next(&text) != 0)
		w += size * (bold ? 0.65 : 0.6);
	return w;
}

static const struct ruler even_ruler = {.width = even_width};

static inline void dump_points(const struct scene_item *it, struct buf *out)
{
	for (size_t i = 0; i < it->n; i++) {
		if (isnan(it->points[i].x))
			buf_str(out, " /");
		else
			buf_printf(out, " %.1f,%.1f", it->points[i].x,
			    it->points[i].y);
	}
}

static inline void dump_item(const struct scene_item *it, struct buf *out)
{
	static const char *const kinds[] = {
	    "line", "area", "rect", "hatch", "mark", "text"};
	static const char *const anchors[] = {"start", "middle", "end"};

	buf_printf(out, "%s ink=%d", kinds[it->kind], it->ink);
	if (it->kind == SCENE_LINE)
		buf_printf(out, " width=%g", it->width);
	if (it->kind == SCENE_TEXT)
		buf_printf(out, " %s size=%g", anchors[it->anchor], it->size);
	if (it->opacity > 0)
		buf_printf(out, " opacity=%g", it->opacity);
	if (it->kind == SCENE_MARK && it->mark != MARK_CIRCLE)
		buf_printf(out, " mark=%d", it->mark);
	if (it->edge != INK_NONE)
		buf_printf(out, " edge=%d", it->edge);
	if (it->dashed)
		buf_str(out, " dashed");
	if (it->bold)
		buf_str(out, " bold");
	if (it->halo)
		buf_str(out, " halo");
	dump_points(it, out);
	if (it->text != NULL)
		buf_printf(out, " '%s'", it->text);
	if (it->title != NULL)
		buf_printf(out, " title='%s'", it->title);
	buf_char(out, '\n');
}

static inline void scene_dump(const struct scene *s, struct buf *out)
{
	const struct scene_plot *p = &s->plot;

	buf_printf(out, "scene %gx%g\n", s->w, s->h);
	if (p->t0 != p->t1)
		buf_printf(out,
		    "plot x %.1f..%.1f y %.1f..%.1f t %lld..%lld v %g..%g "
		    "'%s'\n",
		    p->x0, p->x1, p->y0, p->y1, (long long)p->t0,
		    (long long)p->t1, p->v0, p->v1, p->unit);
	for (size_t i = 0; i < s->n; i++)
		dump_item(&s->items[i], out);
}

static inline void golden_compare(
    struct arena *a, const char *name, const struct buf *got)
{
	const char *path = arena_printf(a, "tests/golden/%s.txt", name);
	struct span want;
	struct err e;

	if (getenv("GOLDEN_WRITE") != NULL) {
		assert_int_equal(
		    file_replace(path, got->data, got->len, &e), 0);
		return;
	}
	if (file_read(a, path, 1 << 20, &want, &e) != 0)
		fail_msg("%s", e.text);
	assert_string_equal(buf_text(got), want.p);
}

static inline void golden_scene(
    struct arena *a, const char *name, const struct scene *s)
{
	struct buf got;

	buf_init(&got, 1 << 20);
	scene_dump(s, &got);
	golden_compare(a, name, &got);
	buf_free(&got);
}

/* Is there an item with exactly this text? */
static inline const struct scene_item *find_text(
    const struct scene *s, const char *text)
{
	for (size_t i = 0; i < s->n; i++)
		if (s->items[i].text != NULL &&
		    strcmp(s->items[i].text, text) == 0)
			return &s->items[i];
	return NULL;
}

static inline size_t count_kind(const struct scene *s, enum scene_kind kind)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += s->items[i].kind == kind;
	return n;
}

#endif
