#include "chart/scene.h"

#include <string.h>

#include "base/str.h"

#define REPLACEMENT 0xfffd
#define ELLIPSIS    "\xe2\x80\xa6"

uint32_t text_next(const char **s)
{
	static const uint32_t lead[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	const unsigned char *p = (const unsigned char *)*s;
	size_t len = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	uint32_t c;

	if (p[0] == '\0')
		return 0;
	if (strnlen(*s, len) < len || !str_utf8_valid(*s, len)) {
		*s += 1;
		return REPLACEMENT;
	}
	c = p[0] & lead[len];
	for (size_t i = 1; i < len; i++)
		c = c << 6 | (p[i] & 0x3f);
	*s += len;
	return c;
}

/* In em, a little more than the usual sans serif needs. */
static double em(uint32_t c)
{
	if (c < 0x80 && strchr(" iIjl.,:;'|!()[]{}ft/-", (int)c) != NULL)
		return 0.38;
	if (c < 0x80 && strchr("mwMW%@", (int)c) != NULL)
		return 0.98;
	if (c >= 'A' && c <= 'Z')
		return 0.70;
	return c < 0x1100 ? 0.63 : 1;
}

static double approximate(void *ctx, const char *text, double size, bool bold)
{
	double w = 0;
	uint32_t c;

	(void)ctx;
	while ((c = text_next(&text)) != 0)
		w += em(c);
	return w * size * (bold ? 1.09 : 1);
}

const struct ruler ruler_approximate = {.width = approximate};

double ruler_width(
    const struct ruler *r, const char *text, double size, bool bold)
{
	if (r == NULL || r->width == NULL)
		r = &ruler_approximate;
	return r->width(r->ctx, text, size, bold);
}

const char *ruler_fit(const struct ruler *r, struct arena *a, const char *text,
    double size, bool bold, double max)
{
	size_t n = 0;
	char *cut;

	if (ruler_width(r, text, size, bold) <= max)
		return text;
	for (const char *s = text; text_next(&s) != 0;) {
		cut = arena_printf(a, "%.*s" ELLIPSIS, (int)(s - text), text);
		if (ruler_width(r, cut, size, bold) > max)
			break;
		n = (size_t)(s - text);
	}
	while (n > 0 && text[n - 1] == ' ')
		n--;
	return arena_printf(a, "%.*s" ELLIPSIS, (int)n, text);
}
