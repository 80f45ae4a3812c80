/*
 * Facts as JSON, inside a snapshot, and read from there again. A file's bytes
 * are anyone's: what does not fit is left out or is an error, texts are
 * cleaned, and there is a bound for everything.
 *
 *	{"gist": 1, "at": epoch, "window": seconds,
 *	 "page": name, "panels": [glob, …],
 *	 "series": [[name, unit, median, n, spread, known], …],
 *	 "tables": [{"source", "name", "records", "first_number", "left_out",
 *	   "columns": [name, …], "rows": [[cell or null, …], …]}, …],
 *	 "alerts": [{"alert", "series", "severity", "state", "message",
 *	   "since", "fired", "ended"}, …],
 *	 "patterns": [[text, level, n, known, source, example], …],
 *	 "lines_left_out": n,
 *	 "sources": [{"source", "outcome", "message", "since"}, …]}
 */
#ifndef OUTPUT_GIST_H
#define OUTPUT_GIST_H

#include "base/buf.h"
#include "model/gist.h"

#define GIST_MAX      ((size_t)16 * 1024 * 1024) /* bytes of such a JSON */
#define GIST_PATTERNS 2000			 /* that are written */

void gist_write(const struct gist *, struct buf *);

/* In the arena. */
must_use int gist_parse(
    struct arena *, struct span json, struct gist *, struct err *);

#endif
