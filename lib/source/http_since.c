/*
 * Only what is new: the newest time that was seen is asked for the next time.
 * It moves on once all pages of a sweep were read, whatever their order.
 */
#include "base/clock.h"
#include "source/http.h"

#include <string.h>

#define DAY 86400

enum format { EPOCH, ISO, DATE };

#define AT(member) offsetof(struct http_since, member)

const struct option http_since_options[] = {
    {"parameter", OPTION_TEXT, AT(parameter),
	.help = "the parameter that says since when", .required = true},
    {"format", OPTION_CHOICE, AT(format), .choices = "epoch|iso|date",
	.deflt = "epoch", .help = "how it is written: UTC"},
    {"from", OPTION_TEXT, AT(from),
	.help = "path of the time to be asked for next ($.body.updatetime), or "
		"of all times, of which the newest is taken "
		"($[*].start_date); the time of the run if left out"},
    {"first", OPTION_TEXT, AT(first),
	.help = "how far back the first time: a length of time or a date; "
		"everything, without the parameter, if left out"},
    {"overlap", OPTION_DURATION, AT(overlap), .min = 0, .max = 10 * 366e5,
	.help = "how much earlier to ask, for what is edited or comes late"},
    {0},
};

void http_since_check(
    struct http_conf *conf, const struct node *node, struct faults *f)
{
	const struct http_since *c = &conf->since;
	const struct node *first = node_get(node, "first");
	struct err e;
	int64_t ts;

	http_check_path("since: from", c->from, true, node, f);
	if (c->first != NULL && !str_eq(c->first, "0") &&
	    clock_parse(c->first, 4102444800, &ts, &e) != 0)
		fault_at(f, first, "since: first: %s", e.text);
}

static const char *written(struct arena *a, int format, int64_t ts)
{
	char *iso;

	if (format == EPOCH)
		return arena_printf(a, "%lld", (long long)ts);
	iso = clock_iso(a, ts);
	if (format == DATE)
		iso[strcspn(iso, "T")] = '\0';
	return iso;
}

int http_since_ask(struct arena *a, const struct http_conf *conf,
    const struct http_place *place, int64_t now, struct buf *form,
    struct err *e)
{
	const struct http_since *c = &conf->since;
	int64_t ts = place->since - (int64_t)c->overlap;

	if (conf->since_node == NULL)
		return 0;
	if (place->since == 0) {
		if (c->first == NULL)
			return 0;
		ts = 0;
		if (!str_eq(c->first, "0") &&
		    clock_parse(c->first, now, &ts, e) != 0)
			return -1;
	}
	http_form_add(
	    form, c->parameter, written(a, c->format, ts > 0 ? ts : 0));
	return 0;
}

/* A number of seconds, or a moment with its date and Z. */
static bool moment(const char *text, int64_t *ts)
{
	char clean[32];
	size_t whole = strcspn(text, ".");
	struct err e;
	double v;

	if (str_number(text, &v) && v > 0 && v < 1e11) {
		*ts = (int64_t)v;
		return true;
	}
	if (strlen(text) < 10 || whole + 1 >= sizeof(clean))
		return false;
	memcpy(clean, text, whole);
	clean[whole] = '\0';
	if (text[whole] == '.' && strlen(text) > 0 &&
	    text[strlen(text) - 1] == 'Z') {
		clean[whole] = 'Z';
		clean[whole + 1] = '\0';
	}
	return clock_parse(clean, 0, ts, &e) == 0;
}

struct newest {
	int64_t ts, now;
};

/* What is dated in the future would hide all that comes before. */
static void take(void *ctx, const char *text)
{
	struct newest *n = ctx;
	int64_t ts;

	if (moment(text, &ts) && ts > n->ts && ts <= n->now + DAY)
		n->ts = ts;
}

/* One moment of the service's own: that of the first page, as what changes
 * while further pages are read is new the next time. */
static bool is_each(const struct http_conf *conf)
{
	return strstr(conf->since.from, "[*]") != NULL;
}

void http_since_take(const struct http_conf *conf, struct http_json *doc,
    int64_t now, struct http_place *place)
{
	struct newest n = {place->newest, now};

	if (conf->since_node == NULL)
		return;
	if (conf->since.from == NULL)
		n.ts = place->begun;
	else if (doc != NULL && (place->next == NULL || is_each(conf)))
		http_json_each(doc, conf->since.from, take, &n);
	place->newest = n.ts;
}
