/* The text of a letter, for whoever reads it without HTML. */
#include "output/letter_private.h"

#include <string.h>

#define WIDE 34 /* characters of a column at most */
#define TAIL 1000
#define BODY (8 * LETTER_MAX)

/* How many characters; what takes two places is rare enough. */
static size_t length(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += (*s & 0xc0) != 0x80;
	return n;
}

static void repeat(struct buf *b, char c, size_t n)
{
	while (n-- > 0)
		buf_char(b, c);
}

static void put_if(
    struct buf *b, const char *before, const char *text, const char *after)
{
	if (text != NULL && text[0] != '\0')
		buf_printf(b, "%s%s%s", before, text, after);
}

static void underlined(struct buf *b, const char *text, char c)
{
	buf_printf(b, "%s\n", text);
	repeat(b, c, length(text));
	buf_char(b, '\n');
}

/* A table as columns of characters. */
struct sheet {
	const struct grid *grid;
	size_t widths[LETTER_COLUMNS];
};

static void measure(struct sheet *s)
{
	const struct grid *g = s->grid;

	for (size_t c = 0; c < g->n_columns; c++) {
		size_t w = length(g->columns[c].name);

		for (size_t r = 0; r < g->n_rows; r++)
			if (length(g->rows[r][c].text) > w)
				w = length(g->rows[r][c].text);
		s->widths[c] = w < WIDE ? w : WIDE;
	}
}

static void put_cell(
    const struct sheet *s, size_t c, const char *text, struct buf *b)
{
	size_t n = length(text);
	size_t gap = n < s->widths[c] ? s->widths[c] - n : 0;
	bool number = s->grid->columns[c].number;

	buf_str(b, "  ");
	if (number)
		repeat(b, ' ', gap);
	buf_str(b, text);
	if (!number && c + 1 < s->grid->n_columns)
		repeat(b, ' ', gap);
}

static void table(const struct grid *g, struct buf *b)
{
	struct sheet s = {.grid = g};

	measure(&s);
	for (size_t c = 0; c < g->n_columns; c++)
		put_cell(&s, c, g->columns[c].name, b);
	buf_char(b, '\n');
	for (size_t r = 0; r < g->n_rows; r++) {
		for (size_t c = 0; c < g->n_columns; c++)
			put_cell(&s, c, g->rows[r][c].text, b);
		buf_char(b, '\n');
	}
	put_if(b, "  ", g->foot, "\n");
}

static void legend(struct arena *a, const struct letter_part *p, struct buf *b)
{
	static const struct grid_column columns[] = {
	    {"", false}, {"now", true}, {"least", true}, {"most", true}};
	struct grid g = {.n_columns = 4, .n_rows = p->n_legend};

	if (p->n_legend == 0)
		return;
	g.columns = arena_copy(a, columns, sizeof(columns));
	g.rows = arena_array(a, g.n_rows, sizeof(*g.rows));
	for (size_t i = 0; i < g.n_rows; i++) {
		const struct legend_row *l = &p->legend[i];

		g.rows[i] = arena_array(a, 4, sizeof(**g.rows));
		g.rows[i][0].text = arena_printf(a, "%s%s%s%s",
		    l->hot ? "▲ " : "", letter_cut(a, l->name, LETTER_CELL),
		    l->age != NULL ? " ◌ " : "", l->age != NULL ? l->age : "");
		g.rows[i][1].text = l->last;
		g.rows[i][2].text = l->min;
		g.rows[i][3].text = l->max;
	}
	g.foot = p->legend_left_out;
	table(&g, b);
}

static void figures(const struct letter_part *p, struct buf *b)
{
	for (size_t i = 0; i < p->n_figures; i++) {
		const struct figure *f = &p->figures[i];

		buf_str(b, f->hot ? "  ▲ " : "  ");
		put_if(b, "", f->label, ": ");
		put_if(b, "", f->value, "");
		put_if(b, " ", f->unit, "");
		put_if(b, " (◌ ", f->when, ")");
		for (size_t k = 0; k < f->n_changes; k++)
			buf_printf(b, ", %s %s %s", f->changes[k].sign,
			    f->changes[k].amount, f->changes[k].since);
		buf_char(b, '\n');
	}
	put_if(b, "  ", p->figures_left_out, "\n");
}

static void log_lines(const struct letter_part *p, struct buf *b)
{
	put_if(b, "  (", p->n_log > 0 ? p->log_left_out : NULL, ")\n");
	for (size_t i = 0; i < p->n_log; i++) {
		const struct log_row *l = &p->log[i];

		buf_printf(b, "  %s %s %s%s\n", l->time, l->source,
		    str_eq(l->level, "error")  ? "✕ "
		    : str_eq(l->level, "warn") ? "! "
					       : "",
		    l->text);
	}
}

static void part(struct arena *a, const struct letter_part *p, struct buf *b)
{
	buf_char(b, '\n');
	if (p->section) {
		underlined(b, p->title, '-');
		return;
	}
	buf_str(b, p->title);
	put_if(b, " (", p->note, ")");
	buf_char(b, '\n');
	put_if(b, "  ", p->remark, "\n");
	figures(p, b);
	legend(a, p, b);
	if (p->n_legend == 0 && p->cid != NULL)
		put_if(b, "  ", p->alt, "\n");
	for (size_t i = 0; i < p->n_tables; i++)
		table(p->tables[i], b);
	log_lines(p, b);
	for (size_t i = 0; i < p->paragraphs.n; i++)
		put_if(b, "  ", p->paragraphs.items[i], "\n");
}

static void head(const struct letter_head *h, struct buf *b)
{
	underlined(b, h->title, '=');
	put_if(b, "", h->page, "\n");
	buf_printf(
	    b, "%s %s\n%s, %s\n", h->moment, h->zone, h->alarm, h->answered);
	put_if(b, "", h->taken, "\n");
	put_if(b, "\n", h->note, "\n");
	put_if(b, "\n! ", h->warning, "\n");
	for (size_t i = 0; i < h->n_alerts; i++)
		buf_printf(
		    b, "\n%s\n  %s\n", h->alerts[i].head, h->alerts[i].text);
	put_if(b, "", h->alerts_left_out, "\n");
}

const char *letter_text(const struct letter_writing *w)
{
	const char *out;
	struct buf b;

	buf_init(&b, BODY);
	head(&w->head, &b);
	for (size_t i = 0; i < w->n_parts; i++) {
		size_t before = b.len;

		part(w->arena, &w->parts[i], &b);
		if (b.len <= LETTER_MAX - TAIL)
			continue;
		b.len = before;
		put_if(&b, "\n", letter_left_out(w, i), "\n");
		break;
	}
	buf_str(&b, "\n-- \n");
	put_if(&b, "The page as it is now: ", w->head.link, "\n");
	put_if(&b, "Attached is all of it: ", w->head.attached, "\n");
	buf_printf(&b, "broadsheet %s\n", w->head.version);
	out = arena_strndup(w->arena, buf_text(&b), b.len);
	buf_free(&b);
	return out;
}
