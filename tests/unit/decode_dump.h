/*
 * For the tests of decoders of documents: fixtures, and readings as text.
 */
#ifndef UNIT_DECODE_DUMP_H
#define UNIT_DECODE_DUMP_H

#include "base/clock.h"
#include "base/file.h"
#include "decode_with.h"

/* One run over tests/fixtures/NAME. */
static inline int with_fixture(struct with *w, const char *name)
{
	const char *path = arena_printf(w->arena, "tests/fixtures/%s", name);
	struct span s;
	struct err e;

	if (file_read(w->arena, path, 1024 * 1024, &s, &e) != 0)
		fail_msg("%s", e.text);
	return with_bytes(w, s.p, s.n);
}

static inline const char *dump_time(const struct with *w, int64_t ts)
{
	return ts == 0 ? "" : arena_printf(w->arena, " @%lld", (long long)ts);
}

/* A line per sample: "metric = 1.5 unit counter @time". */
static inline const char *dump_samples(const struct with *w)
{
	const char *all = "";

	for (size_t i = 0; i < w->out.n_samples; i++) {
		const struct sample *s = &w->out.samples[i];

		all = arena_printf(w->arena, "%s%s = %.15g%s%s%s%s\n", all,
		    s->metric, s->value, s->unit[0] != '\0' ? " " : "", s->unit,
		    s->counter ? " counter" : "", dump_time(w, s->ts));
	}
	return all;
}

/* A line per record: "key @time: name=text name=#number name=null". */
static inline const char *dump_records(const struct with *w)
{
	const char *all = "";

	for (size_t i = 0; i < w->out.n_records; i++) {
		const struct record *r = &w->out.records[i];

		all = arena_printf(
		    w->arena, "%s%s%s:", all, r->key, dump_time(w, r->ts));
		for (size_t k = 0; k < r->n; k++)
			all = arena_printf(w->arena, "%s %s=%s%s", all,
			    r->fields[k].name, r->fields[k].number ? "#" : "",
			    r->fields[k].value != NULL ? r->fields[k].value
						       : "null");
		all = arena_printf(w->arena, "%s\n", all);
	}
	return all;
}

/* The columns and a line per row of the only table. */
static inline const char *dump_table(const struct with *w)
{
	const struct table *t = w->out.tables;
	const char *all;

	assert_int_equal(w->out.n_tables, 1);
	all = arena_printf(w->arena, "%s\n", with_columns(w, t));
	for (size_t i = 0; i < t->n_rows; i++)
		all = arena_printf(w->arena, "%s%s\n", all, with_row(w, t, i));
	return all;
}

/* The warnings, a line each. */
static inline const char *dump_warnings(const struct with *w)
{
	const char *all = "";

	for (size_t i = 0; i < w->out.warnings.n; i++)
		all = arena_printf(
		    w->arena, "%s%s\n", all, w->out.warnings.items[i]);
	return all;
}

/* n times a text. */
static inline char *repeat(const struct with *w, const char *s, size_t n)
{
	size_t len = strlen(s);
	char *all = arena_alloc(w->arena, n * len + 1);

	for (size_t i = 0; i < n; i++)
		memcpy(all + i * len, s, len);
	return all;
}

#endif
