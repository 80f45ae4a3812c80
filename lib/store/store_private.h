/*
 * What the files of the store share; nobody else includes it.
 *
 * A source is a row, and what was collected from it refers to that row by
 * id. Each subject (samples, lines, tables, records, ledger, runs) has a file
 * with all of its SQL, and functions here that append, in the transaction of
 * a delivery, and prune.
 */
#ifndef STORE_PRIVATE_H
#define STORE_PRIVATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/db.h"
#include "store/codec.h"
#include "store/store.h"

/* In the header of the file: "bsht". */
#define STORE_APPLICATION 0x62736874

struct store {
	struct db *db;
	char *path;
	int64_t at;	  /* reads are as of then; INT64_MAX: now */
	int64_t appended; /* rows since it was opened */
	int64_t version;  /* PRAGMA data_version of what is kept below */
	/* Kept while nothing is written; NULL until asked for. */
	struct catalog *catalog;    /* of all series */
	struct extents *extents;    /* chunk.c */
	struct hot_known *hot;	    /* hot.c */
	struct warmth *warmth;	    /* read.c */
	struct damage_list *damage; /* damage.c: until it is closed */
};

/*
 * Does the work between BEGIN and COMMIT; whatever fails is rolled back.
 * The work must not leave a statement in the middle of its rows.
 */
must_use int store_write(struct store *,
    int (*work)(struct store *, void *, struct err *), void *, struct err *);
/* The same, and it is on the disk when it returns. */
must_use int store_write_through(struct store *,
    int (*work)(struct store *, void *, struct err *), void *, struct err *);
/* The same for reads that belong together. */
must_use int store_read(struct store *,
    int (*work)(struct store *, void *, struct err *), void *, struct err *);

/* Lets go of all that is kept between reads. */
void store_forget(struct store *);

/*
 * A step to the next layout: the SQL, then what SQL cannot do, if anything,
 * then more SQL; all in one transaction.
 */
struct step {
	const char *sql;
	int (*convert)(struct store *, struct err *);
	const char *after;
};

/*
 * migrate.c: brings a database to the layout after the last of n steps, or
 * says why that cannot be.
 */
must_use int store_migrate(struct store *, bool may_write,
    const struct step *steps, size_t n, struct err *);

/* schema.c: the steps. */
extern const struct step store_steps[];
extern const size_t store_n_steps;

/* ledger.c: a source as of its last run. */
struct source_row {
	int64_t id;
	int64_t tried, last_ok; /* 0: never */
	int64_t failures;	/* in a row */
	int64_t spell;		/* id of the current one, 0: none */
	int64_t similar;	/* spells in a row that differ in digits */
};

/* id is 0 if there is none of this name. */
must_use int source_find(
    struct store *, const char *name, struct source_row *, struct err *);
must_use int source_find_or_make(
    struct store *, const char *name, struct source_row *, struct err *);
must_use int ledger_append(struct store *, const struct source_row *,
    const struct delivery *, struct err *);

/* memory.c: both states, after a delivery that went well. */
must_use int memory_replace(struct store *, const struct source_row *,
    const struct delivery *, struct err *);

/* retract.c: samples of records that are to be taken back. */
struct retraction {
	int64_t ts;
	const char *metric;
	bool kept; /* another record says it still */
};

struct retractions {
	struct arena *arena;
	bool wanted; /* the source has series */
	struct retraction *items;
	size_t n, cap;
};

must_use int retract_begin(
    struct store *, int64_t source, struct retractions *, struct err *);
/* Before a record is stored, and before those that are not listed go. */
must_use int retract_replaced(struct store *, int64_t source,
    const struct record *, const char *fields, struct retractions *,
    struct err *);
must_use int retract_unlisted(struct store *, int64_t source, int64_t now,
    struct retractions *, struct err *);
/* When all records are stored. */
must_use int retract_end(
    struct store *, int64_t source, struct retractions *, struct err *);

/*
 * The appenders, each for one delivery that went well. Records tell which of
 * their samples of before go; a sample of the same time and series stays.
 */
must_use int records_append(struct store *, const struct source_row *,
    const struct delivery *, struct retractions *, struct err *);
must_use int samples_append(struct store *, const struct source_row *,
    const struct delivery *, const struct retractions *, struct err *);
must_use int tables_append(struct store *, const struct source_row *,
    const struct delivery *, struct err *);
must_use int lines_append(struct store *, const struct source_row *,
    const struct delivery *, struct err *);

/*
 * Times that a source gave: 0 means the run's; those before 1970 or more
 * than a day ahead of the run are wrong.
 */
bool store_time_ok(int64_t ts, int64_t now);

/*
 * The pruners remove at most `limit` rows that are older than `cut`: ?2 and
 * ?1 of prune_rows()' statement.
 */
must_use int prune_rows(
    struct store *, const char *sql, int64_t cut, int64_t limit, struct err *);
