/*
 * The HTML of a letter: tables, and every style in the element that it is
 * for. What would stand side by side on a page is inline blocks, which fall
 * below each other where there is no room. Text and paper always have their
 * colours together, so that a client that turns the letter dark turns both.
 */
#include "output/letter_private.h"

#include <stdarg.h>
#include <string.h>

#include "chart/theme.h"
#include "output/markup.h"

#define INK   "color:#1c1b19;"
#define SOFT  "color:#6b675f;"
#define RED   "color:#b3261e;"
#define SERIF "font-family:Georgia,'Times New Roman',serif;"
#define SANS                                                                   \
	"font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,"         \
	"sans-serif;"
#define MONO  "font-family:Menlo,Consolas,'Liberation Mono',monospace;"
#define BREAK "word-break:break-word;"
#define TABLE                                                                  \
	"<table role=\"presentation\" cellpadding=\"0\" "                      \
	"cellspacing=\"0\" border=\"0\" width=\"100%\""
#define SHORT 14   /* bytes */
#define TAIL  3000 /* bytes for what comes behind the last part */
#define BODY  (8 * LETTER_MAX)

static const char opening[] =
    "<!DOCTYPE html>\n"
    "<html lang=\"en\"><head><meta charset=\"utf-8\">"
    "<meta name=\"viewport\" content=\"width=device-width\">"
    "<meta name=\"color-scheme\" content=\"light\">"
    "<title>";
/* Outlook's engine knows neither max-width nor that fonts are inherited. */
static const char body[] =
    "</title><!--[if mso]><style>td,th,p,div,h1,h2,h3{font-family:Arial,"
    "sans-serif}</style><![endif]--></head>\n"
    "<body style=\"margin:0;padding:0;background:#f3f1ea;" INK SANS
    "\">\n" TABLE " style=\"background:#f3f1ea;table-layout:fixed\"><tr>"
    "<td align=\"center\" "
    "style=\"padding:12px 6px\">"
    "<!--[if mso]><table width=\"600\"><tr><td><![endif]-->\n" TABLE
    " style=\"max-width:600px;table-layout:fixed;"
    "background:#fbfaf6;" INK SANS
    "font-size:14px;line-height:20px;text-align:left\"><tr><td "
    "style=\"padding:18px 16px 20px\">\n";
static const char closing[] =
    "</td></tr></table>\n<!--[if mso]></td></tr></table><![endif]-->"
    "</td></tr></table>\n</body></html>\n";

/* The format's texts one by one: %s escaped; there is nothing else in it. */
static void put(struct buf *b, const char *format, ...)
{
	const char *mark;
	va_list ap;

	va_start(ap, format);
	while ((mark = strstr(format, "%s")) != NULL) {
		buf_add(b, format, (size_t)(mark - format));
		markup_text(b, va_arg(ap, const char *));
		format = mark + 2;
	}
	buf_str(b, format);
	va_end(ap);
}

/* Not where there is nothing to be said. */
static void put_if(struct buf *b, const char *format, const char *text)
{
	if (text != NULL && text[0] != '\0')
		put(b, format, text);
}

static void alerts(const struct letter_head *h, struct buf *b)
{
	for (size_t i = 0; i < h->n_alerts; i++)
		put(b,
		    TABLE " style=\"margin:0 0 8px\"><tr><td style=\""
			  "border-left:4px solid #b3261e;background:#fbeae8;"
			  "padding:8px 12px;" INK BREAK "\"><b style=\"" RED
			  "\">%s</b><br>%s</td></tr></table>\n",
		    h->alerts[i].head, h->alerts[i].text);
	put_if(b, "<p style=\"margin:0 0 8px;" RED "\">%s</p>\n",
	    h->alerts_left_out);
}

/* Each line of the sender's words is one. */
static void note(struct arena *a, const char *text, struct buf *b)
{
	struct span rest = {text, text != NULL ? strlen(text) : 0}, line;

	if (rest.n == 0)
		return;
	buf_str(b, "<p style=\"margin:0 0 14px;padding:0 0 0 12px;"
		   "border-left:3px solid #d9d5cb;font-size:15px;"
		   "line-height:22px;" BREAK "\">");
	while (str_line(&rest, &line)) {
		markup_text(b, arena_strndup(a, line.p, line.n));
		buf_str(b, rest.n > 0 ? "<br>" : "");
	}
	buf_str(b, "</p>\n");
}

