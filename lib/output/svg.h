/*
 * A scene as SVG 1.1 text: real text, nothing but shapes, small.
 *
 * Inline (in a page) colours are the page's CSS variables --ink --soft --rule
 * --hair --paper --red --s1 … --s8; a standalone file brings its own, with
 * `prefers-color-scheme`. There is no style attribute and no script, so that
 * the strictest content security policy holds.
 *
 * For the page's script a chart with a plot has data-x0 -x1 -y0 -y1 (pixels,
 * in units of the viewBox; y0 is the bottom), data-t0 -t1 (epoch seconds),
 * data-v0 -v1 and data-unit. Each line is a <path class="line"> with the
 * series' data-name; its d is, for each unbroken run, "Mx y" and then "l"
 * with relative pairs "dx dy", all whole numbers in tenths of a pixel.
 */
#ifndef OUTPUT_SVG_H
#define OUTPUT_SVG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"
#include "chart/scene.h"

struct svg_options {
	const char *id;	   /* unique in its page, for what refers to itself */
	const char *title; /* read aloud; NULL: the page says it elsewhere */
	const char *desc;  /* more of the same, or NULL */
	bool standalone;
};

void svg_write(const struct scene *, const struct svg_options *, struct buf *);

/* An inline picture, as it was written, as a file that stands alone. */
void svg_stand_alone(struct span svg, const char *title, struct buf *);

/* ":root{--ink:…}" and the same for a dark scheme. */
void svg_theme_css(struct buf *);

#endif
