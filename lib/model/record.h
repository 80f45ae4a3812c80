/*
 * Records as they come out of the store for a panel: plain data, in an arena.
 */
#ifndef MODEL_RECORD_H
#define MODEL_RECORD_H

#include <stddef.h>
#include <stdint.h>

#include "model/reading.h"

/* One version of the record of a key. */
struct version {
	const char *key;
	int64_t ts;   /* its own time, or that of a run that found it so */
	int64_t seen; /* the last run that listed it so */
	const struct field *fields;
	size_t n;
};

/* What a source's records were as of a moment, and before. */
struct records {
	/* By key, each key's oldest version first. */
	struct version *versions;
	size_t n;
	int64_t listed;	 /* the newest run at which the source answered */
	size_t left_out; /* keys, those not seen for longest */
};

/* The field's text; NULL if there is none of that name, or it is null. */
const char *version_field(const struct version *, const char *name);

#endif