static void head(const struct letter_writing *w, struct buf *b)
{
	const struct letter_head *h = &w->head;

	buf_str(b, opening);
	markup_text(b, w->subject);
	buf_str(b, body);
	/* what a list of letters shows beside the subject */
	put(b,
	    "<div style=\"display:none;max-height:0;overflow:hidden\">%s, %s"
	    "</div>\n",
	    h->alarm, h->answered);
	put(b,
	    "<h1 style=\"margin:0;" SERIF "font-size:26px;line-height:30px;"
	    "font-weight:bold;" INK BREAK "\">%s</h1>\n",
	    h->title);
	put_if(b,
	    "<p style=\"margin:2px 0 0;" SERIF "font-size:17px;" BREAK
	    "\">%s</p>\n",
	    h->page);
	put(b,
	    "<p style=\"margin:6px 0 14px;padding:0 0 10px;border-bottom:"
	    "3px double #1c1b19;font-size:13px;line-height:18px;" SOFT "\">"
	    "<b style=\"" INK "\">%s</b> %s &middot; %s",
	    h->moment, h->zone, h->answered);
	put_if(b, "<br>%s", h->taken);
	buf_str(b, "</p>\n");
	note(w->arena, h->note, b);
	put_if(b,
	    "<p style=\"margin:0 0 14px;padding:8px 12px;border:2px solid "
	    "#1c1b19;" BREAK "\">! %s</p>\n",
	    h->warning);
	alerts(h, b);
}

static void title(const struct letter_part *p, struct buf *b)
{
	if (p->section) {
		put(b,
		    "<h2 style=\"margin:26px 0 0;padding:6px 0 0;border-top:"
		    "1px solid #1c1b19;" SERIF "font-size:19px;line-height:"
		    "24px;font-weight:bold;" INK BREAK "\">%s</h2>\n",
		    p->title);
		return;
	}
	put(b,
	    p->state == PANEL_ALERT
		? "<h3 style=\"margin:18px 0 4px;font-size:15px;line-height:"
		  "20px;font-weight:bold;" RED BREAK "\">%s"
		: "<h3 style=\"margin:18px 0 4px;font-size:15px;line-height:"
		  "20px;font-weight:bold;" INK BREAK "\">%s",
	    p->title);
	put_if(b,
	    " <span style=\"font-size:12px;font-weight:normal;" SOFT
	    "\">&nbsp;%s</span>",
	    p->note);
	buf_str(b, "</h3>\n");
	put_if(b, "<p style=\"margin:0 0 6px;" SOFT BREAK "\">%s</p>\n",
	    p->remark);
}

static void change(const struct figure_change *c, struct buf *b)
{
	static const char *const looks[] = {
	    [TONE_NONE] = SOFT,
	    [TONE_GOOD] = "color:#14744a;",
	    [TONE_BAD] = "color:#8f5c10;",
	};

	buf_printf(b, "<br><span style=\"font-size:12px;%s\">", looks[c->tone]);
	put(b, "%s %s %s %s</span>", c->sign, c->word, c->amount, c->since);
}

static void figures(const struct letter_part *p, struct buf *b)
{
	for (size_t i = 0; i < p->n_figures; i++) {
		const struct figure *f = &p->figures[i];

		buf_str(b, "<div style=\"display:inline-block;vertical-align:"
			   "top;margin:0 24px 8px 0;" BREAK "\">");
		put_if(b,
		    "<span style=\"font-size:12px;" SOFT "\">%s</span><br>",
		    f->label);
		put(b,
		    f->hot ? "<b style=\"font-size:26px;line-height:32px;" RED
			     "\">▲ %s</b> %s"
			   : "<b style=\"font-size:26px;line-height:32px\">%s"
			     "</b> %s",
		    f->value, f->unit);
		put_if(b, " <span style=\"" SOFT "\">◌ %s</span>", f->when);
		for (size_t k = 0; k < f->n_changes; k++)
			change(&f->changes[k], b);
		buf_str(b, "</div>\n");
	}
	put_if(
	    b, "<p style=\"margin:0;" SOFT "\">%s</p>\n", p->figures_left_out);
}

