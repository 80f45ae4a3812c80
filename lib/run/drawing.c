#include "run/drawing.h"
#include "output/csv.h"
#include "output/json.h"
#include "output/poster.h"
#include "output/svg.h"

#define FILE_MAX_BYTES (256u * 1024 * 1024)

struct drawer {
	struct drawing *drawing;
	const struct block *block;
	const char *name;
	const struct drawing_conf *conf;
	struct arena *arena;
	struct buf buf;
};

/* What was written becomes a file. */
static int add_file(
    struct drawer *d, const char *folder, const char *format, struct err *e)
{
	const char *path =
	    arena_printf(d->arena, "%s/%s.%s", folder, d->name, format);

	if (d->buf.failed)
		return err_set(
		    e, "%s: larger than %zu bytes", path, d->buf.max);
	*arena_push(d->arena, &d->drawing->files, &d->drawing->n_files,
	    &d->drawing->cap_files) = (struct drawn_file){
	    .path = path,
	    .text = {arena_copy(d->arena, buf_text(&d->buf), d->buf.len),
		d->buf.len},
	};
	buf_reset(&d->buf);
	return 0;
}

static int add_numbers(struct drawer *d, struct err *e)
{
	if (d->block->numbers == NULL)
		return 0;
	csv_numbers(d->block->numbers, &d->buf);
	if (add_file(d, "data", "csv", e) != 0)
		return -1;
	json_numbers(d->block, &d->buf);
	return add_file(d, "data", "json", e);
}

static int draw(struct drawer *d, const char *format, const struct scene *scene,
    struct err *e)
{
	struct canvas *canvas = d->conf->canvas;
	struct svg_options svg = {
	    .title = d->block->title,
	    .desc = d->block->alt,
	    .standalone = true,
	};

	if (str_eq(format, "png"))
		return canvas_png(canvas, scene, THEME_LIGHT, 2, &d->buf, e);
	if (str_eq(format, "pdf"))
		return canvas_pdf(canvas, scene, d->conf->created, &d->buf, e);
	svg_write(scene, &svg, &d->buf);
	return 0;
}

/* The pictures that a panel wants under a name that stays. */
static int add_embeds(struct drawer *d, struct err *e)
{
	const struct strings *embed = &d->block->embed;
	struct ruler ruler = canvas_ruler(d->conf->canvas);
	const struct scene *scene;

	if (d->block->wide == NULL || embed->n == 0)
		return 0;
	scene = poster_scene(d->arena, d->block, &ruler);
	for (size_t i = 0; i < embed->n; i++) {
		const char *format = embed->items[i];

		if (draw(d, format, scene, e) != 0)
			return err_context(e, "charts/%s.%s", d->name, format);
		if (add_file(d, "charts", format, e) != 0)
			return -1;
	}
	return 0;
}

int drawing_make(struct drawing *out, const struct block *b, const char *name,
    const struct drawing_conf *conf, struct arena *a, struct err *e)
{
	struct drawer d = {
	    .drawing = out,
	    .block = b,
	    .name = name,
	    .conf = conf,
	    .arena = a,
	};
	int rc;

	*out = (struct drawing){0};
	buf_init(&d.buf, FILE_MAX_BYTES);
	rc = html_draw(b, a, &out->charts, e);
	if (rc == 0)
		rc = add_numbers(&d, e);
	if (rc == 0)
		rc = add_embeds(&d, e);
	buf_free(&d.buf);
	return rc;
}
