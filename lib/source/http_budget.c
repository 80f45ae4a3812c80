/*
 * How often a service may be asked, as its answers say; kept between runs in
 * the vault as the moment before which it is left alone:
 *
 *	Retry-After				RFC 9110, 10.2.3
 *	RateLimit-Remaining, -Reset		a draft of the IETF; also with
 *X- X-RateLimit-Limit and -Usage		lists, one for each of the
 *	X-ReadRateLimit-Limit and -Usage	windows that rate_windows: names
 *
 * A refusal without any of it is answered by waiting, twice as long each
 * time. Nobody comes back at the full minute, when everybody does.
 */
#include "source/http.h"

#include <math.h>
#include <string.h>

#define WINDOWS_MAX 4
#define FULL	    0.95 /* a share of the limit: others may ask, too */
#define WAIT_MIN    60
#define WAIT_MAX    (6 * 3600)
#define UNTIL_MAX   (2 * 86400) /* no later than this from now */
#define LATE_MIN    20		/* seconds after a window's end */
#define LATE_SPREAD 90

static const char *value(
    CURL *easy, struct arena *a, const char *prefix, const char *name)
{
	struct curl_header *h;

	if (curl_easy_header(easy, arena_printf(a, "%s-%s", prefix, name), 0,
		CURLH_HEADER, -1, &h) != CURLHE_OK)
		return NULL;
	return h->value;
}

/* "200, 2000" into numbers, WINDOWS_MAX of them at most; how many. */
static size_t numbers(struct arena *a, const char *s, double *out)
{
	size_t n = 0;

	while (s != NULL && n < WINDOWS_MAX) {
		size_t len = strcspn(s, ",");
		struct span one = str_trim((struct span){s, len});

		if (!str_number(arena_strndup(a, one.p, one.n), &out[n]) ||
		    out[n] < 0)
			break;
		n++;
		s = s[len] == ',' ? s + len + 1 : NULL;
	}
	return n;
}

static int64_t late(const char *name)
{
	return LATE_MIN + str_hash(name) % LATE_SPREAD;
}

static void not_before(struct http_login *l, int64_t until, int64_t now)
{
	if (until > now + UNTIL_MAX)
		until = now + UNTIL_MAX;
	if (until > l->until)
		l->until = until;
}

/* The windows that are used up end on the clock's multiples of their length. */
static void take_usage(const struct http_conf *conf, CURL *easy,
    struct arena *a, const char *prefix, const char *name, int64_t now,
    struct http_login *l)
{
	double limit[WINDOWS_MAX], usage[WINDOWS_MAX], length;
	size_t n = numbers(a, value(easy, a, prefix, "Limit"), limit);
	size_t m = numbers(a, value(easy, a, prefix, "Usage"), usage);

	for (size_t i = 0; i < n && i < m && i < conf->rate_windows.n; i++) {
		int64_t w;

		if (!str_duration(conf->rate_windows.items[i], &length) ||
		    usage[i] < FULL * limit[i])
			continue;
		w = (int64_t)length;
		not_before(l, (now / w + 1) * w + late(name), now);
	}
}

/* A time of day, or seconds from now, whichever it can be. */
static void take_reset(CURL *easy, struct arena *a, const char *prefix,
    const char *name, int64_t now, struct http_login *l)
{
	double left[WINDOWS_MAX], reset[WINDOWS_MAX];
	int64_t until;

	if (numbers(a, value(easy, a, prefix, "Remaining"), left) < 1 ||
	    numbers(a, value(easy, a, prefix, "Reset"), reset) < 1 ||
	    left[0] > 0)
		return;
	until = reset[0] > 1e9 ? (int64_t)fmin(reset[0], 1e12)
			       : now + (int64_t)reset[0];
	not_before(l, until + late(name) % LATE_MIN, now);
}

void http_budget_strike(const char *name, int64_t now, struct http_login *l)
{
	int64_t wait = WAIT_MIN;

	for (int64_t i = 0; i < l->strikes && wait < WAIT_MAX; i++)
		wait *= 2;
	l->strikes++;
	not_before(
	    l, now + (wait < WAIT_MAX ? wait : WAIT_MAX) + late(name), now);
}

void http_budget_take(const struct http_conf *conf, CURL *easy, long status,
    const char *name, int64_t now, struct http_login *l)
{
	static const char *const prefixes[] = {
	    "X-RateLimit", "X-ReadRateLimit", "RateLimit"};
	struct arena *a = arena_new();
	curl_off_t after = 0;

	l->until = 0;
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		take_usage(conf, easy, a, prefixes[i], name, now, l);
		take_reset(easy, a, prefixes[i], name, now, l);
	}
	if (status == 429 || status == 503)
		curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &after);
	if (after > 0)
		not_before(l, now + after + late(name) % LATE_MIN, now);
	if (status == 429 && l->until <= now)
		http_budget_strike(name, now, l);
	else if (status / 100 == 2)
		l->strikes = 0;
	arena_free(a);
}

void http_budget_check(
    const struct http_conf *conf, const struct node *node, struct faults *f)
{
	const struct node *at = node_get(node, "rate_windows");
	double length;

	if (conf->rate_windows.n > WINDOWS_MAX)
		fault_at(f, at, "rate_windows: more than %d", WINDOWS_MAX);
	for (size_t i = 0; i < conf->rate_windows.n; i++)
		if (!str_duration(conf->rate_windows.items[i], &length) ||
		    length < 1 || length > 366 * 86400.0)
			fault_at(f, at,
			    "rate_windows: '%.80s' is not a length of time "
			    "such as 15m",
			    conf->rate_windows.items[i]);
}
