/*
 * What both directions of tablepack.h share.
 */
#ifndef STORE_TABLEPACK_PRIVATE_H
#define STORE_TABLEPACK_PRIVATE_H

#include "store/bytes.h"
#include "store/tablepack.h"

/*
 * The bytes: the number of versions, the length of each stream, the streams.
 *
 * Of each version PACK_META has the times (that of the first from 0, others
 * from the one before), 1 where the columns are new (then their number), the
 * number of rows and of rows left out; PACK_TEXT the names and units of new
 * columns; PACK_ORDER what each row is; the streams of its columns what each
 * cell is.
 */
enum { PACK_META, PACK_ORDER, PACK_TEXT, PACK_CELLS };

#define PACK_COLUMNS 24 /* streams; columns beyond share them */
#define PACK_STREAMS (PACK_CELLS + PACK_COLUMNS)

/* What a row is. */
enum {
	ROW_NEXT,  /* the first that is left of the version before */
	ROW_DROP,  /* no row: that first one is not there any more */
	ROW_NEW,   /* not known: its cells are in PACK_TEXT */
	ROW_KNOWN, /* from further back: its number follows */
	ROW_AHEAD  /* + n: n + 1 behind the first that is left */
};

/* What a cell is, against the same row before. */
enum {
	CELL_SAME,
	CELL_TEXT,  /* another, in PACK_TEXT */
	CELL_NUMBER /* + n: more (or less) by n, zigzag */
};

/* Rows that are known again; rows of longer tables are new each time. */
#define KNOWN_MAX 4096
#define ROWS_MAX  2000

static inline bool tablepack_knows(const struct table *t)
{
	return t->n_rows <= ROWS_MAX && t->n_columns > 0;
}

/* Decimals: n / 10^digits, written the only way. */
struct decimal {
	int64_t n;
	int digits;
};

#define DECIMAL_MAX INT64_C(1000000000000000)

bool decimal_parse(const char *, struct decimal *); /* NULL is none */
char *decimal_text(struct arena *, const struct decimal *);

#endif
