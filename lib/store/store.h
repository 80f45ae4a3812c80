/*
 * The memory: everything that was collected, and what each source remembers.
 *
 * An interface of few verbs, so that another engine could stand behind it;
 * nothing outside this folder names SQLite. One writer at a time, seen to by
 * the caller's lock; readers at any time. Times are epoch seconds; what is
 * given out lives in the caller's arena.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "model/alert.h"
#include "model/dispatch.h"
#include "model/outcome.h"
#include "model/reading.h"
#include "model/record.h"
#include "model/series.h"
#include "model/tile.h"

struct store;

/*
 * Opens for writing, made (mode 0600) and migrated as needed. What is not a
 * store, or is one of a newer version, is refused and left as it is. What a
 * kill left behind needs nothing: the last whole delivery is the state.
 */
must_use int store_open(struct store **, const char *path, struct err *);
/* Opens an existing one for reading; one of an older version is refused. */
must_use int store_open_read(struct store **, const char *path, struct err *);
void store_close(struct store *); /* accepts NULL */

/*
 * From now on what is read is as of a moment: what happened by then, as far
 * as it is still kept, whenever it became known. INT64_MAX: as of now. How
 * long an answer took and how large it was is kept of each spell's last only.
 */
void store_as_of(struct store *, int64_t at);
int64_t store_moment(const struct store *);

/*
 * What one source yielded in one run: committed whole or not at all, state
 * together with the readings that it accounts for.
 */
struct delivery {
	const char *source;
	int64_t now;   /* time of the run */
	int64_t every; /* of the source, seconds */
	enum outcome outcome;
	const char *message, *hint; /* "" if ok */
	double ms;
	uint64_t bytes;
	const struct readings *readings; /* NULL unless ok */
	struct span fetch_state;	 /* kept unless outcome is ok */
	bool whole; /* records that are not among these are forgotten, if
		       there are any at all */
};

/*
 * Appends, all n or, on an error, none. Counters become rates from their
 * last raw value; a reset gives none, nor does a gap longer than 3 × every
 * (or three runs, where those are further apart). A sample of a time that is
 * there already replaces it, a rate as well. NaN and infinities are not
 * stored, nor samples dated before 1970 or more than a day after the run;
 * lines dated so get the time of the run. OUTCOME_NOT_DUE is refused.
 */
must_use int store_deliver(
    struct store *, const struct delivery *, size_t n, struct err *);

/* What a source remembers; empty spans if nothing. */
struct memory {
	struct span fetch_state;  /* of its transport */
	struct span decode_state; /* of its decoder */
	int64_t tried, last_ok;	  /* last runs that asked, that went well */
	enum outcome outcome;	  /* of the last run that asked */
	int failures;		  /* in a row */
};

must_use int store_memory(struct store *, struct arena *, const char *source,
    struct memory *, struct err *);

/*
 * What sources keep under a name of theirs: secrets, so neither SQL nor an
 * export shows them. An empty span: nothing, or forgets what is there. What
 * was put is on the disk when it returns.
 */
must_use int store_vault(struct store *, struct arena *, const char *name,
    struct span *out, struct err *);
must_use int store_vault_put(
    struct store *, const char *name, struct span, struct err *);

/* The run itself: begun, ended, or refused because another held the lock. */
must_use int store_run_begin(struct store *, int64_t now, struct err *);
must_use int store_run_end(
    struct store *, int64_t now, double ms, struct err *);
must_use int store_run_overlap(struct store *, int64_t now, struct err *);

/* The runs as of a moment; what never was is 0. */
struct run_history {
	int64_t first;	  /* begin of the first run: how far back */
	int64_t last;	  /* begin of the newest one */
	double ms;	  /* how long the newest that ended took */
	int64_t overlaps; /* refused in the hour before */
};

must_use int store_history(
    struct store *, int64_t now, struct run_history *, struct err *);

/*
 * Series whose names match a glob (a name always matches itself), sorted by
 * name in bytes, with their points in [from, to]: the samples, if they are
 * no more than max_points, else buckets of a round length, aligned to the
 * epoch: a multiple of the source's `every`, or from five minutes on of the
 * rollup that they are made from, of which those at both ends are whole.
 * max_points 0 gives no points, only the last values.
 */
must_use int store_series(struct store *, struct arena *,
    const struct strings *globs, int64_t from, int64_t to, size_t max_points,
    struct series **, size_t *n, struct err *);

/* How wide the buckets of such a series are at least, in seconds. */
int64_t store_step(int64_t from, int64_t to, int64_t every, size_t max_points);

/*
 * The newest table of a source at or before `at`; *out NULL if none. *ts is
 * the last run that found it so.
 */
must_use int store_table(struct store *, struct arena *, const char *source,
    const char *name, int64_t at, struct table **out, int64_t *ts,
    struct err *);

