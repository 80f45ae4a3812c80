/*
 * Pictures from outside: PNG, decoded by libpng before they are believed.
 */
#ifndef CHART_CANVAS_PICTURE_H
#define CHART_CANVAS_PICTURE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

#define PICTURE_BYTES_MAX ((size_t)256 * 1024)

/*
 * 0 if it is a PNG that can be decoded whole, a square of 256 or 512 pixels,
 * of at most PICTURE_BYTES_MAX; else -1 and what it is.
 */
must_use int picture_check(struct span png, struct err *);

#endif
