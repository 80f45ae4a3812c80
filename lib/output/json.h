/*
 * What other programs read: status.json, which is a promise kept across
 * versions, and the numbers behind each panel.
 */
#ifndef OUTPUT_JSON_H
#define OUTPUT_JSON_H

#include "base/buf.h"
#include "model/report.h"

/*
 * {"broadsheet", "title", "started", "finished", "ms", "sources": {NAME:
 * {"outcome", "message", "hint", "ms", "bytes", "last_ok"}}, "alerts": [],
 * "pages": [FILE]}. Times are ISO 8601; what is unknown is left out.
 */
void json_status(const struct report *, struct buf *);

/*
 * {"title", "unit", "columns": [NAME], "rows": [[…]]}. The column "time" is
 * in ISO 8601, a hole is null.
 */
void json_numbers(const struct block *, struct buf *);

#endif
