/*
 * Reports: which are due, and their letters. A report is a page as it was at
 * the end of its time, with charts over exactly that, and its snapshot beside
 * it.
 *
 * It is sent once. That its time was seen to and who waits for it is one
 * write; from then on it waits and is tried as notices are, but in a queue of
 * its own, so that no notice waits for it. It is written anew for each run
 * that tries it, from the store as of then, which gives the same; what comes
 * later and bears a time of then is in it, too.
 *
 * Of several that were missed, as nothing ran, only the newest is sent, and
 * names the others: whoever comes back from a holiday wants no heap of
 * letters, and any of them can still be had by test --report at that time.
 */
#ifndef RUN_REPORTS_H
#define RUN_REPORTS_H

#include "output/letter.h"
#include "run/notify.h"

/*
 * After the pages are out: what is due waits from now on, and the oldest
 * report that may be tried is written and handed to its people: one in a run.
 * -1 only if the store fails. `data` has templates/ and assets/.
 */
must_use int reports_send(const struct plan *, struct store *, const char *data,
    int64_t now, double seconds, const struct notify_watch *, struct err *);

/* A report of one time; made: when it is dated. */
struct report_wanted {
	const struct plan_report *report;
	int64_t from, to;
	int64_t missed; /* as in struct dispatch */
	int64_t made;
	const char *note; /* another line, or NULL */
};

/*
 * Its letter; the bytes of what is attached are in `file`. From here on the
 * store is read as of then, until store_as_of() says otherwise.
 */
must_use int reports_letter(const struct plan *, struct store *,
    const char *data, const struct report_wanted *, struct arena *,
    struct letter *, struct buf *file, struct err *);

/* The letter as it is handed to channels. */
struct message reports_message(
    const struct letter *, const char *id, int64_t made);

/*
 * Did anything come of the sources of the page in [from, to) (a number, a
 * line, a table that was found, a record that is new), or fire? Its sources
 * are those that its panels name, or all if one that shows data names none:
 * status, alerts, a query. (reports_empty.c)
 */
must_use int reports_any(const struct plan *, struct store *, const char *page,
    int64_t from, int64_t to, bool *any, struct err *);

/*
 * Adds those who get reports, or completes what is known of them. The list
 * lives in the arena. (reports_due.c)
 */
void reports_recipients(const struct plan *, int64_t now, struct arena *,
    struct recipient **, size_t *n);

/* What is due waits from now on. (reports_due.c) */
must_use int reports_queue(
    const struct plan *, struct store *, int64_t now, struct err *);

#endif
