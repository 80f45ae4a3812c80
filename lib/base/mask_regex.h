/*
 * Regular expressions of what is masked: for lib/base/mask*.c only.
 */
#ifndef BASE_MASK_REGEX_H
#define BASE_MASK_REGEX_H

#include <regex.h>

#include "base/err.h"

/*
 * An extended one (regex(7)) with \d and \D. What regcomp() would take for
 * something else than it looks like is an error: it would hide nothing.
 */
must_use int mask_regex(regex_t *, const char *text, struct err *);

#endif
