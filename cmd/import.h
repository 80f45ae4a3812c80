/*
 * The rows of a file to be imported: series,ts,value.
 */
#ifndef CMD_IMPORT_H
#define CMD_IMPORT_H

#include <stdio.h>

#include "base/names.h"
#include "store/store.h"

/* Rows that are given at once: what is held in memory. */
#define IMPORT_BATCH 100000

struct import_sink {
	/* Rows that hold; their names live as long as the arena. */
	int (*rows)(
	    void *ctx, const struct import_row *, size_t n, struct err *);
	/* A row that doesn't, and why. -1 ends it. */
	int (*bad)(void *ctx, size_t line, const char *why, struct err *);
	/* From time to time: bytes read. May be NULL. */
	void (*progress)(void *ctx, uint64_t bytes);
	void *ctx;
};

/*
 * Reads all of it from where the file is, by batches in the order of the
 * file; `name` is for messages. -1 also where it is no such file at all.
 */
must_use int import_read(FILE *, const char *name, int64_t now,
    const struct import_sink *, struct arena *, struct err *);

#endif