/* The names of all tables that a source ever had, sorted. */
must_use int store_table_names(struct store *, struct arena *,
    const char *source, struct strings *, struct err *);

/*
 * The records of a source as they were known at `at`: of each key the newest
 * version and, if from < at, those before it that held at or after `from`. At
 * most `keys` of them, those seen last, and `versions` in all, of which the
 * oldest are left out. Fields that are null are left out.
 */
struct records_wanted {
	const char *source;
	int64_t from, at;
	size_t keys, versions;
};

must_use int store_records(struct store *, struct arena *,
    const struct records_wanted *, struct records *, struct err *);

/*
 * The newest `max` lines of the sources (names or globs) in [from, to],
 * oldest first, those of one source as they came even if its clock leapt;
 * left_out counts the others, and those that were never kept.
 */
must_use int store_lines(struct store *, struct arena *,
    const struct strings *sources, int64_t from, int64_t to, size_t max,
    struct log_line **, size_t *n, size_t *left_out, struct err *);

/* Every source that was asked by then, as of its last run, by name. */
must_use int store_status(struct store *, struct arena *,
    struct source_status **, size_t *n, struct err *);

/*
 * Spells that are not ok and touch [from, to], oldest first. A source whose
 * message differs only in digits each time gets ten of them, then the last
 * one goes on with the newest message.
 */
must_use int store_spells(struct store *, struct arena *, int64_t from,
    int64_t to, struct spell **, size_t *n, struct err *);

/*
 * What the runs after `since` up to `now` brought, whatever times it bears:
 * each series with its samples by time. It must be asked before the run
 * tends the store.
 */
struct fresh_sample {
	int64_t ts;
	double value;
};

struct fresh {
	const char *series, *source, *unit;
	int64_t every; /* of the source */
	struct fresh_sample *samples;
	size_t n;
};

must_use int store_fresh(struct store *, struct arena *, int64_t since,
    int64_t now, struct fresh **, size_t *n, struct err *);

/* The names of the series that match, sorted; cheap beside store_series(). */
must_use int store_names(struct store *, struct arena *,
    const struct strings *globs, struct strings *, struct err *);

/* Alerts that go on, and the run until which all was judged (0: none). */
must_use int store_alerts_live(struct store *, struct arena *, struct alert **,
    size_t *n, int64_t *judged, struct err *);

/*
 * What one channel is told in a run; saved together with what it tells of, as
 * a dispatch for each recipient (and, unless grouped, for each alert).
 */
#define NEWS_ITEMS_MAX 100 /* of a dispatch; the others are counted */
#define NEWS_WAIT_MAX  500 /* of a recipient; the oldest are given up */

struct news {
	const char *channel;
	struct strings recipients;
	bool grouped;
	const struct dispatch_item *items; /* their keys are the store's */
	size_t n;
};

/*
 * What judging up to the run `now` changed, that it did, and what is told of
 * it: all or nothing, so that a kill neither loses a turn nor takes it twice.
 * Those with id 0 are new and get one.
 */
must_use int store_alerts_save(struct store *, struct alert *, size_t n,
    const struct news *, size_t n_news, int64_t now, struct err *);

/* Sets who sees to a live alert: acked, ack_until and note. */
must_use int store_alert_ack(
    struct store *, const struct alert *, struct err *);

/*
 * A snapshot of these is tried now (path ""), or was taken; on the disk when
 * this returns.
 */
must_use int store_alerts_snap(struct store *, const struct alert *const *,
    size_t n, const char *path, int64_t now, struct err *);

/*
 * Alerts as of a moment: all that went on then, and the newest `max` of those
 * that had fired and ended after `from`. Value and peak are those of `seen`,
 * which may be later than the moment.
 */
must_use int store_alerts(struct store *, struct arena *, int64_t from,
    int64_t at, size_t max, struct alert **, size_t *n, struct err *);

/* What a channel was told last of a rule on a series. */
struct told {
	const char *channel, *rule, *series;
	int64_t fired; /* of the alert that it was told of */
	int64_t last;  /* when */
	bool open;     /* not yet that it ended */
};

must_use int store_told(
    struct store *, struct arena *, struct told **, size_t *n, struct err *);

/*
 * Dispatches that wait and may be tried now, by channel, recipient and age,
 * at most `each` of a recipient: never one before those that are older.
 */
must_use int store_dispatches(struct store *, struct arena *, int64_t now,
    size_t each, struct dispatch **, size_t *n, struct err *);

/* They are about to be tried: from now on, and on the disk. */
must_use int store_dispatch_try(struct store *, const struct dispatch *,
    size_t n, int64_t now, struct err *);

/* What became of a try, or of a recipient that has no queue (id 0). */
enum dispatch_fate {
	DISPATCH_SENT,
	DISPATCH_LATER, /* to be tried again */
	DISPATCH_LOST,	/* given up */
};

