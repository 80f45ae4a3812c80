#include "output/news.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/json.h"
#include "base/str.h"
#include "chart/unit.h"
#include "panel/alarm.h"
#include "panel/parts.h"

#include <math.h>
#include <string.h>

#define TEXT_MAX    (64 * 1024)
#define HTML_MAX    (256 * 1024)
#define JSON_MAX    (512 * 1024)
#define SUBJECT_MAX 200 /* bytes */

struct writer {
	struct arena *arena;
	const struct dispatch *d;
	const char *title, *url;
	const struct news_site *site;
};

static const char *name_of(struct arena *a, const struct alert *x)
{
	return arena_printf(a, "%s %s", x->source, x->rule);
}

static const char *mark_of(const struct dispatch_item *i)
{
	return i->event == DISPATCH_ENDED ? "■" : "▲";
}

/* The one that says most of a message: what begins, the worst first. */
static const struct dispatch_item *worst(const struct dispatch *d)
{
	const struct dispatch_item *best = &d->items[0];

	for (size_t i = 1; i < d->n; i++) {
		const struct dispatch_item *x = &d->items[i];

		if (x->event < best->event ||
		    (x->event == best->event &&
			x->alert.severity > best->alert.severity))
			best = x;
	}
	return best;
}

/* ", at worst 97 %": of one that ended, where it has an extreme. */
static const char *peak_words(struct arena *a, const struct alert *x)
{
	if (isnan(x->peak) || x->test >= ALERT_EQUALS)
		return "";
	return arena_printf(a, ", at worst %s", unit_text(a, x->unit, x->peak));
}

/* "cpu 96 %, above 75 % for 29 min, since 02:45" */
static const char *course(const struct writer *w, const struct dispatch_item *i)
{
	struct arena *a = w->arena;
	const char *text = alarm_text(a, &i->alert, w->d->made);

	if (i->event == DISPATCH_ENDED)
		return arena_printf(a, "%s%s", text, peak_words(a, &i->alert));
	if (i->event == DISPATCH_LASTS)
		return arena_printf(a, "goes on: %s", text);
	return text;
}

/* "▲ critical: app1 busy: cpu 96 %, above 75 % for 2 min, since 03:16" */
static const char *line(const struct writer *w, const struct dispatch_item *i)
{
	struct arena *a = w->arena;

	return arena_printf(a, "%s %s%s%s: %s", mark_of(i),
	    i->event == DISPATCH_ENDED ? ""
				       : alert_severity_word(i->alert.severity),
	    i->event == DISPATCH_ENDED ? "" : ": ", name_of(a, &i->alert),
	    course(w, i));
}

static size_t count(const struct dispatch *d, enum dispatch_event event)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n; i++)
		n += d->items[i].event == event;
	return n;
}

/* "2 alerts begin, 1 ended" */
static const char *summary(const struct writer *w)
{
	static const char *const words[][2] = {
	    [DISPATCH_BEGINS] = {"alert begins", "alerts begin"},
	    [DISPATCH_LASTS] = {"lasts", "last"},
	    [DISPATCH_ENDED] = {"ended", "ended"},
	};
	const char *text = "";

	for (int e = DISPATCH_BEGINS; e <= DISPATCH_ENDED; e++) {
		size_t n = count(w->d, (enum dispatch_event)e);

		if (n > 0)
			text = arena_printf(w->arena, "%s%s%zu %s", text,
			    text[0] != '\0' ? ", " : "", n, words[e][n > 1]);
	}
	if (w->d->left_out > 0)
		text = arena_printf(
		    w->arena, "%s and %zu more", text, w->d->left_out);
	return text;
}

static const char *one_line(struct arena *a, const char *text, size_t max)
{
	char *s = str_clean(a, text, strlen(text), max);

	str_one_line(s);
	return s;
}

static const char *subject(const struct writer *w)
{
	const struct dispatch_item *i = worst(w->d);
	struct arena *a = w->arena;
	const char *text;

	if (w->d->n > 1)
		text = arena_printf(a, "%s %s: %s: %s", mark_of(i), w->title,
		    summary(w), name_of(a, &i->alert));
	else
		text = arena_printf(a, "%s %s: %s: %s", mark_of(i), w->title,
		    name_of(a, &i->alert), course(w, i));
	return one_line(a, text, SUBJECT_MAX);
}

/* What is to be done about it, and who says that they see to it. */
static const char *remarks(struct arena *a, const struct dispatch_item *i)
{
	const struct alert *x = &i->alert;
	bool tell = i->event != DISPATCH_ENDED && x->message[0] != '\0';

	return tell ? one_line(a, x->message, 1024) : "";
}

