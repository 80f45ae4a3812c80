/*
 * Snapshots: one page of one moment, as a file that can leave the machine.
 * It is taken once (chosen, built and gathered from the store, into a
 * capsule), and then printed as one kind of file or several.
 */
#ifndef RUN_SNAPSHOT_H
#define RUN_SNAPSHOT_H

#include "base/buf.h"
#include "output/capsule.h"
#include "output/letter.h"
#include "run/plan.h"

struct run_snapshot {
	const char *data; /* the directory of templates/ and assets/ */
	int64_t now;	  /* the moment that it shows */
	int64_t taken;	  /* the time now */
	bool past;	  /* they differ */
	const char *page; /* NULL: the first */
	double last; /* seconds that charts reach back; 0: the page's own */
	const char *last_name; /* what that is called */
	struct strings panels; /* globs of their titles and ids; none: all */
	size_t max_size;       /* bytes */
	const struct paper_size *paper; /* NULL: A4 */
	const char *redact; /* a profile, see redact.h; NULL: none */
	const struct capsule_kind *format; /* of run_snapshot() */
};

struct snapshot;

/*
 * Takes one. The page has the first of its periods: see plan_narrow(). A page
 * or panel that is not there is an error with its name. The plan must outlive
 * it; the store is not asked again.
 */
must_use int snapshot_take(struct snapshot **, const struct plan *,
    struct store *, const struct run_snapshot *, struct err *);
void snapshot_end(struct snapshot *); /* accepts NULL */

/* What will be printed, and may be changed before; it lives as long. */
struct capsule *snapshot_capsule(struct snapshot *);

/* What is said of it, as its profile lets it be said; NULL stays NULL. */
const char *snapshot_words(struct snapshot *, struct arena *, const char *);

/* Appends the file. */
must_use int snapshot_print(
    struct snapshot *, const struct capsule_kind *, struct buf *, struct err *);

/*
 * The same as a letter; the capsule of the conf is this one. Where a profile
 * hides words, the note is masked and there is no link.
 */
must_use int snapshot_letter(struct snapshot *, struct arena *,
    const struct letter_conf *, struct letter *, struct err *);

/* All of it, for one format: appends the file. */
must_use int run_snapshot(const struct plan *, struct store *,
    const struct run_snapshot *, struct buf *, struct err *);

#endif
