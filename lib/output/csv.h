/*
 * The numbers behind a panel as comma-separated values (RFC 4180): a header,
 * lines that end in CRLF, times in ISO 8601, a hole as an empty cell.
 *
 * Cells of text come from outside. A spreadsheet would run one that begins
 * like a formula (= + - @), so such a cell gets an apostrophe before it,
 * unless it is a plain number.
 */
#ifndef OUTPUT_CSV_H
#define OUTPUT_CSV_H

#include "base/buf.h"
#include "model/report.h"

void csv_numbers(const struct numbers *, struct buf *);

#endif
