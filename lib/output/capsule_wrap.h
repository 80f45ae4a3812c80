/*
 * A snapshot that is a file already, in a ZIP archive with a manifest
 * (capsule_zip.c): a mail gateway lets it through where HTML is refused.
 */
#ifndef OUTPUT_CAPSULE_WRAP_H
#define OUTPUT_CAPSULE_WRAP_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

#define CAPSULE_WRAP_SUFFIX ".zip"
#define CAPSULE_WRAP_MEDIA  "application/zip"

/* Appends it; the member's time is the moment. */
must_use int capsule_wrap(const char *name, struct span file, int64_t moment,
    struct buf *, struct err *);

#endif