static void put_text(const struct writer *w, struct buf *b)
{
	const struct dispatch *d = w->d;

	for (size_t i = 0; i < d->n; i++) {
		const char *more = remarks(w->arena, &d->items[i]);

		buf_printf(b, "%s\n", line(w, &d->items[i]));
		if (more[0] != '\0')
			buf_printf(b, "  %s\n", more);
	}
	if (d->left_out > 0)
		buf_printf(b, "and %zu more\n", d->left_out);
	if (w->site->snapshot_url[0] != '\0')
		buf_printf(b, "snapshot: %s\n", w->site->snapshot_url);
	if (w->url[0] != '\0')
		buf_printf(b, "%s\n", w->url);
}

static void put_escaped(const char *s, struct buf *b)
{
	for (; *s != '\0'; s++)
		switch (*s) {
		case '&':
			buf_str(b, "&amp;");
			break;
		case '<':
			buf_str(b, "&lt;");
			break;
		case '>':
			buf_str(b, "&gt;");
			break;
		case '"':
			buf_str(b, "&quot;");
			break;
		default:
			buf_char(b, *s);
		}
}

static void put_row(
    const struct writer *w, const struct dispatch_item *i, struct buf *b)
{
	const char *more = remarks(w->arena, i);

	buf_printf(b,
	    "<tr><td style=\"padding:8px 12px;border-left:4px solid %s\">",
	    i->event == DISPATCH_ENDED ? "#808080" : "#d5281b");
	put_escaped(line(w, i), b);
	if (more[0] != '\0') {
		buf_str(b, "<br><i>");
		put_escaped(more, b);
		buf_str(b, "</i>");
	}
	buf_str(b, "</td></tr>\n");
}

static void put_link(const char *before, const char *url, struct buf *b)
{
	if (url[0] == '\0')
		return;
	buf_printf(b, "<p>%s<a href=\"", before);
	put_escaped(url, b);
	buf_str(b, "\">");
	put_escaped(url, b);
	buf_str(b, "</a></p>\n");
}

static void put_html(const struct writer *w, struct buf *b)
{
	const struct dispatch *d = w->d;

	buf_str(b, "<!DOCTYPE html>\n<html lang=\"en\"><head>"
		   "<meta charset=\"utf-8\"><title>");
	put_escaped(subject(w), b);
	buf_str(b, "</title></head>\n<body style=\"font-family:sans-serif;"
		   "font-size:15px;line-height:1.4\">\n<p><b>");
	put_escaped(w->title, b);
	buf_str(b, "</b></p>\n<table role=\"presentation\" cellspacing=\"6\" "
		   "cellpadding=\"0\">\n");
	for (size_t i = 0; i < d->n; i++)
		put_row(w, &d->items[i], b);
	buf_str(b, "</table>\n");
	if (d->left_out > 0)
		buf_printf(b, "<p>and %zu more</p>\n", d->left_out);
	put_link("snapshot: ", w->site->snapshot_url, b);
	put_link("", w->url, b);
	buf_str(b, "</body></html>\n");
}

static void put_time(
    struct json *j, struct arena *a, const char *key, int64_t ts)
{
	json_put_text(j, key, ts != 0 ? clock_iso(a, ts) : NULL);
}

static void put_number(struct json *j, const char *key, double v)
{
	if (!isnan(v))
		json_put_real(j, key, v);
}

static void put_item(
    struct json *events, struct arena *a, const struct dispatch_item *i)
{
	struct json *j = json_add_object(events);
	const struct alert *x = &i->alert;

	json_put_text(j, "event", dispatch_event_word(i->event));
	json_put_text(j, "key", i->key);
	json_put_text(j, "alert", x->rule);
	json_put_text(j, "series", x->series);
	json_put_text(j, "source", x->source);
	json_put_text(j, "severity", alert_severity_word(x->severity));
	put_time(j, a, "since", x->since);
	put_time(j, a, "fired", x->fired);
	put_time(j, a, "ended", x->ended);
	put_number(j, "value", x->value);
	put_number(j, "worst", x->peak);
	json_put_text(j, "unit", x->unit);
	json_put_text(j, "limit", alarm_limit(a, x));
	json_put_text(j, "message", one_line(a, x->message, 1024));
}