static void picture(const struct letter_part *p, struct buf *b)
{
	if (p->cid == NULL)
		return;
	put(b, "<img src=\"cid:%s\"", p->cid);
	buf_printf(b, " width=\"%d\" alt=\"", p->w);
	markup_text(b, p->alt);
	buf_printf(b,
	    "\" style=\"display:block;width:100%%;max-width:%dpx;height:auto;"
	    "border:0;background:#fbfaf6;" SOFT "font-size:12px\">",
	    p->w);
}

static void legend_row(const struct legend_row *l, struct buf *b)
{
	enum ink ink =
	    l->colour > 0 ? (enum ink)(INK_SERIES_1 + l->colour - 1) : INK_SOFT;

	buf_printf(b,
	    "<tr><td width=\"14\" style=\"padding:2px 0;color:#%06x\">%s</td>",
	    (unsigned)theme_rgb(THEME_LIGHT, l->hot ? INK_RED : ink),
	    l->hot ? "▲" : "■");
	put(b, "<td style=\"padding:2px 8px;" BREAK "\">%s", l->name);
	put_if(b, " <span style=\"" SOFT "\">◌ %s</span>", l->age);
	put(b,
	    l->hot ? "</td><td align=\"right\" style=\"padding:2px 0;"
		     "white-space:nowrap;" RED "\"><b>%s</b></td></tr>\n"
		   : "</td><td align=\"right\" style=\"padding:2px 0;"
		     "white-space:nowrap\"><b>%s</b></td></tr>\n",
	    l->last);
}

static void legend(const struct letter_part *p, struct buf *b)
{
	if (p->n_legend == 0)
		return;
	buf_str(b, TABLE " style=\"font-size:13px;line-height:18px;" INK "\">");
	for (size_t i = 0; i < p->n_legend; i++)
		legend_row(&p->legend[i], b);
	put_if(b,
	    "<tr><td></td><td colspan=\"2\" style=\"padding:2px 8px;" SOFT
	    "\">%s</td></tr>\n",
	    p->legend_left_out);
	buf_str(b, "</table>");
}

/* The chart, and the values beside it if there is room, else below. */
static void chart(const struct letter_part *p, struct buf *b)
{
	if (p->cid == NULL && p->n_legend == 0)
		return;
	buf_printf(b,
	    "<div style=\"font-size:0\"><div style=\"display:inline-block;"
	    "width:100%%;max-width:%dpx;vertical-align:middle\">",
	    p->w);
	picture(p, b);
	buf_str(b, "</div>");
	if (p->n_legend > 0) {
		buf_str(b, "<div style=\"display:inline-block;width:100%;"
			   "max-width:192px;margin-left:8px;"
			   "vertical-align:middle\">");
		legend(p, b);
		buf_str(b, "</div>");
	}
	buf_str(b, "</div>\n");
}

/* Of short texts none is broken, whatever there is room for. */
static const char *breaks(const struct grid_column *column, const char *text)
{
	return column->number || strlen(text) <= SHORT ? "white-space:nowrap"
						       : BREAK;
}

static void heading(const struct grid_column *column, struct buf *b)
{
	buf_printf(b,
	    "<th align=\"%s\" style=\"padding:2px 10px 2px 0;font-weight:"
	    "normal;font-size:12px;" SOFT "%s\">",
	    column->number ? "right" : "left", breaks(column, column->name));
	put(b, "%s</th>", column->name);
}

static void cell(
    const struct grid_column *column, const struct grid_cell *c, struct buf *b)
{
	buf_printf(b,
	    "<td valign=\"top\"%s style=\"padding:4px 10px 4px 0;"
	    "border-top:1px solid #e9e6dd;%s\">",
	    column->number ? " align=\"right\"" : "", breaks(column, c->text));
	put(b,
	    c->hot	? "<b style=\"" RED "\">%s</b></td>"
	    : c->strong ? "<b>%s</b></td>"
			: "%s</td>",
	    c->text);
}

