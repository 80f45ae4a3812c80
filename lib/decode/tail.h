/*
 * Following a file by a shell command: what to run, and what its output
 * means. Nothing is taken twice and nothing is left out, however the file is
 * rotated, truncated or replaced between two runs or during one; only what
 * is new travels.
 *
 * The command opens the file once and works on that open file: its inode and
 * size, and a checksum of its first bytes that tells it from another file of
 * the same inode. Its output is
 *
 *	=== tail 1 KIND
 *	old INODE FROM TO BYTES LINES		if the old one is found
 *	new INODE FROM TO BYTES LINES WIDTH SUM MIDLINE
 *	data
 *	(BYTES of the old file, then BYTES of the new one)
 *	=== after SIZE SUM
 *
 * BYTES is less than TO - FROM where there was more than the limit: they are
 * the newest, and LINES are counted in the bytes before them (none if there
 * are more than 256 MB of those). SUM is of the first WIDTH bytes, and must be
 *the same after the bytes were read, or nothing of them is taken and the next
 *run decides.
 *
 * The file that was rotated is looked at once more by the next run, for
 * programs go on writing to it until they are told. A file that was copied and
 *then truncated or removed is gone on with in its copy, which is known by its
 *first bytes.
 *
 * Not found again: a file that was moved out of its directory, compressed
 * before it was read to its end, or rotated twice between two runs; and a
 * file that was truncated and grew beyond the old place again with the same
 * first 256 bytes.
 */
#ifndef DECODE_TAIL_H
#define DECODE_TAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* The file before, which may still be written to for a while. */
struct tail_rest {
	int64_t inode, offset, width, sum; /* inode 0: none */
};

/* What is remembered: how far which file has been read. */
struct tail_place {
	bool known; /* false: never seen */
	int64_t inode, offset;
	int64_t width, sum; /* checksum of the first bytes */
	bool midline; /* the line at offset has begun before: drop its rest */
	struct tail_rest old;
};

/* The place that a state holds; not known where it is not one of path's. */
struct tail_place tail_place(struct span state, const char *path);
struct span tail_state(
    struct arena *, const struct tail_place *, const char *path);

const char *tail_command(struct arena *, const struct tail_place *,
    const char *path, uint64_t max_bytes);

/* A run of new bytes. */
struct tail_piece {
	struct span text;
	int64_t skipped; /* bytes before it that were too many to send */
	int64_t lines;	 /* that ended in those */
	bool midline;	 /* its first line has begun in an earlier run */
};

struct tail_news {
	struct tail_piece pieces[2]; /* of the old file, of the new one */
	size_t n;
	struct tail_place next;
};

/*
 * What the output of the command holds; -1 with an enum outcome in the code.
 * The next place is right if everything in the pieces is taken.
 */
must_use int tail_read(struct span output, const struct tail_place *,
    const char *path, struct tail_news *, struct err *);

#endif
