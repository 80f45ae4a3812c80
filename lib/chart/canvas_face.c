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

struct typeface {
	const char *path;
	bool tried;
	FT_Library library;
	FT_Face face; /* NULL: there is none */
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

void typeface_drop_cairo(struct typeface *t)
{
	if (t == NULL || t->cairo == NULL)
		return;
	cairo_font_face_destroy(t->cairo);
	t->cairo = NULL;
}

void typeface_free(struct typeface *t)
{
	if (t == NULL)
		return;
	if (t->face != NULL)
		FT_Done_Face(t->face);
	if (t->library != NULL)
		FT_Done_FreeType(t->library);
	free(t);
}

static bool load(struct typeface *t)
{
	if (t == NULL)
		return false;
	if (!t->tried) {
		t->tried = true;
		if (FT_Init_FreeType(&t->library) != 0)
			t->library = NULL;
		else if (FT_New_Face(t->library, t->path, 0, &t->face) != 0 ||
			 !FT_IS_SCALABLE(t->face))
			t->face = NULL;
	}
	return t->face != NULL;
}

static double advance(struct typeface *t, uint32_t c)
{
	FT_UInt glyph = FT_Get_Char_Index(t->face, c);

	if (FT_Load_Glyph(t->face, glyph, FT_LOAD_NO_SCALE) != 0)
		return 1;
	return (double)t->face->glyph->advance.x / t->face->units_per_EM;
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

cairo_font_face_t *typeface_cairo(struct typeface *t, struct err *e)
{
	if (!load(t)) {
		err_set(e, "font %s can't be loaded",
		    t != NULL ? t->path : "(none)");
		err_hint(e, "apt-get install fonts-dejavu-core");
		return NULL;
	}
	if (t->cairo == NULL)
		t->cairo = cairo_ft_font_face_create_for_ft_face(
		    t->face, FT_LOAD_DEFAULT);
	return t->cairo;
}
