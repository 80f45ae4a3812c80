/*
 * The explorer's data: static files that its page loads as scripts, because
 * that is what browsers permit from a disk as well as from a server. Each
 * holds one call, explore(KEY, OBJECT), where OBJECT is JSON. Names are of
 * whoever named the series, so they are only ever JSON texts.
 *
 * Numbers have seven digits, whole ones all of theirs. Times are epoch
 * seconds; "t" is the first time, then differences. Files are called by the
 * first 16 digits of the SHA-256 of the series' (or source's) name: they bear
 * the name too, so that two of one digest would not be mistaken.
 */
#ifndef OUTPUT_EXPLORE_H
#define OUTPUT_EXPLORE_H

#include "base/buf.h"
#include "model/series.h"

#define EXPLORE_ID 17 /* digits and NUL */

void explore_id(const char *name, char id[EXPLORE_ID]);

/*
 * explore("index",{"every":S,"sources":[[NAME,ID]],"series":[[I,METRIC,UNIT,
 * EVERY,LAST,ID]]}): I is the position in sources, LAST the hour of the
 * newest value (0: none), so that the file changes but once an hour. The
 * series are sorted by name.
 */
void explore_index(
    const struct series *, size_t n, int64_t every, struct buf *);

/*
 * explore("ID-now",{"name":SOURCE,"t":[…],"series":[[METRIC,[…]]]}): the
 * newest points of all series of one source. A value is a number, null where
 * that time is another series', or [MEAN,MIN,MAX] of a bucket.
 */
void explore_now(const struct series *, size_t n, struct buf *);

/*
 * explore("ID-LEVEL",{"name":NAME,"from":T,"to":T,"step":S,"t":[…],"mean":[…],
 * "min":[…],"max":[…]}): all that is known of [from, to). With step 0 the
 * points are samples, and "min" and "max" are left out; else they are buckets
 * and the differences in "t" are whole steps.
 */
void explore_level(const struct series *, const char *level, int64_t from,
    int64_t to, struct buf *);

/* time,mean,min,max: the same for people and spreadsheets. */
void explore_csv(const struct series *, struct buf *);

#endif
