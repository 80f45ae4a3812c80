/*
 * What the files of bars share: for lib/panel/bar*.c only.
 *
 *	bar.c		options, from series or rows to slots, the picture
 *	bar_words.c	the picture in words and in tables
 */
#ifndef PANEL_BAR_H
#define PANEL_BAR_H

#include "chart/bars.h"
#include "panel/calendar.h"
#include "panel/parts.h"

#define BAR_VALUES_MAX 8

struct bar_conf {
	int by, aggregate, colour;
	bool stack;
};

/* Bars while they are made. */
struct bar_chart {
	struct arena *arena;
	const struct panel_input *in;
	const struct bar_conf *conf;
	struct bars bars;
	struct bar_slot *slots;
	size_t n, cap;
	enum calendar unit;	/* of slots of time */
	const char **names;	/* of the values */
	struct series *columns; /* the bars as series: for words and tables */
	size_t left_out;
	bool negative;
};

/* Titles of the bars, alt text, note, legend and numbers. */
void bar_write_words(struct bar_chart *, struct block *);

#endif
