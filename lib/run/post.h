/*
 * Snapshots by mail: one letter for each recipient, with the snapshot as a
 * file beside it.
 */
#ifndef RUN_POST_H
#define RUN_POST_H

#include "run/snapshot.h"

struct post {
	const struct plan *plan;	 /* with `mail:` */
	const struct strings *to;	 /* as in struct mail */
	const char *note;		 /* the sender's words, or NULL */
	const struct capsule_kind *kind; /* of the file */
	int64_t now;
	/* Of each recipient: sent (e NULL, bytes of the file), or why not. */
	void (*done)(
	    void *ctx, const char *to, size_t bytes, const struct err *e);
	void *ctx;
};

/*
 * 0: the server has taken all of them; 1: not all; -1: the letter could not
 * be written, and nothing was sent. What one recipient's letter meets is
 * nothing to the others'.
 */
must_use int post_snapshot(
    struct snapshot *, const struct post *, struct err *);

/*
 * The letter alone, with what is printed as `kind` (NULL: nothing) beside it:
 * its bytes are in `file`, which must live as long.
 */
must_use int post_compose(struct snapshot *, struct arena *,
    const struct capsule_kind *, struct letter_conf, struct letter *,
    struct buf *file, struct err *);

#define POST_FILE_MAX ((size_t)1 << 29) /* of such a buffer */

/* The kind that is attached if none is wished for. */
const struct capsule_kind *post_kind(void);

#endif
