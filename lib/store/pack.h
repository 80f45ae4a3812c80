/*
 * Packs: the lines of a source, and the versions of a table, of hours that
 * are over, compressed. A pack is read, and removed, whole. What it holds
 * came before what is still in rows of its own; its hour is that in which it
 * was closed, so a line that came late is in a later one.
 */
#ifndef STORE_PACK_H
#define STORE_PACK_H

#include "store/store_private.h"

enum pack_kind { PACK_LINES, PACK_TABLES };

struct pack_key {
	enum pack_kind kind;
	int64_t source;
	const char *name; /* of the table; "" for lines; NULL: any */
};

struct pack {
	int64_t id;
	int64_t closed; /* the end of its hour; 0: more is to come */
	int64_t first;	/* the first time in it */
	int64_t last;	/* the last one; of tables the last `until` */
	int64_t n;	/* lines, versions */
	const char *name;
};

/* Those of a key that reach into [from, to], the newest last time first. */
must_use int packs_find(struct store *, struct arena *, const struct pack_key *,
    int64_t from, int64_t to, struct pack **, size_t *n, struct err *);

/*
 * What is in one, in the arena; out->p is NULL if that is damaged, which is
 * noted then. pack_damaged() is for who finds that later.
 */
must_use int pack_load(struct store *, struct arena *, const struct pack_key *,
    const struct pack *, struct span *out, struct err *);
void pack_damaged(struct store *, const struct pack_key *, const struct pack *);

/* Adds one; its id is given. */
must_use int pack_add(struct store *, const struct pack_key *,
    const struct pack *, struct span, struct err *);

/* Is there one of this hour? */
must_use int pack_is_closed(struct store *, const struct pack_key *,
    int64_t hour, bool *closed, struct err *);

/* At most limit of those whose last time is before cut; *n were removed. */
must_use int packs_prune(struct store *, enum pack_kind, int64_t cut,
    int64_t limit, int64_t *n, struct err *);

/* The least first time, the least last time; 0: there are none. */
must_use int packs_oldest(struct store *, enum pack_kind, int64_t *first,
    int64_t *last, struct err *);

/* texts_close.c: the share of this run in closing hours. */
must_use int texts_close(struct store *, int64_t now, struct err *);

#endif
