/*
 * A stage: files that are to appear together in the output directory.
 *
 * Everything is written beside its place ("NAME.new"), then synced, then
 * renamed: what is in folders first, then what is in the directory itself,
 * each in the order in which it was put, so that what a page refers to is
 * there before the page. A kill or a power cut at any instant leaves each file
 * whole, old or new; what it left over is overwritten by the next run, or
 * swept away.
 */
#ifndef RUN_STAGE_H
#define RUN_STAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct stage;

/*
 * A stage on a directory, which is made if missing. Waits for another stage
 * on it, of another process too, to be closed.
 */
must_use int stage_open(struct stage **, const char *dir, struct err *);
void stage_close(struct stage *); /* what was not committed is removed */

/*
 * A file by its path in the directory, "charts/cpu.svg". One that is there
 * already with the same content is left as it is, but counts as used now. Of
 * a path that is put twice the last counts, in the first's turn.
 */
must_use int stage_put(
    struct stage *, const char *path, const void *, size_t n, struct err *);

/* A file that is there counts as used now. False: there is none. */
bool stage_keep(struct stage *, const char *path);

/*
 * What is put from now on is dated so, by the run's own time and not by the
 * machine's: for who decides by a file's date what is due. 0: the machine's.
 */
void stage_date(struct stage *, int64_t when);

must_use int stage_commit(struct stage *, struct err *);

/*
 * Removes the files of a folder ("": the directory itself) that were not put in
 * this stage and were last used before `before` (epoch seconds): pages that are
 * still open in a browser may refer to those of the last few runs. What a
 * killed run left half written goes at once. `ours` says which files may be
 * removed at all, by their whole path; NULL: all.
 */
must_use int stage_sweep(struct stage *, const char *folder, int64_t before,
    bool (*ours)(const char *path), struct err *);

#endif
