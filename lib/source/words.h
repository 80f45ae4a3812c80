/*
 * The words that several kinds of source share: bounds as people write them,
 * and the part of what a program or server said that explains a failure.
 */
#ifndef SOURCE_WORDS_H
#define SOURCE_WORDS_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

#define WORDS_SIZE_MAX 32
#define WORDS_SAID_MAX 200

/* "1 MB", "64 KB", "1000 bytes": exact, in the largest unit that is. */
const char *words_size(char out[WORDS_SIZE_MAX], uint64_t bytes);

/*
 * The last line of text that is not blank, trimmed and clean, at most
 * WORDS_SAID_MAX bytes; "" if there is none.
 */
const char *words_last_line(char out[WORDS_SAID_MAX + 1], struct span text);

#endif
