/*
 * What a snapshot is made of, at its end: each part with its length and
 * SHA-256, so that anyone can tell whether it is whole, and where not. It
 * protects from accidents; from a forger only a signature of the file does.
 *
 * The parts follow each other from the first byte; a part begins with
 * <!--part NAME--> but for the first, which is called "style". After them:
 *
 *	<details class="numbers"><summary>Proof</summary>
 *	<pre id="manifest">
 *	broadsheet manifest 1
 *	SHA-256 LENGTH NAME	(for each part)
 *	SHA-256			(of the lines above, from "broadsheet" on)
 *	</pre></details></body></html>
 */
#ifndef OUTPUT_MANIFEST_H
#define OUTPUT_MANIFEST_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* What begins a part; the name is of letters, digits and -_. */
const char *manifest_mark(struct arena *, const char *kind, const char *id);

/* Adds it to a text that has marks. */
void manifest_add(struct buf *);

/*
 * The same lines as a file of its own, beside parts that are files: begin, a
 * line for each, end.
 */
void manifest_begin(struct buf *);
void manifest_line(struct buf *, struct span name, struct span part);
void manifest_end(struct buf *); /* of a buf that has nothing else */

struct manifest_part {
	const char *name; /* as it is there */
	const char *hash; /* in hexadecimal */
	size_t n;
};

/* What such a file says; false: it is none, or not what it was. */
bool manifest_read(
    struct arena *, struct span file, struct manifest_part **, size_t *n);

/* Are they the bytes that it tells of? */
bool manifest_holds(const struct manifest_part *, struct span);

/* A name from a file, fit for a terminal. */
const char *manifest_name(struct arena *, const char *);

struct manifest {
	size_t parts;
	const char *broken; /* the first part that was changed; NULL: whole */
};

/* -1: there is no manifest that could be read. */
must_use int manifest_check(
    struct arena *, struct span file, struct manifest *, struct err *);

#endif
