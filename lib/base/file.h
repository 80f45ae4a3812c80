/*
 * Files: read whole and bounded, replaced whole and durable.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* The whole of a file, at most max bytes; NUL-terminated behind its end. */
must_use int file_read(struct arena *, const char *path, size_t max,
    struct span *out, struct err *);

/*
 * A secret: the first line of a regular file that only its owner can read.
 * Anything else is refused with a chmod as the hint.
 */
must_use int file_read_secret(
    struct arena *, const char *path, const char **out, struct err *);

/* The same, whole and at most max bytes: a private key. */
must_use int file_read_private(struct arena *, const char *path, size_t max,
    struct span *out, struct err *);

/*
 * Replaces path whole: written to "path.new", synced, renamed. A kill leaves
 * the old file or the new one; the next call overwrites what was left over.
 * The directory is not synced: see file_sync_dir().
 */
must_use int file_replace(
    const char *path, const void *data, size_t n, struct err *);

/*
 * Says why a write to path failed, by errno, and what can be done about it
 * where permissions or the room on the disk are the cause.
 */
int file_write_failed(const char *path, struct err *);

/* Makes the renames in a directory durable. */
must_use int file_sync_dir(const char *path, struct err *);

/* Makes a directory and its parents (mode 0755); an existing one is fine. */
must_use int file_make_dirs(const char *path, struct err *);

bool file_exists(const char *path);

/* Does the file hold exactly these bytes? */
bool file_same(const char *path, const void *data, size_t n);

/* base/path, or path itself where it is absolute; "~/" is the home. */
const char *file_resolve(struct arena *, const char *base, const char *path);

/* The directory part of a path, "." if there is none. */
const char *file_dir(struct arena *, const char *path);

#endif
