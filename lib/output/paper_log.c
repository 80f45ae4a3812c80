/* Log lines: a panel's newest, and all of them at the end. */
#include "base/clock.h"
#include "output/paper_private.h"

#define SIZE	  8.5
#define SIZE_ALL  7.5
#define SHOWN	  40 /* by a panel: the newest */
#define LINES_MAX 12 /* that one of them is wrapped to */

static const struct paper_style small = {PAPER_SMALL, .ink = INK_SOFT};

static enum ink ink_of(int colour)
{
	return colour > 0 ? (enum ink)(INK_SERIES_1 + colour - 1) : INK_SOFT;
}

/* What stands before the text of a line, and is as wide as it has letters. */
static double put_word(struct paper_flow *f, struct paper_box *b, double x,
    const char *word, double size, enum ink ink)
{
	struct paper_style style = {size, .mono = true, .ink = ink};
	struct strings one = {0};
	size_t n = 0;

	strings_add(f->arena, &one, word);
	paper_lines(b->scene, x, 0, &one, &style);
	for (const char *c = word; text_next(&c) != 0;)
		n++;
	return x + ((double)n + 1) * size * FONT_MONO_WIDTH;
}

/* The rest of a line, beside what is there already. */
static void put_text(struct paper_flow *f, struct paper_box *b, double x,
    const char *text, double size, enum ink ink)
{
	struct paper_style style = {size, .mono = true, .ink = ink};
	struct strings lines;

	if (x > f->w / 2) { /* names so long leave no room */
		b->scene->h += paper_line_height(&style);
		x = f->w / 8;
	}
	lines = paper_wrap(f, text, &style, f->w - x, LINES_MAX);
	paper_lines(b->scene, x, b->scene->h, &lines, &style);
	b->scene->h += (double)lines.n * paper_line_height(&style);
}

static const char *level_words(const char *level)
{
	return str_eq(level, "error") ? "✕ error" : "! warn";
}

static void row(struct paper_flow *f, const struct log_row *l)
{
	struct paper_box *b = paper_box(f, 0);
	bool serious = str_eq(l->level, "error") || str_eq(l->level, "warn");
	double x = put_word(f, b, 0, l->time, SIZE, INK_SOFT);

	x = put_word(f, b, x,
	    ruler_fit(f->ruler, f->arena, l->source, SIZE, false, f->w / 4),
	    SIZE, ink_of(l->colour));
	if (serious)
		x = put_word(f, b, x, level_words(l->level), SIZE, INK_TEXT);
	put_text(f, b, x, l->text, SIZE, INK_TEXT);
}

static const char *rates(struct paper_flow *f, const struct block *b)
{
	const char *text = "";

	for (size_t i = 0; i < b->n_rates; i++)
		text = arena_printf(f->arena, "%s%s%s %s", text,
		    i > 0 ? "  ·  " : "", b->rates[i].source,
		    b->rates[i].text == NULL ? "" : b->rates[i].text);
	return text;
}

void paper_log(struct paper_flow *f, const struct block *b)
{
	size_t from = b->n_log > SHOWN ? b->n_log - SHOWN : 0;

	if (b->n_rates > 0)
		paper_text(f, rates(f, b), &small, 4)->keeps = true;
	if (from > 0)
		paper_text(f,
		    arena_printf(f->arena, "the newest %zu of %zu",
			b->n_log - from, b->n_log),
		    &small, 1)
		    ->keeps = true;
	for (size_t i = from; i < b->n_log; i++)
		row(f, &b->log[i]);
}

static void line(struct paper_flow *f, const struct log_line *l)
{
	struct paper_box *b = paper_box(f, 0);
	double x =
	    put_word(f, b, 0, clock_format(f->arena, "%m-%d %H:%M:%S", l->ts),
		SIZE_ALL, INK_SOFT);

	x = put_word(f, b, x, l->source, SIZE_ALL, INK_SOFT);
	put_text(f, b, x, l->text, SIZE_ALL, INK_TEXT);
}

void paper_all_lines(
    struct paper_flow *f, const struct capsule *c, const struct omission *o)
{
	size_t missing = c->lines_left_out + o->lines;

	if (f->endless || o->lines >= c->n_lines)
		return;
	paper_section(f, "lines", "Log lines",
	    missing == 0
		? arena_printf(f->arena, "%zu lines", c->n_lines - o->lines)
		: arena_printf(f->arena,
		      "%zu lines; %zu before them are not here",
		      c->n_lines - o->lines, missing));
	for (size_t i = o->lines; i < c->n_lines; i++)
		line(f, &c->lines[i]);
}
