/*
 * What was printed last time, to be printed again as it is.
 *
 * The page that is there is the memory: before a panel that may be kept it
 * has a comment,
 *
 *	<!--kept ID STATE SVG SIZE DIGEST-->
 *
 * STATE as a number, SVG the bytes of inline pictures, SIZE those of the
 * panel's HTML, which follows, and DIGEST that of a key and of the HTML. The
 * key stands for all that the panel shows (run/sameness.h): if both are as
 * they were then so is the panel. A page that is damaged, of another version
 * or not ours thus has nothing to be kept.
 */
#ifndef RUN_REPRINT_H
#define RUN_REPRINT_H

#include "base/arena.h"
#include "base/names.h"
#include "model/report.h"

struct reprint {
	struct reprint_part *parts;
	size_t n, cap;
	struct names ids;
};

/* The parts of a page, in the arena; none if it can't be read. */
void reprint_open(struct reprint *, struct arena *, const char *path);

/* Sets the block's state and html if it was printed with this key. */
bool reprint_find(const struct reprint *, const char *key, struct block *);

/* Puts the comment before the block's html. */
void reprint_mark(struct arena *, const char *key, struct block *);

#endif
