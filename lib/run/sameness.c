#include "run/sameness.h"
#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

#define KEY_MAX (16u * 1024 * 1024)

/* Nodes can't be mistaken for each other: each text has its length. */
static void put_text(struct buf *b, const char *s)
{
	buf_printf(b, "%zu:", strlen(s));
	buf_str(b, s);
}

static void put_node(struct buf *b, const struct node *n)
{
	buf_printf(b, "%d,%zu,", (int)n->kind, n->n);
	if (n->kind == NODE_SCALAR)
		put_text(b, n->text);
	for (size_t i = 0; i < n->n; i++) {
		if (n->kind == NODE_MAP)
			put_text(b, n->keys[i]->text);
		put_node(b, n->items[i]);
	}
}

void sameness_open(struct sameness *s, struct arena *a, const struct plan *plan,
    const char *templates, const struct series *series, size_t n)
{
	*s = (struct sameness){
	    .plan = plan,
	    .stamp = arena_printf(a, "%s %s %s %lld %llu", BROADSHEET_VERSION,
		clock_zone(), templates, (long long)plan->every,
		(unsigned long long)plan->common.inline_max),
	    .series = series,
	    .n = n,
	};
	for (size_t i = 0; i < n; i++)
		names_add(a, &s->names, series[i].name, i);
}

static bool all_plain(const struct strings *globs)
{
	for (size_t i = 0; i < globs->n; i++)
		if (strpbrk(globs->items[i], "*?[\\") != NULL)
			return false;
	return true;
}

static bool matches(const struct strings *globs, const char *name)
{
	for (size_t i = 0; i < globs->n; i++)
		if (str_eq(globs->items[i], name))
			return true;
	return str_glob_any(globs, name);
}

void sameness_series(
    const struct sameness *s, struct arena *a, struct panel_input *in)
{
	const struct strings *globs = &in->common->series;
	struct series *found = NULL;
	size_t n = 0, cap = 0, at;

	for (size_t i = 0; all_plain(globs) && i < globs->n; i++)
		if (names_find(&s->names, globs->items[i], &at))
			*arena_push(a, &found, &n, &cap) = s->series[at];
	for (size_t i = 0; !all_plain(globs) && i < s->n; i++)
		if (matches(globs, s->series[i].name))
			*arena_push(a, &found, &n, &cap) = s->series[i];
	in->series = found;
	in->n_series = n;
}

static int64_t bucket_of(const struct sameness *s, const struct plan_panel *p,
    const struct panel_input *in)
{
	int64_t least = SAMENESS_MAX_S;

	for (size_t i = 0; i < in->n_series; i++) {
		int64_t every = in->series[i].every;
		int64_t step = store_step(in->from, in->to,
		    every > 0 ? every : s->plan->every, p->kind->points);

		if (step < least)
			least = step;
	}
	return least;
}

/* What is said of it: its age in words once it is late; rare ones have news. */
static void put_series(struct buf *b, struct arena *a,
    const struct panel_input *in, const struct series *s, int64_t bucket)
{
	put_text(b, s->name);
	put_text(b, s->unit);
	buf_printf(b, "%lld ", (long long)s->every);
	if (s->every >= bucket)
		buf_printf(b, "%lld ", (long long)s->last_ts);
	if (series_late(in, s))
		put_text(b, clock_duration(a, (double)(in->now - s->last_ts)));
}

static void put_sources(struct buf *b, const struct panel_input *in)
{
	for (size_t i = 0; i < in->n_status; i++) {
		const struct source_status *s = &in->status[i];

		if (s->outcome == OUTCOME_OK || s->outcome == OUTCOME_NOT_DUE ||
		    !panel_concerned(in, s->name))
			continue;
		put_text(b, s->name);
		put_text(b, outcome_word(s->outcome));
		put_text(b, s->message);
	}
}

/* So that not all panels move on in the same run. */
static int64_t shift_of(const char *name)
{
	char hash[CRYPTO_SHA256_HEX];

	crypto_sha256_hex(name, strlen(name), hash);
	hash[8] = '\0';
	return (int64_t)strtoul(hash, NULL, 16);
}

/* A memory that is younger than the period begins at a fixed moment. */
static void put_view(struct buf *b, const struct panel_input *in,
    const char *name, int64_t period, int64_t bucket)
{
	bool young = in->to - in->from < period;

	buf_printf(b, "%lld %lld %lld %lld ", (long long)period,
	    young ? (long long)in->from : 0, (long long)bucket,
	    (long long)((in->now + shift_of(name)) / bucket));
}

bool sameness_key(const struct sameness *s, struct arena *a,
    const struct plan_panel *p, const struct panel_input *in, double period,
    const char *name, char key[CRYPTO_SHA256_HEX])
{
	int64_t bucket;
	struct buf b;
	bool whole;

	if (!p->kind->keeps || in->n_series == 0 || in->n_alerts > 0)
		return false;
	bucket = bucket_of(s, p, in);
	if (bucket <= s->plan->every)
		return false;
	buf_init(&b, KEY_MAX);
	put_text(&b, s->stamp);
	put_text(&b, name);
	put_text(&b, p->kind->name);
	put_node(&b, p->node);
	put_view(&b, in, name,
	    (int64_t)(p->common.period > 0 ? p->common.period : period),
	    bucket);
	for (size_t i = 0; i < in->n_series; i++)
		put_series(&b, a, in, &in->series[i], bucket);
	put_sources(&b, in);
	crypto_sha256_hex(buf_text(&b), b.len, key);
	whole = !b.failed;
	buf_free(&b);
	return whole;
}
