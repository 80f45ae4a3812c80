/*
 * What turned out to be damaged: noted where it is read, which goes on as if
 * it were not there; kept by the next store_tend(), so that it is known that
 * it was told already.
 */
#ifndef STORE_DAMAGE_H
#define STORE_DAMAGE_H

#include "store/store_private.h"

enum damaged_owner { DAMAGED_SERIES, DAMAGED_SOURCE };

struct damaged {
	int64_t id;	   /* the same for the same bytes */
	const char *words; /* what they were, "samples"; static */
	enum damaged_owner owner;
	int64_t owner_id;
	int64_t from, to;
};

/* The ids of chunks are theirs; those of others lie behind them. */
enum { DAMAGE_HOT = 6, DAMAGE_PACK };

int64_t damage_id(int table, int64_t row);

void damage_note(struct store *, const struct damaged *);
void damage_forget(struct store *);

/* Grows with each note, also one of what was noted before. */
size_t damage_count(const struct store *);

/* In the transaction of store_tend(). */
must_use int damage_keep(struct store *, int64_t now, struct err *);
must_use int damage_prune(
    struct store *, int64_t cut, int64_t limit, struct err *);

#endif
