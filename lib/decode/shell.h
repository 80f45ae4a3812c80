/*
 * Text for a POSIX shell, for the decoders that bring a command of their own.
 */
#ifndef DECODE_SHELL_H
#define DECODE_SHELL_H

#include "base/arena.h"

/* One word for the shell, whatever the text holds: 'it'\''s'. */
const char *shell_quote(struct arena *, const char *);

#endif
