/*
 * For the tests of decoders: one run of a decoder over some bytes, with
 * options written as in a configuration.
 */
#ifndef UNIT_DECODE_WITH_H
#define UNIT_DECODE_WITH_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "conf/option.h"
#include "decode/decode.h"

#define NOW 1795317240 /* 2026-11-22T03:14:00Z */

struct with {
	struct arena *arena;
	const struct decoder *decoder;
	const void *conf;
	struct decode_input in; /* to be changed between runs */
	struct readings out;
	struct err e;
	const char *fault; /* the first one of the options, or NULL */
};

static inline struct with with(const char *name, const char *yaml)
{
	struct with w = {.arena = arena_new(), .decoder = decoder(name)};
	static const struct option as[] = {
	    {"as", OPTION_CHOICE, 0, .deflt = "default",
		.choices = "default|samples|records|table|lines"},
	    {0},
	};
	struct faults faults = {.arena = w.arena};
	int shape = AS_DEFAULT;
	void *conf;
	struct node *map;

	assert_non_null(w.decoder);
	conf = arena_alloc(w.arena, w.decoder->conf_size);
	map = node_parse(w.arena, "test.yaml", yaml, strlen(yaml), &faults);
	assert_non_null(map);
	option_bind(map,
	    (struct binding[]){{w.decoder->options, conf}, {as, &shape}}, 2,
	    &faults);
	if (w.decoder->check != NULL && faults.n == 0)
		w.decoder->check(conf, map, &faults);
	if (faults.n > 0)
		w.fault = faults.items[0].text;
	w.conf = conf;
	w.in.conf = conf;
	w.in.now = NOW;
	w.in.as = (enum decode_as)shape;
	return w;
}

static inline void with_end(struct with *w)
{
	arena_free(w->arena);
}

/* The state of one run is that of the next. */
static inline int with_bytes(struct with *w, const char *body, size_t n)
{
	int rc;

	w->in.body = arena_strndup(w->arena, body, n);
	w->in.len = n;
	readings_init(&w->out, w->arena);
	err_clear(&w->e);
	rc = w->decoder->decode(&w->in, &w->out, &w->e);
	if (rc == 0)
		w->in.state = w->out.state;
	return rc;
}

static inline int with_text(struct with *w, const char *body)
{
	return with_bytes(w, body, strlen(body));
}

static inline const struct sample *with_sample(
    const struct with *w, const char *metric)
{
	for (size_t i = 0; i < w->out.n_samples; i++)
		if (str_eq(w->out.samples[i].metric, metric))
			return &w->out.samples[i];
	return NULL;
}

static inline void assert_sample(
    const struct with *w, const char *metric, double value, const char *unit)
{
	const struct sample *s = with_sample(w, metric);

	if (s == NULL)
		fail_msg("no sample %s", metric);
	if (fabs(s->value - value) > 1e-6 * fabs(value) + 1e-9)
		fail_msg("%s is %.10g, not %.10g", metric, s->value, value);
	assert_string_equal(s->unit, unit);
}

/* A row of a table as text: "a|b|c". */
static inline const char *with_row(
    const struct with *w, const struct table *t, size_t i)
{
	const char *row = "";

	assert_true(i < t->n_rows);
	for (size_t c = 0; c < t->n_columns; c++)
		row = arena_printf(w->arena, "%s%s%s", row, c > 0 ? "|" : "",
		    t->rows[i][c] != NULL ? t->rows[i][c] : "");
	return row;
}

/* Its columns: "name:unit|name:unit". */
static inline const char *with_columns(
    const struct with *w, const struct table *t)
{
	const char *row = "";

	for (size_t c = 0; c < t->n_columns; c++)
		row = arena_printf(w->arena, "%s%s%s:%s", row, c > 0 ? "|" : "",
		    t->columns[c].name, t->columns[c].unit);
	return row;
}

/* The lines: "a|b|c". */
static inline const char *with_lines(const struct with *w)
{
	const char *all = "";

	for (size_t i = 0; i < w->out.n_lines; i++)
		all = arena_printf(w->arena, "%s%s%s", all, i > 0 ? "|" : "",
		    w->out.lines[i].text);
	return all;
}

#endif
