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

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"

/* What begins a part; the name is of letters, digits and -_. */
const char *manifest_mark(struct arena *, const char *kind, const char *id);

/* Adds it to a text that has marks. */
void manifest_add(struct buf *);

struct manifest {
	size_t parts;
	const char *broken; /* the first part that was changed; NULL: whole */
};

/* -1: there is no manifest that could be read. */
must_use int manifest_check(
    struct arena *, struct span file, struct manifest *, struct err *);

#endif
