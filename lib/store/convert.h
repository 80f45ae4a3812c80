/*
 * What SQL alone cannot do of a step to another layout.
 */
#ifndef STORE_CONVERT_H
#define STORE_CONVERT_H

#include "store/store_private.h"

/* Where chunk.c writes to: a step that writes chunks makes them. */
#define CHUNK_TABLE(name)                                                      \
	"CREATE TABLE IF NOT EXISTS " name " ("                                \
	"	id INTEGER PRIMARY KEY,"                                             \
	"	data BLOB NOT NULL);"
#define CHUNK_TABLES                                                           \
	CHUNK_TABLE("chunk_hour")                                              \
	CHUNK_TABLE("chunk_raw")                                               \
	CHUNK_TABLE("chunk_sparse")                                            \
	CHUNK_TABLE("chunk_m5")                                                \
	CHUNK_TABLE("chunk_h1")                                                \
	CHUNK_TABLE("chunk_d1")

/* From layout 1 to 2: samples, a series at a time and a month at a time. */
must_use int convert_samples(struct store *, struct err *);

/*
 * From layout 3 to 4: chunks and hot rows get their seals. Those that the
 * step from layout 1 has just made have one already.
 */
must_use int convert_seals(struct store *, struct err *);

#endif
