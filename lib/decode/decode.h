/*
 * Decoders: bytes to readings. A kind is one file, which ends in its
 * `const struct decoder`, and one line in kinds.h. Pure: what goes in is the
 * bytes, the options and the state of last time; what comes out is readings
 * and the next state. All input is hostile.
 */
#ifndef DECODE_DECODE_H
#define DECODE_DECODE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/option.h"
#include "model/outcome.h"
#include "model/reading.h"

/* What the plan made of as: on the source. */
enum decode_as { AS_DEFAULT, AS_SAMPLES, AS_RECORDS, AS_TABLE, AS_LINES };

struct decode_input {
	const void *conf; /* the decoder's bound options */
	const char *body; /* NUL-terminated behind its end */
	size_t len;
	struct span state; /* out->state of last time; empty at first */
	int64_t now;	   /* time of the run */
	double max_age; /* of the body, seconds; 0: the server says nothing */
	enum decode_as as;
};

struct decoder {
	const char *name; /* value of decode: */
	const char *help; /* one line for the manual */
	const struct option *options;
	size_t conf_size;

	/* What as: may be, the first being the default: {AS_SAMPLES, 0}. */
	enum decode_as as[5];

	/* The default where it depends on other options. May be NULL. */
	enum decode_as (*unsaid)(const void *conf);

	/* Faults that the table can't see. May be NULL. */
	void (*check)(void *conf, const struct node *, struct faults *);

	/*
	 * A POSIX sh command of the decoder's own, for transports that run
	 * commands; NULL if the source must name one. State as in the input.
	 */
	const char *(*command)(
	    const void *conf, struct span state, struct arena *);

	/* -1 with an enum outcome in err->code, normally OUTCOME_PARSE. */
	int (*decode)(
	    const struct decode_input *, struct readings *out, struct err *);
};

/* For check(): does the source's mapping leave its shape to the decoder? */
bool decode_as_unsaid(const struct node *source);

const struct decoder *decoder(const char *name);
extern const struct decoder *const decoders[]; /* ends with NULL */

#endif
