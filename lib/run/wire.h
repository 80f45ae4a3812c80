/*
 * What a child says to its parent: one message per source, bounded and
 * length-checked. The child talked to the world, so the parent believes
 * nothing: every length, count, number and text is checked when read.
 *
 * A message is a frame: its length (8 bytes, little endian) and that many
 * bytes of it. Integers are LEB128, texts and bytes have their length first.
 */
#ifndef RUN_WIRE_H
#define RUN_WIRE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "model/outcome.h"
#include "model/reading.h"

#define WIRE_FRAME_MAX (256u * 1024 * 1024)
#define WIRE_HEAD      8

/*
 * A message says what became of a source, or asks to keep something of it at
 * once (struct fetch), which is answered by one byte.
 */
#define WIRE_KEPT     'y'
#define WIRE_NOT_KEPT 'n'

struct wire_message {
	uint64_t job;	   /* which of the child's sources */
	bool keep;	   /* asks, and only job and vault are there */
	struct span vault; /* to be kept */
	enum outcome outcome;
	const char *message, *hint;
	double ms;
	uint64_t bytes;
	struct span fetch_state;
	struct readings readings; /* decode state within */
};

/* Appends one frame. */
void wire_put(struct buf *, const struct wire_message *);

/* The length in a frame's head; -1 if it can't be one. */
must_use int wire_length(
    const unsigned char head[WIRE_HEAD], size_t *n, struct err *);

/* Reads a frame's body; everything is copied into the arena. */
must_use int wire_get(
    struct arena *, struct span body, struct wire_message *, struct err *);

#endif