static void table(const struct grid *g, struct buf *b)
{
	buf_str(b, "<div style=\"overflow-x:auto\"><table cellpadding=\"0\" "
		   "cellspacing=\"0\" border=\"0\" width=\"100%\" style=\""
		   "font-size:13px;line-height:18px;" INK "\"><tr>");
	for (size_t c = 0; c < g->n_columns; c++)
		heading(&g->columns[c], b);
	buf_str(b, "</tr>\n");
	for (size_t r = 0; r < g->n_rows; r++) {
		buf_str(b, "<tr>");
		for (size_t c = 0; c < g->n_columns; c++)
			cell(&g->columns[c], &g->rows[r][c], b);
		buf_str(b, "</tr>\n");
	}
	buf_str(b, "</table></div>\n");
	put_if(b,
	    "<p style=\"margin:4px 0 0;font-size:13px;" SOFT "\">%s</p>\n",
	    g->foot);
}

static void log_lines(const struct letter_part *p, struct buf *b)
{
	if (p->n_log == 0)
		return;
	put_if(b,
	    "<p style=\"margin:0 0 4px;font-size:12px;" SOFT "\">%s</p>\n",
	    p->log_left_out);
	buf_str(b, TABLE " style=\"background:#f3f1ea\"><tr><td style=\""
			 "padding:8px 10px;" MONO "font-size:12px;"
			 "line-height:17px;" INK BREAK "\">");
	for (size_t i = 0; i < p->n_log; i++) {
		const struct log_row *l = &p->log[i];

		put(b, "<span style=\"" SOFT "\">%s %s</span> ", l->time,
		    l->source);
		put(b,
		    str_eq(l->level, "error")  ? "<b>✕ %s</b>"
		    : str_eq(l->level, "warn") ? "<b>! %s</b>"
					       : "%s",
		    l->text);
		buf_str(b, i + 1 < p->n_log ? "<br>\n" : "");
	}
	buf_str(b, "</td></tr></table>\n");
}

static void part(const struct letter_part *p, struct buf *b)
{
	title(p, b);
	if (p->section)
		return;
	figures(p, b);
	chart(p, b);
	for (size_t i = 0; i < p->n_tables; i++)
		table(p->tables[i], b);
	log_lines(p, b);
	for (size_t i = 0; i < p->paragraphs.n; i++)
		put(b, "<p style=\"margin:0 0 8px;" BREAK "\">%s</p>\n",
		    p->paragraphs.items[i]);
}

static void foot(const struct letter_head *h, struct buf *b)
{
	if (h->link != NULL) {
		put(b,
		    "<p style=\"margin:26px 0 0\"><a href=\"%s\" style=\""
		    "display:inline-block;padding:9px 18px;background:#1c1b19;"
		    "color:#fbfaf6;text-decoration:none;font-weight:bold\">"
		    "The page as it is now</a></p>\n",
		    h->link);
	}
	buf_str(b,
	    "<p style=\"margin:26px 0 0;padding:8px 0 0;border-top:"
	    "1px solid #d9d5cb;font-size:12px;line-height:17px;" SOFT BREAK
	    "\">");
	put_if(b,
	    "Attached is all of it, as a file that needs no network: %s<br>",
	    h->attached);
	put(b, "broadsheet %s</p>\n", h->version);
}

const char *letter_html(const struct letter_writing *w, size_t *shown)
{
	const char *out;
	struct buf b;

	buf_init(&b, BODY);
	head(w, &b);
	for (*shown = 0; *shown < w->n_parts; ++*shown) {
		size_t before = b.len;

		part(&w->parts[*shown], &b);
		if (b.len <= LETTER_MAX - TAIL)
			continue;
		b.len = before;
		put(&b, "<p style=\"margin:18px 0 0\">%s</p>\n",
		    letter_left_out(w, *shown));
		break;
	}
	foot(&w->head, &b);
	buf_str(&b, closing);
	out = arena_strndup(w->arena, buf_text(&b), b.len);
	buf_free(&b);
	return out;
}
