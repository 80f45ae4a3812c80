/*
 * What the fuzz targets of all decoders share.
 *
 * An input is a body; or, where it holds a form feed and a line feed, the
 * state of last time before them and the body after them. So a seed is
 * simply a captured file.
 */
#ifndef FUZZ_DECODE_FUZZ_H
#define FUZZ_DECODE_FUZZ_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "conf/option.h"
#include "decode/decode.h"

#define FUZZ_NOW 1795317240 /* 2026-11-22T03:14:00Z */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

/* The options that a YAML map binds to; ends the process if it is wrong. */
static inline const void *fuzz_conf(const struct decoder *d, const char *yaml)
{
	static struct arena *a; /* for as long as the process lives */
	struct faults faults = {0};
	struct node *map;
	struct binding binding = {d->options, NULL};
	void *conf;

	if (a == NULL)
		a = arena_new();
	faults.arena = a;
	conf = binding.out = arena_alloc(a, d->conf_size);
	map = node_parse(a, "fuzz.yaml", yaml, strlen(yaml), &faults);
	if (map == NULL)
		abort();
	option_bind(map, &binding, 1, &faults);
	if (d->check != NULL)
		d->check(conf, map, &faults);
	if (faults.n > 0)
		abort();
	return conf;
}

/* Once in every shape it may be asked for, and once more with its state. */
static inline void fuzz_run(
    const struct decoder *d, struct decode_input *in, struct arena *a)
{
	for (size_t i = 0; i < sizeof(d->as) / sizeof(d->as[0]); i++) {
		struct decode_input again;
		struct readings first, second;
		struct err e = {0};

		if (i > 0 && d->as[i] == AS_DEFAULT)
			break;
		in->as = d->as[i];
		readings_init(&first, a);
		if (d->decode(in, &first, &e) != 0 &&
		    (e.code == 0 || e.text[0] == '\0'))
			abort();
		if (first.state.n == 0)
			continue;
		readings_init(&second, a);
		again = *in;
		again.state = first.state;
		again.now += 60;
		d->decode(&again, &second, &e);
	}
}

static inline void fuzz_decode(
    const struct decoder *d, const void *conf, const uint8_t *data, size_t n)
{
	const uint8_t *cut = n == 0 ? NULL : memmem(data, n, "\f\n", 2);
	size_t n_state = cut == NULL ? 0 : (size_t)(cut - data);
	size_t skip = cut == NULL ? 0 : n_state + 2;
	struct arena *a = arena_new();
	/* Blocks of their own, so that a read past either end is seen. */
	char *state = malloc(n_state + 1), *body = malloc(n - skip + 1);
	struct decode_input in = {.conf = conf,
	    .body = body,
	    .len = n - skip,
	    .state = {state, n_state},
	    .now = FUZZ_NOW,
	    .as = AS_DEFAULT};

	if (state == NULL || body == NULL)
		abort();
	memcpy(state, data, n_state);
	state[n_state] = '\0';
	if (n > skip)
		memcpy(body, data + skip, n - skip);
	body[n - skip] = '\0';
	if (d->command != NULL)
		d->command(conf, in.state, a);
	fuzz_run(d, &in, a);
	free(state);
	free(body);
	arena_free(a);
}

#endif
