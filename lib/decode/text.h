/*
 * Small readers of text that several decoders need.
 */
#ifndef DECODE_TEXT_H
#define DECODE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

#endif
