/* A snapshot as one tall picture of the page, at twice its size. */
#include "output/paper.h"

#define LONGEST 16384.0 /* pixels: canvas_png() paints no more */

struct printing {
	const struct capsule_means *means;
	const struct capsule *capsule;
};

static int print_once(void *ctx, const struct omission *without, struct buf *b,
    bool *fits, struct err *e)
{
	struct printing *p = ctx;
	struct ruler ruler = canvas_ruler(p->means->canvas);
	struct arena *a = arena_new();
	struct canvas_document d;
	const struct scene *s;
	int rc = 0;

	paper_lay(a, p->capsule, without, &paper_poster, &ruler, &d);
	s = d.pages[0].scene;
	*fits = s->h <= LONGEST;
	if (*fits)
		rc = canvas_png(p->means->canvas, s, THEME_LIGHT,
		    s->h * 2 <= LONGEST ? 2 : 1, b, e);
	arena_free(a);
	return rc;
}

static int print(const struct capsule_means *means, const struct capsule *c,
    struct buf *b, struct err *e)
{
	struct capsule bare = *c; /* the picture has only the panels' lines */
	struct printing p = {means, &bare};
	struct arena *a = arena_new();
	int rc;

	bare.n_lines = 0;
	rc = omission_fit(&bare, false, a, print_once, &p, b, e);
	arena_free(a);
	return rc;
}

const struct capsule_kind capsule_png = {
    .name = "png",
    .suffix = ".png",
    .media = "image/png",
    .print = print,
    .magic = "\x89PNG",
};
