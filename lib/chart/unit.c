#include "chart/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

#define MINUS	   "\xe2\x88\x92"
#define NO_VALUE   "\xe2\x80\x93"
#define INFINITY_S "\xe2\x88\x9e"
#define DEGREE_C   "\xc2\xb0\x43"

#define KB 1024.0

/* A value belongs to the last row that it reaches, once rounded. */
struct rung {
	double from, divisor;
	const char *suffix;
};

struct ladder {
	const char *unit;
	struct rung rungs[6];
};

static const struct ladder ladders[] = {
    {"bytes", {{0, 1, "B"}, {999.5, KB, "KB"}, {999.5 * KB, KB *KB, "MB"},
		  {999.5 * KB * KB, KB *KB *KB, "GB"},
		  {999.5 * KB * KB * KB, KB *KB *KB *KB, "TB"},
		  {999.5 * KB * KB * KB * KB, KB *KB *KB *KB *KB, "PB"}}},
    {"bits", {{0, 1, "bit"}, {999.5, 1e3, "kbit"}, {999.5e3, 1e6, "Mbit"},
		 {999.5e6, 1e9, "Gbit"}, {999.5e9, 1e12, "Tbit"}}},
    {"seconds",
	{{0, 1e-6, "\xc2\xb5s"}, {0.9995e-3, 1e-3, "ms"}, {0.9995, 1, "s"},
	    {89.5, 60, "min"}, {5370, 3600, "h"}, {172800, 86400, "d"}}},
    {"count", {{0, 1, ""}, {999999.5, 1e6, "M"}, {999.5e6, 1e9, "bn"},
		  {999.5e9, 1e12, "tn"}}},
};

#define N_LADDERS (sizeof(ladders) / sizeof(ladders[0]))

static const struct {
	const char *unit, *suffix;
} signs[] = {
    {"number", ""},
    {"percent", "%"},
    {"%", "%"},
    {"celsius", DEGREE_C},
};

/* "bytes/s" and "bytes per second" are the same; so are "/s" and "1/s". */
static size_t base_length(const char *unit, bool *per_second)
{
	static const char *const ends[] = {"/s", " per second", "per second"};
	size_t n = strlen(unit);

	*per_second = false;
	for (size_t i = 0; i < 3; i++) {
		size_t len = strlen(ends[i]);

		if (n < len || strcmp(unit + n - len, ends[i]) != 0)
			continue;
		/* m/s and km/s are units of their own */
		*per_second = strcmp(unit, "m/s") != 0;
		return *per_second ? n - len : n;
	}
	return n;
}

static const struct ladder *ladder_of(const char *unit, size_t n)
{
	if (n == 0 || (n == 1 && unit[0] == '1'))
		return &ladders[N_LADDERS - 1];
	for (size_t i = 0; i < N_LADDERS; i++)
		if (strlen(ladders[i].unit) == n &&
		    memcmp(ladders[i].unit, unit, n) == 0)
			return &ladders[i];
	return NULL;
}

static const struct rung *rung_of(const struct ladder *l, double largest)
{
	const struct rung *r = &l->rungs[0];

	largest = fabs(largest);
	if (largest == 0 && strcmp(l->unit, "seconds") == 0)
		return &l->rungs[2];
	for (size_t i = 1; i < 6 && l->rungs[i].divisor > 0; i++)
		if (largest >= l->rungs[i].from)
			r = &l->rungs[i];
	return r;
}

static const char *sign_of(const char *unit)
{
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (strcmp(signs[i].unit, unit) == 0)
			return signs[i].suffix;
	return unit;
}

/* Units whose values are seconds, shown as 55:43. */
static const struct {
	const char *unit, *suffix;
} clocks[] = {{"duration", ""}, {"pace", "/km"}};

#define CLOCKS (sizeof(clocks) / sizeof(clocks[0]))

struct unit_scale unit_scale(struct arena *a, const char *unit, double largest)
{
	bool per_second;
	size_t n;
	const struct ladder *l;
	const struct rung *r;

	if (unit == NULL)
		unit = "";
	if (strcmp(unit, "ms") == 0 || strcmp(unit, "milliseconds") == 0) {
		struct unit_scale s = unit_scale(a, "seconds", largest / 1000);

		s.divisor *= 1000;
		return s;
	}
	for (size_t i = 0; i < CLOCKS; i++)
		if (strcmp(unit, clocks[i].unit) == 0)
			return (struct unit_scale){
			    60, clocks[i].suffix, false, true};
	n = base_length(unit, &per_second);
	l = ladder_of(unit, n);
	if (l == NULL)
		return (struct unit_scale){1, sign_of(unit), false, false};
	r = rung_of(l, isfinite(largest) ? largest : 0);
	return (struct unit_scale){
	    r->divisor,
	    per_second ? arena_printf(a, "%s/s", r->suffix) : r->suffix,
	    true,
	    false,
	};
}