must_use int lines_prune(
    struct store *, int64_t cut, int64_t limit, struct err *);
must_use int tables_prune(
    struct store *, int64_t cut, int64_t limit, struct err *);
must_use int records_prune(
    struct store *, int64_t cut, int64_t limit, struct err *);
must_use int ledger_prune(
    struct store *, int64_t cut, int64_t limit, struct err *);
must_use int runs_prune(
    struct store *, int64_t cut, int64_t limit, struct err *);

/* alerts.c: what tables of alerts have beside their key. */
#define ALERT_COLUMNS                                                          \
	"rule, series, source, unit, message, severity, test, low, high,"      \
	" since, fired, ended, first, value, peak, seen, clear, acked,"        \
	" ack_until, note"

/* Those that alert_bind() binds, from ?2 on; ?1 is the caller's. */
#define ALERT_BOUND                                                            \
	"since, fired, ended, first, value, peak, seen, clear, message,"       \
	" severity, test, low, high, rule, series, source, unit"
#define ALERT_BINDS                                                            \
	"?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16,"   \
	" ?17, ?18"

void alert_bind(struct db_stmt *, const struct alert *);

/* Of a row of a key, ALERT_COLUMNS, snapshot and snapped. */
struct alert alert_read(struct arena *, const struct db_stmt *);

/* dispatch.c: in the transaction of what it tells of. */
must_use int news_save(
    struct store *, const struct news *, int64_t now, struct err *);
must_use int dispatch_prune(
    struct store *, int64_t now, int64_t limit, struct err *);

/* alerts.c: those that ended before `age` seconds ago; 0: for ever. */
must_use int alerts_prune(
    struct store *, int64_t now, int64_t age, int64_t limit, struct err *);

/*
 * past.c: when a source was last asked in a spell, as of a moment. The runs
 * are those of a while before it, if the store is read as of the past.
 */
struct past {
	int64_t at;
	int64_t *runs; /* rising */
	size_t n, cap;
};

must_use int past_open(
    struct store *, struct arena *, int64_t at, struct past *, struct err *);
int64_t past_asked(
    const struct past *, int64_t since, int64_t until, int64_t every);

/* past.c: store_status() as of a moment that is over. */
must_use int past_status(struct store *, struct arena *,
    struct source_status **, size_t *n, struct err *);

/* ledger.c: an outcome's word; one that a newer version wrote is a failure. */
enum outcome ledger_outcome(const struct db_stmt *, int column);

/* The typical distance of the last runs, 0 if there are too few. */
must_use int runs_spacing(
    struct store *, int64_t now, int64_t *spacing, struct err *);

/*
 * rates.c: a counter's last raw value and the one before it, which is what a
 * rate at the same time again is computed from. NaN: none.
 */
struct counter {
	int64_t ts, before_ts;
	double raw, before;
};

/*
 * The rate per second that a raw value gives, or NaN: the first value, a
 * reset, a value that comes late, one after more than `gap` seconds.
 */
double counter_rate(struct counter *, int64_t ts, double raw, int64_t gap);

/* catalog.c: the series there are. */
struct entry {
	int64_t id;
	int64_t every;
	int64_t created;
	int64_t ts; /* of the newest sample that is in a chunk, 0: none */
	double value;
	const char *name, *source, *metric, *unit;
};

/* Those that a glob matches, or whose very name is given; by name. */
must_use int catalog_match(struct store *, struct arena *,
    const struct strings *globs, struct entry **, size_t *n, struct err *);
void catalog_forget(struct store *);

/* source/metric */
const char *series_name(struct arena *, const char *source, const char *metric);

/* close.c: the share of this run in closing hours and days. */
must_use int samples_close(struct store *, int64_t now, struct err *);

/* buckets.c: samples, gathered into at most max_points points. */
struct gather {
	int64_t step; /* of the buckets, once they are needed */
	size_t max;
	struct point *points; /* freed by gather_free() */
	size_t n, cap;
	bool bucketed, failed; /* failed: no memory */
	long double sum;       /* of the last bucket, with its count */
	size_t count;
	int64_t last_ts; /* 0: nothing came */
	double last;
};

/*
 * The width of buckets for a view, with no more than max in [from, to]: a
 * round number of seconds; below five minutes a whole multiple of every,
 * from then on of five minutes, an hour or a day, as rollups are.
 */
int64_t bucket_step(int64_t from, int64_t to, int64_t every, size_t max);

void gather_add(struct gather *, int64_t ts, double value);
/* What samples came to, into buckets. */
void gather_cell(struct gather *, const struct cell *);
void gather_free(struct gather *);

/* tableblob.c: the private format that tables are kept in. */
#define TABLE_BLOB_MAX ((size_t)64 * 1024 * 1024)

/* False if it is larger than the buffer's maximum. */
bool table_encode(const struct table *, struct buf *);
/* NULL if the bytes are not a table; else all of it in the arena. */
struct table *table_decode(struct arena *, struct span);

#endif