static void put_json(
    const struct writer *w, const struct message *m, struct buf *b)
{
	struct json *root = json_object_new(), *events;

	json_put_text(root, "id", m->id);
	put_time(root, w->arena, "time", m->made);
	json_put_text(root, "title", m->title);
	if (m->url[0] != '\0')
		json_put_text(root, "url", m->url);
	if (w->site->snapshot[0] != '\0')
		json_put_text(root, "snapshot", w->site->snapshot);
	if (m->snapshot[0] != '\0')
		json_put_text(root, "snapshot_url", m->snapshot);
	json_put_text(root, "subject", m->subject);
	json_put_text(root, "text", m->text);
	events = json_put_array(root, "events");
	for (size_t i = 0; i < w->d->n; i++)
		put_item(events, w->arena, &w->d->items[i]);
	json_put_int(root, "left_out", (int64_t)w->d->left_out);
	json_write(root, 0, b);
	json_free(root);
}

/* What a writer writes, in the arena. */
static const char *written(const struct writer *w,
    void (*write)(const struct writer *, struct buf *), size_t max)
{
	struct buf b;
	const char *out;

	buf_init(&b, max);
	write(w, &b);
	out = arena_strdup(w->arena, buf_text(&b));
	buf_free(&b);
	return out;
}

static void set_alert(struct writer *w, struct message *m)
{
	const struct dispatch_item *i = worst(w->d);
	const struct alert *x = &i->alert;

	m->key = i->key;
	m->event = dispatch_event_word(i->event);
	m->severity = alert_severity_word(x->severity);
	m->rule = x->rule;
	m->series = x->series;
	m->source = x->source;
	m->advice = one_line(w->arena, x->message, 1024);
	m->value =
	    isnan(x->value) ? "" : unit_text(w->arena, x->unit, x->value);
}

static const char *json_of(const struct writer *w, const struct message *m)
{
	struct buf b;
	const char *out;

	buf_init(&b, JSON_MAX);
	put_json(w, m, &b);
	out = arena_strdup(w->arena, buf_text(&b));
	buf_free(&b);
	return out;
}

static struct message begin(const struct writer *w)
{
	return (struct message){
	    .made = w->d->made,
	    .id = w->d->uid,
	    .title = w->title,
	    .url = w->url,
	    .snapshot = w->site->snapshot_url,
	    .time = arena_printf(w->arena, "%lld", (long long)w->d->made),
	};
}

struct message news_message(
    struct arena *a, const struct dispatch *d, const struct news_site *site)
{
	struct writer w = {a, d, site->title, site->url, site};
	struct message m = begin(&w);

	set_alert(&w, &m);
	m.subject = subject(&w);
	m.text = written(&w, put_text, TEXT_MAX);
	m.html = written(&w, put_html, HTML_MAX);
	m.json = json_of(&w, &m);
	return m;
}

struct message news_plain(struct arena *a, const struct dispatch *d,
    const struct news_site *site, const char *text)
{
	struct writer w = {a, d, site->title, site->url, site};
	struct message m = begin(&w);

	m.subject = one_line(
	    a, arena_printf(a, "%s: %s", site->title, text), SUBJECT_MAX);
	m.text = m.html = m.subject;
	m.key = m.event = m.severity = m.rule = m.series = m.source = "";
	m.value = m.advice = "";
	m.json = json_of(&w, &m);
	return m;
}

/* An alert that is none, which begins; where each is told apart it ends. */
struct dispatch *news_test(
    struct arena *a, const char *channel, int64_t now, struct err *e)
{
	struct dispatch *d = arena_array(a, 2, sizeof(*d));
	struct dispatch_item *item;
	char *id;

	for (size_t i = 0; i < 2; i++) {
		if (crypto_random_hex(a, 16, &id, e) != 0)
			return NULL;
		item = arena_make(a, struct dispatch_item);
		item->event = i == 0 ? DISPATCH_BEGINS : DISPATCH_ENDED;
		item->key = i == 0 ? id : d[0].items[0].key;
		item->alert = (struct alert){.rule = "test",
		    .series = "broadsheet/test",
		    .source = "broadsheet",
		    .unit = "",
		    .message = "This is only a test: nothing is wrong.",
		    .severity = ALERT_WARNING,
		    .state = i == 0 ? ALERT_FIRING : ALERT_ENDED,
		    .test = ALERT_FAILED,
		    .low = 0,
		    .high = NAN,
		    .since = now,
		    .fired = now,
		    .ended = i == 0 ? 0 : now,
		    .first = NAN,
		    .value = NAN,
		    .peak = NAN,
		    .why = "",
		    .note = "",
		    .snapshot = ""};
		d[i] = (struct dispatch){.uid = id,
		    .channel = channel,
		    .made = now,
		    .items = item,
		    .n = 1};
	}
	return d;
}
