/*
 * What differs, for people and for programs.
 */
#ifndef OUTPUT_DIFF_H
#define OUTPUT_DIFF_H

#include "base/buf.h"
#include "diff/diff.h"

struct diff_look {
	const char *a, *b; /* what was asked for: "2h", "incident.html" */
	size_t width;	   /* of lines, characters; 0: any */
	bool colour;	   /* of a terminal, besides words and signs */
};

/* Aligned, by subject; "nothing differs". */
void diff_text(const struct diff *, const struct diff_look *, struct buf *);

/*
 * Keys are kept from version to version, and what is not known is left out:
 *
 *	{"differs": bool, "a": SIDE, "b": SIDE, "window": seconds,
 *	 "series": [{"change": "moved" | "appeared" | "silent", "series",
 *	   "unit", "before", "after", "difference", "ratio", "score",
 *	   "usual_deviation"}],
 *	 "series_left_out": n,
 *	 "tables": [{"change": "changed" | "appeared" | "went", "source",
 *	   "table", "records": bool, "cut": bool, "rows": [{"change": "came" |
 *	   "went" | "number" | "changed" | "many", "row", "column", "before",
 *	   "after"}]}],
 *	 "alerts": [{"change": "began" | "ended" | "passed" | "still", "alert",
 *	   "series", "severity", "since", "fired", "ended", "message"}],
 *	 "patterns": [{"change": "new" | "gone", "pattern", "lines", "level",
 *	   "source", "example"}],
 *	 "sources": [{"change": "fails" | "answers" | "still", "source",
 *	   "outcome", "message", "since"}]}
 *
 * A SIDE is {"asked", "at"}. Times are ISO 8601. "before" and "after" are
 * numbers of series and of "number" and "many", else texts.
 */
void diff_json(const struct diff *, const struct diff_look *, struct buf *);

#endif
