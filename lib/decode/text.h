/*
 * Small readers of text that several decoders need.
 */
#ifndef DECODE_TEXT_H
#define DECODE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"

/*
 * The fields of a line, with runs of blanks between them, at most max of
 * them; more are counted but not given. Returns how many there are.
 */
size_t text_fields(struct span line, struct span *fields, size_t max);

/* The whole of a span as a number; see str_number() and str_int(). */
bool text_number(struct span, double *out);
bool text_int(struct span, int64_t *out);

/* Takes a prefix off; false, and nothing done, if it is not there. */
bool text_after(struct span *, const char *prefix);

/* "'quoted'" and "\"quoted\"" without their quotes. */
struct span text_unquoted(struct span);

/*
 * A number with what people put behind it: "45%", "12 kB", "3 s". The unit
 * is UNIT_PERCENT, UNIT_BYTES, UNIT_SECONDS or "", the value in that unit.
 */
bool text_quantity(struct span, double *out, const char **unit);

/* A metric's name of any text: "Mem Total (kB)" is "mem_total_kb". */
const char *text_metric(struct arena *, struct span);

/* At most 80 clean characters of it on one line, for messages. */
const char *text_excerpt(struct arena *, struct span);

#endif