struct dispatch_end {
	int64_t id;
	const char *channel, *recipient;
	enum dispatch_fate fate;
	const char *message; /* unless sent */
	int64_t retry_at;    /* not before; 0: as store_dispatch_try() said */
};

/* *was is how it went before; it is on the disk when this returns. */
must_use int store_dispatch_end(struct store *, struct arena *,
    const struct dispatch_end *, int64_t now, struct recipient *was,
    struct err *);

/* Up to when the periods of a report were seen to. */
struct report_state {
	const char *name;
	int64_t until;
};

must_use int store_reports(struct store *, struct arena *,
    struct report_state **, size_t *n, struct err *);

/*
 * A period of a report is seen to, and a dispatch for each recipient waits
 * (of one that is not sent for none): all or nothing, on the disk.
 */
struct report_turn {
	const char *name, *channel;
	int64_t until;	 /* from now on this is seen to */
	const char *uid; /* as in struct dispatch; the same for all */
	int64_t from, to, missed;
	struct strings recipients;
};

must_use int store_report_turn(
    struct store *, const struct report_turn *, int64_t now, struct err *);
must_use int store_report_forget(
    struct store *, const char *name, struct err *);

/* All that were ever told anything, or are to be, by name. */
must_use int store_recipients(struct store *, struct arena *,
    struct recipient **, size_t *n, struct err *);

/*
 * What each run ends with, a bit at a time: hours and days that are over are
 * closed, a share of the series in each run; what is older than these ages
 * (seconds; 0: keep) is removed, a bounded number of rows; and space is given
 * to the file system. The newest table of each name, current spells and the
 * first run stay; series go when their last rollup went. Of records only what
 * was replaced goes: the newest version of each key stays.
 *
 * raw are samples, m5, h1 and d1 the rollups of five minutes, an hour and a
 * day (in UTC). Days of few samples (144 at most) have rollups of the day
 * only; their samples stay as long as the longest of raw, m5 and h1.
 *
 * Age counts only as far as there are runs of a day ago, so that a clock which
 * is ahead for less than a day costs nothing.
 *
 * A store larger than max_size bytes (0: as large as it gets) loses its
 * oldest samples, and lines and tables of the same age, six hours at a time;
 * then rollups, the finest first; never the newest day.
 *
 * Lines and tables of hours that are over are packed, and go, whole packs.
 */
struct keep {
	int64_t raw, m5, h1, d1, lines, tables, records, ledger, alerts;
	uint64_t max_size;
};

must_use int store_tend(
    struct store *, const struct keep *, int64_t now, struct err *);

/*
 * All that is known of the series that match, one after the other by name,
 * each by time in [from, to]: its samples, and where they are no longer kept
 * the means of the finest rollup, each at the time it begins. -1 from the
 * callback ends it.
 */
typedef int store_take(
    void *ctx, const char *series, int64_t ts, double value, struct err *);

must_use int store_each_sample(struct store *, const struct strings *globs,
    int64_t from, int64_t to, store_take *, void *, struct err *);

/*
 * Samples from elsewhere, all or none: old ones go into the rollups as well,
 * where they are new or more than what is there. The same again changes
 * nothing. A series that is not known is made. Best in batches of a hundred
 * thousand, series by series.
 */
struct import_row {
	const char *series; /* source/metric */
	int64_t ts;
	double value;
};

must_use int store_import(struct store *, const struct import_row *, size_t n,
    int64_t now, struct err *);

/*
 * What cannot be read, as its bytes are not what they were: a gap. What this
 * connection came upon, and what others did before; the newest first. `found`
 * is the time of the run that kept it, 0 if none did yet: store_tend() does.
 */
struct damage {
	const char *what; /* "samples of app1/cpu" */
	int64_t from, to; /* of what is lost, [from, to) */
	int64_t found;
};

must_use int store_damages(
    struct store *, struct arena *, struct damage **, size_t *n, struct err *);

/*
 * The oldest sample that came from before its series' first run, with a time
 * of its own or by an import, kept still or not; 0: there was none.
 */
must_use int store_oldest(struct store *, int64_t *ts, struct err *);

/* The tile of a URL; expires is 0 if it was never asked for. */
must_use int store_tile(struct store *, struct arena *, const char *url,
    struct map_tile *, struct err *);

/*
 * Keeps them all or none, as wanted now. Those that nobody wanted for 30 days
 * go, and the longest unwanted of more than 2,000.
 */
must_use int store_keep_tiles(struct store *, const struct map_tile *, size_t n,
    int64_t now, struct err *);

/* How large it is, and the oldest time of each tier; 0: has none. */
struct reach {
	int64_t bytes;
	int64_t raw, m5, h1, d1, lines, tables;
};

must_use int store_reach(struct store *, struct reach *, struct err *);

#endif