bool unit_is_percent(const char *unit)
{
	return str_eq(unit, "percent") || str_eq(unit, "%");
}

int unit_decimals(double v)
{
	int power;

	v = fabs(v);
	if (v == 0 || !isfinite(v))
		return 0;
	power = (int)floor(log10(v));
	/* 9.996 is rounded to 10.0, which has a digit more before the point */
	if (v * pow(10, 2 - power) >= 999.5)
		power++;
	return power >= 2 ? 0 : 2 - power;
}

int unit_percent_decimals(double v)
{
	return fabs(v) < 0.1 ? unit_decimals(v) : v == floor(v) ? 0 : 1;
}

/* Digits before the point get a comma at every third; n is their number. */
static void put_grouped(char *dst, const char *digits, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			*dst++ = ',';
		*dst++ = digits[i];
	}
	snprintf(dst, 32, "%s", digits + n);
}

static void trim_zeros(char *digits)
{
	size_t n = strlen(digits);

	if (strchr(digits, '.') == NULL)
		return;
	while (digits[n - 1] == '0')
		n--;
	if (digits[n - 1] == '.')
		n--;
	digits[n] = '\0';
}

static const char *exponential(struct arena *a, double v)
{
	char digits[32];
	int power = (int)floor(log10(fabs(v)));
	int half = -power / 2;

	/* In two steps: a power below -308 is no number on its own. */
	snprintf(digits, sizeof(digits), "%.2f",
	    fabs(v) * pow(10, half) * pow(10, -power - half));
	trim_zeros(digits);
	return arena_printf(a, "%s%se%d", v < 0 ? MINUS : "", digits, power);
}

const char *unit_number(struct arena *a, double v, int decimals)
{
	char digits[48], grouped[96];
	bool trim = decimals < 0;
	bool whole = v == floor(v) && fabs(v) < 1e6;

	if (isnan(v))
		return NO_VALUE;
	if (isinf(v))
		return v < 0 ? MINUS INFINITY_S : INFINITY_S;
	if (fabs(v) >= 1e12 || (v != 0 && fabs(v) < 1e-6 && trim))
		return exponential(a, v);
	if (trim)
		decimals = whole ? 0 : unit_decimals(v);
	snprintf(digits, sizeof(digits), "%.*f", decimals > 12 ? 12 : decimals,
	    fabs(v));
	/* 1.5 is 1.5; but what is only about 76 is 76.0 */
	if (trim && strtod(digits, NULL) == fabs(v))
		trim_zeros(digits);
	put_grouped(grouped, digits, strcspn(digits, "."));
	if (strspn(digits, "0.") == strlen(digits))
		v = 0; /* no minus before what is rounded to zero */
	return arena_printf(a, "%s%s", v < 0 ? MINUS : "", grouped);
}

const char *unit_scaled(
    struct arena *a, const struct unit_scale *u, double v, int decimals)
{
	double seconds = round(fabs(v) * 60);
	const char *sign = v < 0 && seconds > 0 ? MINUS : "";
	long long all = (long long)fmin(seconds, 1e15);

	if (!u->clock || !isfinite(v))
		return unit_number(a, v, decimals);
	if (all >= 3600)
		return arena_printf(a, "%s%lld:%02lld:%02lld", sign, all / 3600,
		    all / 60 % 60, all % 60);
	return arena_printf(a, "%s%lld:%02lld", sign, all / 60, all % 60);
}

void unit_split(struct arena *a, const char *unit, double v,
    const char **number, const char **suffix)
{
	struct unit_scale s = unit_scale(a, unit, v);

	*number = unit_scaled(a, &s, v / s.divisor,
	    unit_is_percent(unit) && fabs(v) >= 0.1 ? unit_percent_decimals(v)
						    : -1);
	*suffix = s.suffix;
}

const char *unit_text(struct arena *a, const char *unit, double v)
{
	const char *number, *suffix;

	if (isnan(v))
		return NO_VALUE;
	unit_split(a, unit, v, &number, &suffix);
	if (suffix[0] == '\0')
		return number;
	return arena_printf(a, "%s %s", number, suffix);
}

const char *unit_whole(struct arena *a, double v)
{
	return unit_number(a, v, 0);
}
