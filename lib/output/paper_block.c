/* A panel on paper: headline, what it shows, and what is to be said of it. */
#include <math.h>

#include "output/paper_private.h"

#define LARGER 1.2  /* a picture grows by no more than this */
#define NOTE   0.2  /* of the width: so much is left to a note at least */
#define PART   14.0 /* room above a part of a panel */

static const struct paper_style body = {PAPER_BODY, .ink = INK_TEXT};
static const struct paper_style small = {PAPER_SMALL, .ink = INK_SOFT};
static const struct paper_style strong = {PAPER_BODY, true, .ink = INK_TEXT};

static bool given(const char *text)
{
	return text != NULL && text[0] != '\0';
}

void paper_section(
    struct paper_flow *f, const char *id, const char *title, const char *note)
{
	struct paper_style style = {PAPER_HEAD, true, .ink = INK_TEXT};
	struct strings lines = paper_wrap(f, title, &style, f->w, 3);
	double h = (double)lines.n * paper_line_height(&style);
	struct paper_box *b = paper_box(f, h + 8);

	b->before = 26;
	b->keeps = true;
	paper_name(b, id, title, 1);
	scene_rect(b->scene, 0, 0, f->w, 1.2, INK_TEXT);
	paper_lines(b->scene, 0, 5, &lines, &style);
	if (!given(note))
		return;
	b = paper_text(f, note, &small, 3);
	b->keeps = true;
}

static void headline(struct paper_flow *f, const struct block *b)
{
	bool alert = b->state == PANEL_ALERT;
	struct paper_style style = {
	    PAPER_NAME, true, .ink = alert ? INK_RED : INK_TEXT};
	const char *mark = panel_state_mark(b->state);
	const char *note = given(b->note) ? b->note : "";
	const char *title = arena_printf(f->arena, "%s%s%s%s%s", mark,
	    mark[0] == '\0' ? "" : " ", b->title,
	    alert && given(b->message) ? ": " : "",
	    alert && given(b->message) ? b->message : "");
	double room;
	struct strings lines;
	struct paper_box *box;

	room = f->w - ruler_width(f->ruler, title, PAPER_NAME, true) - 10;
	note = ruler_fit(f->ruler, f->arena, note, PAPER_SMALL, false,
	    fmax(room, f->w * NOTE));
	room = f->w - ruler_width(f->ruler, note, PAPER_SMALL, false) - 10;
	lines = paper_wrap(f, title, &style, room, 3);
	box = paper_box(f, (double)lines.n * paper_line_height(&style) + 4);
	paper_lines(box->scene, 0, 0, &lines, &style);
	scene_text(box->scene, f->w, PAPER_NAME, ANCHOR_END, PAPER_SMALL,
	    INK_SOFT, note);
	box->before = 18;
	box->keeps = true;
	paper_name(box, b->id, b->title, 2);
}

/* The picture whose words come out nearest to the size they are meant for. */
static const struct scene *fitting(const struct block *b, double w)
{
	const struct scene *all[] = {b->wide, b->middle, b->narrow};
	const struct scene *best = NULL;

	for (size_t i = 0; i < 3; i++)
		if (all[i] != NULL && all[i]->w > 0 &&
		    (best == NULL ||
			fabs(log(w / all[i]->w)) < fabs(log(w / best->w))))
			best = all[i];
	return best;
}

static void chart(struct paper_flow *f, const struct block *b)
{
	const struct scene *s = fitting(b, f->w);
	struct paper_box *box;
	double scale;

	if (s == NULL)
		return;
	scale = fmin(f->w / s->w, LARGER);
	box = paper_box(f, s->h * scale);
	scene_paste(box->scene, s, 0, 0, scale);
	box->keeps = b->n_legend > 0 && (!f->endless || b->legend_open);
}

static const char *facts(struct arena *a, const struct alert_row *r)
{
	const char *text = "";

	for (size_t i = 0; i < r->n_facts; i++)
		text = arena_printf(a, "%s%s%s %s", text, i > 0 ? "  ·  " : "",
		    r->facts[i].name, r->facts[i].value);
	return text;
}

void paper_alerts(struct paper_flow *f, const struct block *b)
{
	for (size_t i = 0; i < b->n_alerts; i++) {
		const struct alert_row *r = &b->alerts[i];
		bool fires = str_eq(r->look, "firing");
		struct paper_style style = {
		    PAPER_BODY, fires, .ink = fires ? INK_RED : INK_TEXT};
		struct paper_box *box = paper_text(f,
		    str_starts(r->text, r->word)
			? arena_printf(
			      f->arena, "%s %s: %s", r->mark, r->name, r->text)
			: arena_printf(f->arena, "%s %s: %s (%s)", r->mark,
			      r->name, r->text, r->word),
		    &style, 4);

		box->before = 5;
		if (!r->open || r->n_facts == 0)
			continue;
		box->keeps = true;
		paper_text(f, facts(f->arena, r), &small, 6);
	}
	if (given(b->alerts_left_out))
		paper_text(f, b->alerts_left_out, &small, 2);
}

static void paragraphs(struct paper_flow *f, const struct strings *texts)
{
	for (size_t i = 0; i < texts->n; i++)
		paper_text(f, texts->items[i], &body, 200)->before = 6;
}

/* What a page shows once it is opened. */
static void folded(struct paper_flow *f, const struct block *b)
{
	struct paper_box *title;

	if (b->folded == NULL || f->endless)
		return;
	title = paper_text(f, b->folded_title, &strong, 2);
	title->before = PART;
	title->keeps = true;
	paper_grid(f, b->folded);
}

static void remark(struct paper_flow *f, const struct block *b)
{
	const char *said = panel_state_said(b->state);

	if (b->state == PANEL_ALERT || !given(b->message))
		return;
	paper_text(f,
	    arena_printf(f->arena, "%s%s%s", said, said[0] == '\0' ? "" : " ",
		b->message),
	    &small, 6)
	    ->before = 4;
}

void paper_block(struct paper_flow *f, const struct block *b)
{
	headline(f, b);
	paper_figures(f, b);
	chart(f, b);
	paper_legend(f, b);
	if (b->forecast != NULL)
		paragraphs(f, &b->forecast->answers);
	paper_tiles(f, b);
	paper_alerts(f, b);
	paper_grid(f, b->grid);
	paper_log(f, b);
	paragraphs(f, &b->paragraphs);
	folded(f, b);
	remark(f, b);
	f->boxes[f->n - 1].keeps = false;
}
