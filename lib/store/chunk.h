/*
 * The chunks: what was closed, a table for each kind, by time and series in
 * the order in which it is written, so that a closing hour comes at the end,
 * where pages are filled, and what is old lies in front.
 *
 * The samples of a day lie in chunks of six hours if there are many, else in
 * one with those of other such days. While a day is open its closed hours
 * are chunks of their own.
 */
#ifndef STORE_CHUNK_H
#define STORE_CHUNK_H

#include "store/pairs.h"
#include "store/store_private.h"

enum chunk_kind {
	CHUNK_HOUR,   /* samples of an hour */
	CHUNK_RAW,    /* samples of six hours */
	CHUNK_SPARSE, /* samples of thirty days */
	CHUNK_M5,     /* cells of five minutes, of a day */
	CHUNK_H1,     /* cells of an hour, of thirty days */
	CHUNK_D1,     /* cells of a day, of 360 days */
	CHUNK_KINDS
};

struct chunk_shape {
	int64_t span;  /* seconds in a chunk; its start is a multiple */
	int64_t width; /* of a cell; 0: samples */
	/*
	 * Those of a series that are written, and removed, together: seconds,
	 * a multiple of span.
	 */
	int64_t batch;
};

extern const struct chunk_shape chunk_shapes[CHUNK_KINDS];

/* Series are numbers below. */
#define SERIES_BITS 32

int64_t chunk_start(enum chunk_kind, int64_t ts);
int64_t chunk_id(enum chunk_kind, int64_t ts, int64_t series);
int64_t chunk_batch(enum chunk_kind, int64_t ts); /* its start */

/*
 * Where there are chunks of each kind: the start of the first batch and the
 * end of the last; first > end if there are none. Known for as long as nothing
 * is written; chunks_forget() after a write.
 */
struct extent {
	int64_t first, end;
};

must_use int chunk_extent(
    struct store *, enum chunk_kind, struct extent *, struct err *);
void chunks_forget(struct store *);

/* Adds the samples in [from, to) of the chunks of a kind. */
must_use int chunk_read(struct store *, struct arena *, enum chunk_kind,
    int64_t series, int64_t from, int64_t to, struct pairs *, struct err *);
must_use int chunk_read_cells(struct store *, struct arena *, enum chunk_kind,
    int64_t series, int64_t from, int64_t to, struct cells *, struct err *);

/* The chunk in which ts lies becomes this; none if there is nothing. */
must_use int chunk_write(struct store *, enum chunk_kind, int64_t series,
    int64_t ts, const struct pairs *, struct err *);
must_use int chunk_write_cells(struct store *, enum chunk_kind, int64_t series,
    int64_t ts, const struct cells *, struct err *);

/* Batches of a kind that lie in [from, to), of the series in [first, last]. */
must_use int chunk_delete(struct store *, enum chunk_kind, int64_t from,
    int64_t to, int64_t first, int64_t last, struct err *);

/* At most limit of the batches that end at or before cut; *n chunks went. */
must_use int chunk_prune(struct store *, enum chunk_kind, int64_t cut,
    int64_t limit, int64_t *n, struct err *);

/* Until when chunks of a kind were ever removed; 0: never. */
must_use int chunk_cut(
    struct store *, enum chunk_kind, int64_t *cut, struct err *);

#endif
