/*
 * A store in a directory of its own, and short ways to fill it.
 */
#ifndef STORE_RIG_H
#define STORE_RIG_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/db.h"
#include "store/store.h"

#define T0 INT64_C(1793330040) /* a whole minute */

/* The chunks of all kinds, in a FROM. */
#define RIG_CHUNKS                                                             \
	"(SELECT * FROM chunk_hour UNION ALL SELECT * FROM chunk_raw"          \
	" UNION ALL SELECT * FROM chunk_sparse"                                \
	" UNION ALL SELECT * FROM chunk_m5 UNION ALL SELECT * FROM chunk_h1"   \
	" UNION ALL SELECT * FROM chunk_d1)"

static char rig_dir[64];
static char rig_path[96];
static struct arena *rig_arena;

static inline int rig_setup(void **state)
{
	(void)state;
	strcpy(rig_dir, "/tmp/broadsheet-store-XXXXXX");
	assert_non_null(mkdtemp(rig_dir));
	assert_int_equal(chmod(rig_dir, 0755), 0);
	snprintf(rig_path, sizeof(rig_path), "%s/x.db", rig_dir);
	rig_arena = arena_new();
	return 0;
}

static inline int rig_teardown(void **state)
{
	char command[128];

	(void)state;
	arena_free(rig_arena);
	snprintf(command, sizeof(command), "rm -rf '%s'", rig_dir);
	return WEXITSTATUS(system(command));
}

#define RIG_TEST(f) cmocka_unit_test_setup_teardown(f, rig_setup, rig_teardown)

/* Fails the test with the message, if there is one. */
#define rig_ok(call)                                                           \
	do {                                                                   \
		if ((call) != 0)                                               \
			fail_msg("%s: %s", #call, e.text);                     \
	} while (0)

static inline struct store *rig_open(void)
{
	struct err e = {0};
	struct store *st;

	rig_ok(store_open(&st, rig_path, &e));
	return st;
}

static inline struct readings *rig_readings(void)
{
	struct readings *r = arena_make(rig_arena, struct readings);

	readings_init(r, rig_arena);
	return r;
}

static inline struct delivery rig_delivery(
    const char *source, int64_t now, const struct readings *r)
{
	return (struct delivery){.source = source,
	    .now = now,
	    .every = 60,
	    .outcome = OUTCOME_OK,
	    .message = "",
	    .hint = "",
	    .ms = 12.5,
	    .bytes = 100,
	    .readings = r};
}

static inline void rig_deliver(
    struct store *st, const char *source, int64_t now, const struct readings *r)
{
	struct delivery d = rig_delivery(source, now, r);
	struct err e = {0};

	rig_ok(store_deliver(st, &d, 1, &e));
}

static inline void rig_fail(struct store *st, const char *source, int64_t now,
    enum outcome o, const char *message)
{
	struct delivery d = rig_delivery(source, now, NULL);
	struct err e = {0};

	d.outcome = o;
	d.message = message;
	rig_ok(store_deliver(st, &d, 1, &e));
}

/* One sample of "s/m". */
static inline void rig_sample(struct store *st, int64_t now, double value)
{
	struct readings *r = rig_readings();

	readings_sample(r, "m", value, UNIT_PERCENT);
	rig_deliver(st, "s", now, r);
}

static inline void rig_counter(struct store *st, int64_t now, double value)
{
	struct readings *r = rig_readings();

	readings_sample(r, "c", value, UNIT_BYTES)->counter = true;
	rig_deliver(st, "s", now, r);
}

static inline struct strings rig_names(const char *a, const char *b)
{
	struct strings s = {0};

	strings_add(rig_arena, &s, a);
	if (b != NULL)
		strings_add(rig_arena, &s, b);
	return s;
}

static inline size_t rig_series(struct store *st, const char *glob,
    int64_t from, int64_t to, size_t max, struct series **series)
{
	struct strings globs = rig_names(glob, NULL);
	struct err e = {0};
	size_t n;

	rig_ok(
	    store_series(st, rig_arena, &globs, from, to, max, series, &n, &e));
	return n;
}

/* The only one of that name. */
static inline struct series rig_one(
    struct store *st, const char *name, int64_t from, int64_t to, size_t max)
{
	struct series *series;

	assert_int_equal(rig_series(st, name, from, to, max, &series), 1);
	return *series;
}

/* A number out of the file itself, behind the store's back. */
static inline int64_t rig_ask(const char *sql)
{
	struct err e = {0};
	struct db_stmt *s;
	struct db *db;
	int64_t v;

	rig_ok(db_open(&db, rig_path, DB_READ, &e));
	rig_ok(db_prepare(db, sql, &s, &e));
	if (db_step(s, &e) != 1)
		fail_msg("%s: %s", sql, e.text);
	v = db_int(s, 0);
	db_finalize(s);
	db_close(db);
	return v;
}

struct rig_sum {
	int64_t n;
	double sum; /* of ts - T0 - value */
	int64_t last;
};

static inline int rig_take(
    void *ctx, const char *series, int64_t ts, double value, struct err *e)
{
	struct rig_sum *sum = ctx;

	(void)series, (void)e;
	sum->n++;
	sum->sum += fabs((double)(ts - T0) - value);
	sum->last = ts > sum->last ? ts : sum->last;
	return 0;
}

/* All samples of all series, as they are exported. */
static inline struct rig_sum rig_sum(void)
{
	struct strings all = rig_names("*", NULL);
	struct rig_sum sum = {0};
	struct err e = {0};
	struct store *st;

	rig_ok(store_open_read(&st, rig_path, &e));
	rig_ok(store_each_sample(st, &all, 0, INT64_MAX, rig_take, &sum, &e));
	store_close(st);
	return sum;
}

static inline void rig_assert_whole(void)
{
	assert_int_equal(rig_ask("SELECT integrity_check = 'ok' FROM "
				 "pragma_integrity_check"),
	    1);
}

#endif
