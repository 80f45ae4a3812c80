/*
 * A growing byte buffer with a maximum and a sticky error.
 *
 * Writers need no check at each call: once a write did not fit, `failed`
 * stays set, nothing more is added, and what is there is a prefix of what
 * was meant. data is NUL-terminated at data[len] whenever it is not NULL.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct buf {
	char *data;
	size_t len, cap, max;
	bool failed;
};

void buf_init(struct buf *, size_t max);
void buf_free(struct buf *);  /* back to as after buf_init() */
void buf_reset(struct buf *); /* empties, keeps the memory */

void buf_add(struct buf *, const void *, size_t n);
void buf_str(struct buf *, const char *);
void buf_char(struct buf *, char);
void buf_printf(struct buf *, const char *fmt, ...) printf_like(2, 3);

/* As %.15g prints it. */
void buf_number(struct buf *, double);

/* As much of the bytes as fits; false, and `failed` set, if not all did. */
bool buf_add_some(struct buf *, const void *, size_t n);

/* The text, "" when empty. */
const char *buf_text(const struct buf *);

#endif
