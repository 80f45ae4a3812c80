#include "store/cohort.h"
#include "store/roster.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What the samples of one delivery share. */
struct append {
	struct store *st;
	struct roster *roster;
	int64_t now, gap;
};

/* The unit of a counter's rate; a count has none but "per second". */
static const char *unit_of(const struct sample *sample, char *dst, size_t size)
{
	const char *unit = sample->unit == NULL ? "" : sample->unit;

	if (!sample->counter)
		return unit;
	if (strcmp(unit, UNIT_COUNT) == 0)
		unit = "";
	snprintf(dst, size, "%.*s/s", (int)size - 3, unit);
	return dst;
}

static void put(struct append *x, const struct place *at, int64_t ts, double v)
{
	struct block *b = &x->roster->blocks[at->block];

	if (ts == x->now) {
		b->row.present |= UINT64_C(1) << at->slot;
		b->row.values[at->slot] = v;
	} else {
		*arena_push(x->roster->arena, &b->row.own, &b->row.n_own,
		    &b->row.cap_own) = (struct own){at->slot, ts, v};
	}
	x->st->appended++;
}

static int append_one(
    struct append *x, const struct sample *sample, struct err *e)
{
	int64_t ts = sample->ts == 0 ? x->now : sample->ts;
	char rate[READING_NAME_MAX + 3];
	const char *unit = unit_of(sample, rate, sizeof(rate));
	double value = sample->value;
	struct counter *counter;
	struct place at;

	if (!isfinite(value) || !store_time_ok(ts, x->now))
		return 0;
	if (roster_find(x->roster, sample->metric, unit, &at, e) != 0)
		return -1;
	if (sample->counter) {
		if (roster_counter(x->roster, &at, &counter, e) != 0)
			return -1;
		value = counter_rate(counter, ts, value, x->gap);
	}
	if (isfinite(value))
		put(x, &at, ts, value);
	return 0;
}

/* A hole at its time, which what is read later leaves out. */
static int take_back(
    struct append *x, const struct retractions *gone, struct err *e)
{
	struct place at;

	for (size_t i = 0; i < gone->n; i++) {
		const struct retraction *r = &gone->items[i];

		if (r->kept)
			continue;
		if (roster_find(x->roster, r->metric, NULL, &at, e) != 0)
			return -1;
		put(x, &at, r->ts, NAN);
	}
	return 0;
}

static int append_all(struct append *x, const struct readings *r, struct err *e)
{
	for (size_t i = 0; i < r->n_samples; i++)
		if (append_one(x, &r->samples[i], e) != 0)
			return -1;
	return roster_write(x->roster, e);
}

int samples_append(struct store *st, const struct source_row *source,
    const struct delivery *d, const struct retractions *gone, struct err *e)
{
	struct roster roster;
	struct append x = {.st = st, .roster = &roster, .now = d->now};
	int rc;

	if (d->readings->n_samples == 0 && gone->n == 0)
		return 0;
	if (runs_spacing(st, d->now, &x.gap, e) != 0)
		return -1;
	if (x.gap < d->every)
		x.gap = d->every;
	x.gap *= 3;
	rc = roster_open(&roster, st, source->id, d->now, d->every, e);
	if (rc == 0)
		rc = take_back(&x, gone, e);
	if (rc == 0)
		rc = append_all(&x, d->readings, e);
	roster_close(&roster);
	return rc;
}
