#include "output/explore.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "base/crypto.h"
#include "base/json.h"
#include "output/csv.h"

#define HOUR 3600

void explore_id(const char *name, char id[EXPLORE_ID])
{
	char hash[CRYPTO_SHA256_HEX];

	crypto_sha256_hex(name, strlen(name), hash);
	memcpy(id, hash, EXPLORE_ID - 1);
	id[EXPLORE_ID - 1] = '\0';
}

/* A whole number, with a point before its last digits; no zeros behind it. */
static void put_digits(struct buf *b, bool minus, uint64_t n, int decimals)
{
	char text[32], *end = text + sizeof(text), *p = end;

	for (; decimals > 0 && n % 10 == 0; decimals--)
		n /= 10;
	for (int i = 0; i <= decimals || n > 0; i++, n /= 10) {
		if (i > 0 && i == decimals)
			*--p = '.';
		*--p = (char)('0' + n % 10);
	}
	if (minus)
		*--p = '-';
	buf_add(b, p, (size_t)(end - p));
}

/* A run writes tens of thousands: printf is for the odd ones only. */
static void put_number(struct buf *b, double v)
{
	static const double powers[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7};
	double size = fabs(v);
	int before = 0; /* the point */

	if (!isfinite(v)) {
		buf_str(b, "null");
		return;
	}
	if (v == floor(v) && size < 1e15) {
		put_digits(b, v < 0, (uint64_t)size, 0);
		return;
	}
	if (size < 0.1 || size >= 1e6) {
		buf_printf(b, "%.7g", v);
		return;
	}
	while (size >= powers[before])
		before++;
	put_digits(
	    b, v < 0, (uint64_t)(size * powers[7 - before] + 0.5), 7 - before);
}

static void put_whole(struct buf *b, int64_t n)
{
	put_digits(b, n < 0, n < 0 ? 0 - (uint64_t)n : (uint64_t)n, 0);
}

static void put_id(struct buf *b, const char *name)
{
	char id[EXPLORE_ID];

	explore_id(name, id);
	buf_printf(b, "\"%s\"", id);
}

static void begin(struct buf *b, const char *name, const char *level)
{
	char id[EXPLORE_ID];

	explore_id(name, id);
	buf_printf(b, "explore(\"%s-%s\",{\"name\":", id, level);
	json_text(name, b);
}

static void put_sources(const struct series *s, size_t n, struct buf *b)
{
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && str_eq(s[i].source, s[i - 1].source))
			continue;
		buf_str(b, i == 0 ? "[" : ",\n[");
		json_text(s[i].source, b);
		buf_char(b, ',');
		put_id(b, s[i].source);
		buf_char(b, ']');
	}
}

static void put_entry(const struct series *s, size_t source, struct buf *b)
{
	buf_printf(b, "[%zu,", source);
	json_text(s->metric, b);
	buf_char(b, ',');
	json_text(s->unit, b);
	buf_printf(b, ",%lld,%lld,", (long long)s->every,
	    (long long)(s->last_ts - s->last_ts % HOUR));
	put_id(b, s->name);
	buf_char(b, ']');
}

void explore_index(
    const struct series *s, size_t n, int64_t every, struct buf *b)
{
	size_t source = 0;

	buf_printf(b, "explore(\"index\",{\"every\":%lld,\"sources\":[",
	    (long long)every);
	put_sources(s, n, b);
	buf_str(b, "],\"series\":[");
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_str(b, ",\n");
		if (i > 0 && !str_eq(s[i].source, s[i - 1].source))
			source++;
		put_entry(&s[i], source, b);
	}
	buf_str(b, "]})\n");
}

/* Every time at which one of the series has a point, rising. */
struct times {
	int64_t *ts;
	size_t n;
};

static struct times unite(
    struct arena *a, const struct times *t, const struct series *s)
{
	struct times all = {arena_array(a, t->n + s->n, sizeof(int64_t)), 0};
	size_t i = 0, k = 0;

	while (i < t->n || k < s->n) {
		int64_t next =
		    k == s->n || (i < t->n && t->ts[i] <= s->points[k].ts)
			? t->ts[i]
			: s->points[k].ts;

		i += i < t->n && t->ts[i] == next;
		k += k < s->n && s->points[k].ts == next;
		all.ts[all.n++] = next;
	}
	return all;
}

