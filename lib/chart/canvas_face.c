#include "chart/canvas_face.h"

#include <cairo-ft.h>
#include <ft2build.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include FT_FREETYPE_H

#include "chart/scene.h"

/* Characters whose widths are remembered; what lies beyond is drawn rarely. */
#define REMEMBERED 0x2800

/* The font file as FreeType has it. */
struct font {
	FT_Library library; /* its own, so that each thread may have one */
	FT_Face face;	    /* NULL: there is none */
};

struct typeface {
	const char *path;
	struct font *font; /* NULL: not tried yet */
	cairo_font_face_t *cairo;
	float widths[REMEMBERED]; /* in em, plus one; 0: not yet known */
};

struct typeface *typeface_new(const char *path)
{
	struct typeface *t = calloc(1, sizeof(*t));

	if (t != NULL)
		t->path = path;
	return t;
}

static void close_font(void *font)
{
	struct font *f = font;

	if (f == NULL)
		return;
	if (f->face != NULL)
		FT_Done_Face(f->face);
	if (f->library != NULL)
		FT_Done_FreeType(f->library);
	free(f);
}

/* cairo caches fonts beyond our last reference, and closes them itself. */
void typeface_free(struct typeface *t)
{
	if (t == NULL)
		return;
	if (t->cairo != NULL)
		cairo_font_face_destroy(t->cairo);
	else
		close_font(t->font);
	free(t);
}

static bool load(struct typeface *t)
{
	struct font *f;

	if (t == NULL)
		return false;
	if (t->font != NULL)
		return t->font->face != NULL;
	f = t->font = calloc(1, sizeof(*f));
	if (f == NULL)
		return false;
	if (FT_Init_FreeType(&f->library) != 0)
		f->library = NULL;
	else if (FT_New_Face(f->library, t->path, 0, &f->face) != 0 ||
		 !FT_IS_SCALABLE(f->face))
		f->face = NULL;
	return f->face != NULL;
}

static double advance(struct typeface *t, uint32_t c)
{
	FT_UInt glyph = FT_Get_Char_Index(t->font->face, c);

	if (FT_Load_Glyph(t->font->face, glyph, FT_LOAD_NO_SCALE) != 0)
		return 1;
	return (double)t->font->face->glyph->advance.x /
	       t->font->face->units_per_EM;
}

double typeface_width(struct typeface *t, const char *text)
{
	double w = 0;
	uint32_t c;

	if (!load(t))
		return NAN;
	while ((c = text_next(&text)) != 0) {
		if (c >= REMEMBERED) {
			w += advance(t, c);
			continue;
		}
		if (t->widths[c] == 0)
			t->widths[c] = (float)(advance(t, c) + 1);
		w += t->widths[c] - 1;
	}
	return w;
}

/* cairo's view of it, which is to close it in the end. */
static cairo_font_face_t *hand_over(struct font *f)
{
	static const cairo_user_data_key_t key;
	cairo_font_face_t *cairo =
	    cairo_ft_font_face_create_for_ft_face(f->face, FT_LOAD_DEFAULT);

	if (cairo_font_face_set_user_data(cairo, &key, f, close_font) !=
	    CAIRO_STATUS_SUCCESS) {
		cairo_font_face_destroy(cairo);
		return NULL;
	}
	return cairo;
}

cairo_font_face_t *typeface_cairo(struct typeface *t, struct err *e)
{
	if (!load(t)) {
		err_set(e, "font %s can't be loaded",
		    t != NULL ? t->path : "(none)");
		err_hint(e, "apt-get install fonts-dejavu-core");
		return NULL;
	}
	if (t->cairo == NULL)
		t->cairo = hand_over(t->font);
	if (t->cairo == NULL)
		err_set(e, "font %s: out of memory", t->path);
	return t->cairo;
}
