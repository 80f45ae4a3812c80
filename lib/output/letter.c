#include "output/letter_private.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "output/facts.h"
#include "panel/alarm.h"

#define PICTURES_MAX 40
#define PNG_MAX	     ((size_t)512 * 1024)
#define ALL_PNG_MAX  ((size_t)4 * 1024 * 1024)
#define SHARP	     2 /* pixels of a picture for one of the letter */

struct posting {
	struct arena *arena;
	struct canvas *canvas;
	const struct letter_conf *conf;
	struct letter *letter;
	size_t png_bytes;
};

/* Phones show it whole, and beside it there is room for the values. */
static const struct scene *scene_of(const struct block *b)
{
	return b->narrow != NULL ? b->narrow : b->wide;
}

/* What is too much travels in the file that is attached. */
static int picture(struct posting *w, const struct block *b,
    struct letter_part *p, struct err *e)
{
	const struct scene *scene = scene_of(b);
	struct letter *l = w->letter;
	struct mail_part *part = &l->parts[l->n_parts];
	struct buf png;
	int rc;

	if (scene == NULL || l->n_parts == PICTURES_MAX)
		return 0;
	buf_init(&png, PNG_MAX);
	rc = canvas_png(w->canvas, scene, THEME_LIGHT, SHARP, &png, e);
	if (rc == 0 && w->png_bytes + png.len <= ALL_PNG_MAX) {
		w->png_bytes += png.len;
		l->n_parts++;
		part->cid =
		    arena_printf(w->arena, "%zu@broadsheet", l->n_parts);
		part->name =
		    arena_printf(w->arena, "%s.png", str_slug(w->arena, b->id));
		part->type = "image/png";
		part->bytes.p = arena_copy(w->arena, png.data, png.len);
		part->bytes.n = png.len;
		p->cid = part->cid;
		p->w = (int)lround(scene->w);
		p->h = (int)lround(scene->h);
	}
	buf_free(&png);
	return rc;
}

static void alerts(
    struct arena *a, const struct report *r, struct letter_head *h)
{
	size_t hot = alerts_hot(r->alerts, r->n_alerts);

	for (size_t i = 0; i < r->n_alerts && h->n_alerts < LETTER_ALERTS;
	     i++) {
		const struct alert *x = &r->alerts[i];

		if (!alert_is_hot(x))
			continue;
		h->alerts[h->n_alerts++] = (struct letter_alert){
		    letter_cut(a,
			arena_printf(a, "%s %s: %s %s", alarm_mark(x),
			    alert_severity_word(x->severity), x->source,
			    x->rule),
			LETTER_LINE),
		    letter_cut(a, alarm_text(a, x, r->started), LETTER_WORDS)};
	}
	if (hot > h->n_alerts)
		h->alerts_left_out =
		    arena_printf(a, "and %zu more", hot - h->n_alerts);
	h->alarm = hot == 0   ? "no alert fires"
		   : hot == 1 ? "1 alert fires"
			      : arena_printf(a, "%zu alerts fire", hot);
}

static void write_head(
    struct arena *a, const struct letter_conf *conf, struct letter_head *h)
{
	const struct capsule *c = conf->capsule;
	const struct report *r = c->report;

	*h = (struct letter_head){
	    .title = letter_cut(a, r->title, LETTER_LINE),
	    .moment = clock_format(a, "%A %-d %B %Y, %H:%M", r->started),
	    .zone = clock_format(a, "%Z", r->started),
	    .answered = facts_answered(a, r),
	    .attached = conf->attached,
	    .version = r->version,
	};
	if (c->page->title != NULL && !str_eq(c->page->title, r->title))
		h->page = letter_cut(a, c->page->title, LETTER_LINE);
	if (r->printed - r->started >= 60)
		h->taken = clock_format(
		    a, "as it was then; taken %H:%M on %-d %B %Y", r->printed);
	if (r->warning != NULL)
		h->warning = letter_cut(a, r->warning, LETTER_WORDS);
	if (conf->note != NULL)
		h->note = str_clean(a, conf->note, strlen(conf->note), 4000);
	if (conf->url != NULL)
		h->link = arena_printf(a, "%s%s", conf->url, c->page->file);
	alerts(a, r, h);
}

/* "Field operations, Network: week of 16 Nov 2026" */
static const char *subject_of_report(
    struct arena *a, const struct letter_conf *conf)
{
	const char *title = conf->capsule->report->title;
	const char *page = conf->capsule->page->title;
	bool same = page == NULL || str_eq(page, title);

	return arena_printf(a, "%s%s%s: %s", letter_cut(a, title, LETTER_CELL),
	    same ? "" : ", ", same ? "" : letter_cut(a, page, LETTER_CELL),
	    conf->period);
}

/* "Field operations, 22 Nov 03:14: ▲ app2 busy and 2 more" */
static const char *subject(struct arena *a, const struct letter_conf *conf)
{
	const struct report *r = conf->capsule->report;
	size_t hot = alerts_hot(r->alerts, r->n_alerts);
	const char *text =
	    arena_printf(a, "%s, %s", letter_cut(a, r->title, LETTER_CELL),
		clock_format(a, "%-d %b %H:%M", r->started));

	for (size_t i = 0; i < r->n_alerts; i++)
		if (alert_is_hot(&r->alerts[i])) {
			text = arena_printf(a, "%s: ▲ %s %s", text,
			    letter_cut(a, r->alerts[i].source, LETTER_CELL),
			    letter_cut(a, r->alerts[i].rule, LETTER_CELL));
			break;
		}
	if (hot > 1)
		text = arena_printf(a, "%s and %zu more", text, hot - 1);
	return text;
}

const char *letter_left_out(const struct letter_writing *w, size_t first)
{
	size_t n = 0;

	for (size_t i = first; i < w->n_parts; i++)
		n += !w->parts[i].section;
	return arena_printf(w->arena, "%zu %s not in this letter%s", n,
	    n == 1 ? "panel is" : "panels are",
	    w->head.attached != NULL ? "; see what is attached" : "");
}

/* Does the HTML show the last of the pictures? */
static bool is_shown(
    const struct letter_writing *w, size_t shown, const struct letter *l)
{
	const char *last = l->parts[l->n_parts - 1].cid;

	for (size_t i = 0; i < shown; i++)
		if (w->parts[i].cid == last)
			return true;
	return false;
}

int letter_write(struct arena *a, struct canvas *canvas,
    const struct letter_conf *conf, struct letter *letter, struct err *e)
{
	const struct page *page = conf->capsule->page;
	struct posting p = {a, canvas, conf, letter, 0};
	size_t shown;
	struct letter_part *parts =
	    arena_array(a, page->n_blocks, sizeof(*parts));
	struct letter_writing w = {.arena = a,
	    .subject = conf->period != NULL ? subject_of_report(a, conf)
					    : subject(a, conf),
	    .parts = parts,
	    .n_parts = page->n_blocks};

	*letter = (struct letter){.subject = w.subject};
	letter->parts =
	    arena_array(a, PICTURES_MAX + 1, sizeof(*letter->parts));
	write_head(a, conf, &w.head);
	for (size_t i = 0; i < page->n_blocks; i++) {
		letter_part(a, &page->blocks[i], &parts[i]);
		if (picture(&p, &page->blocks[i], &parts[i], e) != 0)
			return -1;
	}
	letter->html = letter_html(&w, &shown);
	while (letter->n_parts > 0 && !is_shown(&w, shown, letter))
		letter->n_parts--;
	letter->text = letter_text(&w);
	return 0;
}
