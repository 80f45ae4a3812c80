/*
 * What comes out of the store for a panel: plain data, in an arena.
 */
#ifndef MODEL_SERIES_H
#define MODEL_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/outcome.h"
#include "model/reading.h"

/*
 * A point stands for the bucket [ts, ts + step) of its series; buckets
 * without a sample have no point. With step 0 each point is a sample.
 */
struct point {
	int64_t ts;
	double mean, min, max;
};

struct series {
	const char *name;   /* source/metric{labels} */
	const char *source; /* the part before the first '/' */
	const char *metric; /* the part after it */
	const char *unit;   /* "" if unknown */
	int64_t every;	    /* seconds between samples that are expected */
	int64_t step;	    /* width of a bucket, seconds */
	struct point *points;
	size_t n;
	double last; /* newest sample at or before the view's end, or NaN */
	int64_t last_ts;
};

/* One row of the ledger: a source had this outcome from..to (inclusive). */
struct spell {
	const char *source;
	enum outcome outcome;
	const char *message; /* "" if ok */
	int64_t from, to;    /* first and last run with this outcome */
	double ms;	     /* of the last run */
	uint64_t bytes;	     /* likewise */
};

/* The state of a source now. */
struct source_status {
	const char *name;
	enum outcome outcome;
	const char *message, *hint; /* "" if none */
	int64_t since;		    /* the outcome has lasted since */
	int64_t tried;		    /* last run that asked it, 0: never */
	int64_t last_ok;	    /* 0: never */
	int64_t every;		    /* seconds */
	double ms; /* NaN: not known any more, nor are the bytes */
	uint64_t bytes;
};

struct log_line {
	const char *source;
	int64_t ts;
	const char *text;
};

#endif
