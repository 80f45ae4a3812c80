/*
 * Rows of separated values as a JSON document, for extract: to ask it.
 */
#ifndef DECODE_CSV_EXTRACT_H
#define DECODE_CSV_EXTRACT_H

#include "base/buf.h"
#include "model/reading.h"

/*
 * [{"Distance": 6.02, "Name": "Lunch Run"}, …]: numbers are the columns that
 * have a unit, and the time; what is empty is left out.
 */
void csv_document(const struct table *, const char *time, struct buf *out);

#endif
