#include "chart/canvas_palette.h"

#include <png.h>
#include <stdlib.h>
#include <string.h>

/*
 * Colours are sorted into bins of five bits a channel. The fullest bins
 * become the palette, each with the first colour that fell into it; the rest
 * take what is nearest.
 */
#define BINS   32768
#define COLORS 256
#define LEVEL  2 /* of zlib: more costs time and gains little here */

struct quantizer {
	uint32_t count[BINS], rgb[BINS];
	unsigned char index[BINS];
	unsigned short used[BINS]; /* bins, in order of appearance */
	size_t n_used;
	png_color colors[COLORS];
	size_t n_colors;
};

static unsigned bin_of(uint32_t c)
{
	return (c >> 9 & 0x7c00) | (c >> 6 & 0x3e0) | (c >> 3 & 0x1f);
}

static const uint32_t *row_of(const struct pixels *px, size_t y)
{
	return (const uint32_t *)(const void *)(px->data + y * px->stride);
}

static void add_run(struct quantizer *q, uint32_t c, uint32_t n)
{
	unsigned bin = bin_of(c);

	if (q->count[bin] == 0) {
		q->rgb[bin] = c & 0xffffff;
		q->used[q->n_used++] = (unsigned short)bin;
	}
	q->count[bin] += n;
}

/* A chart is runs of paper: count those, not pixels. */
static void count_colors(struct quantizer *q, const struct pixels *px)
{
	for (size_t y = 0; y < px->h; y++) {
		const uint32_t *row = row_of(px, y);

		for (size_t x = 0, end; x < px->w; x = end) {
			for (end = x + 1; end < px->w && row[end] == row[x];)
				end++;
			add_run(q, row[x], (uint32_t)(end - x));
		}
	}
}

static void add_color(struct quantizer *q, unsigned bin, uint32_t rgb)
{
	q->index[bin] = (unsigned char)q->n_colors;
	q->colors[q->n_colors++] = (png_color){
	    (png_byte)(rgb >> 16), (png_byte)(rgb >> 8), (png_byte)rgb};
	q->count[bin] = 0; /* served */
}

static int distance(const png_color *c, uint32_t rgb)
{
	int r = c->red - (int)(rgb >> 16 & 0xff);
	int g = c->green - (int)(rgb >> 8 & 0xff);
	int b = c->blue - (int)(rgb & 0xff);

	return 2 * r * r + 4 * g * g + 3 * b * b;
}

static unsigned char nearest(const struct quantizer *q, uint32_t rgb)
{
	size_t best = 0;

	for (size_t i = 1; i < q->n_colors; i++)
		if (distance(&q->colors[i], rgb) <
		    distance(&q->colors[best], rgb))
			best = i;
	return (unsigned char)best;
}

struct rank {
	uint32_t count;
	unsigned bin;
};

static int fuller(const void *a, const void *b)
{
	const struct rank *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return x->bin < y->bin ? -1 : x->bin > y->bin;
}

static void choose_colors(
    struct quantizer *q, enum theme theme, struct rank *ranks)
{
	size_t n = 0;

	for (int ink = INK_TEXT; ink < INK_COUNT; ink++) {
		uint32_t rgb = theme_rgb(theme, (enum ink)ink);

		if (q->count[bin_of(rgb)] > 0)
			add_color(q, bin_of(rgb), rgb);
	}
	for (size_t i = 0; i < q->n_used; i++)
		if (q->count[q->used[i]] > 0)
			ranks[n++] =
			    (struct rank){q->count[q->used[i]], q->used[i]};
	qsort(ranks, n, sizeof(*ranks), fuller);
	for (size_t i = 0; i < n; i++) {
		uint32_t rgb = q->rgb[ranks[i].bin];

		if (q->n_colors < COLORS)
			add_color(q, ranks[i].bin, rgb);
		else
			q->index[ranks[i].bin] = nearest(q, rgb);
	}
}

static void append(png_structp png, png_bytep data, png_size_t n)
{
	struct buf *out = png_get_io_ptr(png);

	buf_add(out, data, n);
	if (out->failed)
		png_error(png, "it is larger than it may be");
}

static void flush(png_structp png)
{
	(void)png;
}

static void fail(png_structp png, png_const_charp text)
{
	struct err *e = png_get_error_ptr(png);

	err_set(e, "a chart's PNG can't be written: %s", text);
	png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp text)
{
	(void)png;
	(void)text;
}

/* Between setjmp() and the end nothing of ours changes but what is in q. */
static int write_rows(png_structp png, png_infop info, struct quantizer *q,
    const struct pixels *px, unsigned char *row)
{
	if (setjmp(png_jmpbuf(png)) != 0)
		return -1;
	png_set_compression_level(png, LEVEL);
	png_set_filter(png, 0, PNG_FILTER_NONE);
	png_set_IHDR(png, info, (png_uint_32)px->w, (png_uint_32)px->h, 8,
	    PNG_COLOR_TYPE_PALETTE, PNG_INTERLACE_NONE,
	    PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_set_PLTE(png, info, q->colors, (int)q->n_colors);
	png_write_info(png, info);
	for (size_t y = 0; y < px->h; y++) {
		const uint32_t *from = row_of(px, y);

		for (size_t x = 0; x < px->w; x++)
			row[x] = q->index[bin_of(from[x])];
		png_write_row(png, row);
	}
	png_write_end(png, info);
	return 0;
}

static int write_png(struct quantizer *q, const struct pixels *px,
    unsigned char *row, struct buf *out, struct err *e)
{
	png_structp png =
	    png_create_write_struct(PNG_LIBPNG_VER_STRING, e, fail, ignore);
	png_infop info = png != NULL ? png_create_info_struct(png) : NULL;
	int rc;

	if (info == NULL) {
		png_destroy_write_struct(&png, NULL);
		return err_set(e, "a chart's PNG can't be written");
	}
	png_set_write_fn(png, out, append, flush);
	rc = write_rows(png, info, q, px, row);
	png_destroy_write_struct(&png, &info);
	return rc;
}

int palette_png(
    const struct pixels *px, enum theme theme, struct buf *out, struct err *e)
{
	struct quantizer *q = calloc(1, sizeof(*q));
	struct rank *ranks = calloc(BINS, sizeof(*ranks));
	unsigned char *row = malloc(px->w + 1);
	int rc;

	if (q == NULL || ranks == NULL || row == NULL) {
		rc = err_set(e, "no memory for a chart's PNG");
	} else {
		count_colors(q, px);
		choose_colors(q, theme, ranks);
		rc = write_png(q, px, row, out, e);
	}
	free(row);
	free(ranks);
	free(q);
	return rc;
}