/* Series of one source mostly have the same times. */
static bool covers(const struct times *t, const struct series *s)
{
	size_t i = 0;

	for (size_t k = 0; k < s->n; k++, i++) {
		while (i < t->n && t->ts[i] < s->points[k].ts)
			i++;
		if (i == t->n || t->ts[i] != s->points[k].ts)
			return false;
	}
	return true;
}

static void put_value(struct buf *b, const struct point *p)
{
	if (p->min == p->max) {
		put_number(b, p->mean);
		return;
	}
	buf_char(b, '[');
	put_number(b, p->mean);
	buf_char(b, ',');
	put_number(b, p->min);
	buf_char(b, ',');
	put_number(b, p->max);
	buf_char(b, ']');
}

static void put_row(
    const struct times *t, const struct series *s, struct buf *b)
{
	buf_char(b, '[');
	json_text(s->metric, b);
	buf_str(b, ",[");
	for (size_t i = 0, k = 0; k < s->n; i++) {
		if (i > 0)
			buf_char(b, ',');
		if (s->points[k].ts == t->ts[i])
			put_value(b, &s->points[k++]);
		else
			buf_str(b, "null");
	}
	buf_str(b, "]]");
}

void explore_now(const struct series *s, size_t n, struct buf *b)
{
	struct arena *a = arena_new();
	struct times t = {0};

	for (size_t i = 0; i < n; i++)
		if (!covers(&t, &s[i]))
			t = unite(a, &t, &s[i]);
	begin(b, n > 0 ? s[0].source : "", "now");
	buf_str(b, ",\"t\":[");
	for (size_t i = 0; i < t.n; i++) {
		if (i > 0)
			buf_char(b, ',');
		put_whole(b, i > 0 ? t.ts[i] - t.ts[i - 1] : t.ts[i]);
	}
	buf_str(b, "],\"series\":[");
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_str(b, ",\n");
		put_row(&t, &s[i], b);
	}
	buf_str(b, "]})\n");
	arena_free(a);
}

static void put_times(const struct series *s, struct buf *b)
{
	int64_t step = s->step > 0 ? s->step : 1;

	buf_str(b, ",\"t\":[");
	for (size_t i = 0; i < s->n; i++) {
		int64_t ts = s->points[i].ts;

		if (i > 0)
			buf_char(b, ',');
		put_whole(b, i == 0 ? ts : (ts - s->points[i - 1].ts) / step);
	}
	buf_char(b, ']');
}

/* One member of all the points. */
static void put_column(
    const struct series *s, const char *key, size_t offset, struct buf *b)
{
	buf_printf(b, ",\"%s\":[", key);
	for (size_t i = 0; i < s->n; i++) {
		const char *point = (const char *)&s->points[i];
		double v;

		memcpy(&v, point + offset, sizeof(v));
		if (i > 0)
			buf_char(b, ',');
		put_number(b, v);
	}
	buf_char(b, ']');
}

void explore_level(const struct series *s, const char *level, int64_t from,
    int64_t to, struct buf *b)
{
	begin(b, s->name, level);
	buf_printf(b, ",\"from\":%lld,\"to\":%lld,\"step\":%lld",
	    (long long)from, (long long)to, (long long)s->step);
	put_times(s, b);
	put_column(s, "mean", offsetof(struct point, mean), b);
	if (s->step > 0) {
		put_column(s, "min", offsetof(struct point, min), b);
		put_column(s, "max", offsetof(struct point, max), b);
	}
	buf_str(b, "})\n");
}

void explore_csv(const struct series *s, struct buf *b)
{
	static const char *columns[] = {"time", "mean", "min", "max"};
	struct arena *a = arena_new();
	struct numbers numbers = {
	    .columns = columns,
	    .n_columns = 4,
	    .values = arena_array(a, s->n, sizeof(double *)),
	    .n_rows = s->n,
	    .unit = s->unit,
	};

	for (size_t i = 0; i < s->n; i++) {
		const struct point *p = &s->points[i];
		double row[] = {(double)p->ts, p->mean, p->min, p->max};

		numbers.values[i] = arena_copy(a, row, sizeof(row));
	}
	csv_numbers(&numbers, b);
	arena_free(a);
}
