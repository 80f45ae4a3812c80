/*
 * The store against the plainest table that would do, (series, ts) in
 * SQLite: a run of many series appended, and a chart of a day drawn from one
 * series. CPU time of this process, by the same history on both sides.
 *
 *	store_bench [SERIES [HOURS]]
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/db.h"
#include "store/store.h"

#define T0	INT64_C(1793328000)
#define RUNS	10
#define QUERIES 200
#define POINTS	800

static int series = 10000, hours = 24;
static struct err e;
static double sink;
static const struct keep keep = {
    14 * 86400, 90 * 86400, 2 * 365 * 86400, 0, 0, 0, 0, 0};

static void check(int rc)
{
	if (rc == 0)
		return;
	fprintf(stderr, "store_bench: %s\n", e.text);
	exit(1);
}

static double cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* The same noise for the same series and run. */
static uint64_t noise(int i, int64_t run)
{
	uint64_t x = (uint64_t)i * 0x9e3779b97f4a7c15 + (uint64_t)run;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

/*
 * What hosts report, a tenth of the series each: counts that hardly change,
 * percentages with a decimal, bytes, temperatures, rates of counters over a
 * minute, sizes that grow, load, latencies, and noise of all digits.
 */
static double value_of(int i, int64_t run)
{
	uint64_t r = noise(i, run), slow = noise(i, run / 37);
	double wave = sin((double)run / 229 + i);

	switch (i % 10) {
	case 0:
		return (double)(slow % 3 + 4);
	case 1:
		return floor(500 + 300 * wave + (double)(r % 400)) / 10;
	case 2:
		return 4096.0 * (double)(2000000 + run * 3 + (int)(r % 64));
	case 3:
		return floor(210 + 20 * wave + (double)(r % 5)) / 10;
	case 4:
		return (double)(r % 20000) / 60;
	case 5:
		return (double)(100000 + run * 17 + (int)(r % 30));
	case 6:
		return floor(100 + 80 * wave + (double)(r % 40)) / 100;
	case 7:
		return floor(20 + (double)(r % 300)) / 1000;
	case 8:
		return r % 50 == 0 ? (double)(r % 9) : 0;
	default:
		return (double)(r >> 11) / 9007199254740992.0;
	}
}

/* One run of all series, 100 to a source, a transaction for each source. */
static void ours_append(struct store *st, int64_t run)
{
	struct arena *a = arena_new();

	for (int i = 0; i < series; i += 100) {
		struct delivery d = {.source = arena_printf(a, "host%d", i),
		    .now = T0 + 60 * run,
		    .every = 60,
		    .message = "",
		    .hint = ""};
		struct readings r;

		readings_init(&r, a);
		for (int j = i; j < i + 100 && j < series; j++)
			readings_sample(&r, arena_printf(a, "metric%d", j),
			    value_of(j, run), UNIT_PERCENT);
		d.readings = &r;
		check(store_deliver(st, &d, 1, &e));
	}
	check(store_tend(st, &keep, T0 + 60 * run, &e));
	arena_free(a);
}

static void ours_query(struct store *st, int64_t run, int i)
{
	struct arena *a = arena_new();
	struct strings globs = {0};
	struct series *found;
	size_t n;

	strings_add(
	    a, &globs, arena_printf(a, "host%d/metric%d", i / 100 * 100, i));
	check(store_series(st, a, &globs, T0 + 60 * (run - 1440), T0 + 60 * run,
	    POINTS, &found, &n, &e));
	if (n != 1 || found->n < 100) {
		fprintf(stderr, "store_bench: series %d is not there\n", i);
		exit(1);
	}
	sink += found->points[0].mean;
	arena_free(a);
}

static void plain_make(struct db *db)
{
	check(db_exec(db,
	    "CREATE TABLE sample (series INTEGER, ts INTEGER, value REAL,"
	    " PRIMARY KEY (series, ts)) WITHOUT ROWID;",
	    &e));
}

static void plain_append(struct db *db, int64_t run)
{
	static const char sql[] = "INSERT INTO sample VALUES (?, ?, ?)";
	struct db_stmt *s = db_stmt(db, sql, &e);

	check(s == NULL);
	check(db_exec(db, "BEGIN IMMEDIATE", &e));
	for (int i = 0; i < series; i++) {
		db_reset(s);
		db_bind_int(s, 1, i);
		db_bind_int(s, 2, T0 + 60 * run);
		db_bind_real(s, 3, value_of(i, run));
		check(db_run(s, &e));
	}
	check(db_exec(db, "COMMIT", &e));
}

static void plain_query(struct db *db, int64_t run, int i)
{
	static const char sql[] =
	    "SELECT ts - ts % 120, avg(value), min(value), max(value)"
	    " FROM sample WHERE series = ? AND ts BETWEEN ? AND ?"
	    " GROUP BY ts - ts % 120";
	struct db_stmt *s = db_stmt(db, sql, &e);
	int rc;

	check(s == NULL);
	db_bind_int(s, 1, i);
	db_bind_int(s, 2, T0 + 60 * (run - 1440));
	db_bind_int(s, 3, T0 + 60 * run);
	while ((rc = db_step(s, &e)) == 1)
		sink += db_real(s, 1);
	check(rc);
}

static void line(const char *what, double ours, double plain)
{
	printf(
	    "%-34s %9.3f ms %9.3f ms %7.2f\n", what, ours, plain, plain / ours);
}

/* Each run opens and closes, as cron's do: the checkpoint is part of it. */
static double ours_runs(const char *path, int64_t first, int64_t n)
{
	double start = cpu_ms();

	for (int64_t run = first; run < first + n; run++) {
		struct store *st;

		check(store_open(&st, path, &e));
		ours_append(st, run);
		store_close(st);
	}
	return (cpu_ms() - start) / (double)n;
}

static double plain_runs(const char *path, int64_t first, int64_t n)
{
	double start = cpu_ms();

	for (int64_t run = first; run < first + n; run++) {
		struct db *db;

		check(db_open(&db, path, DB_WRITE, &e));
		plain_append(db, run);
		db_close(db);
	}
	return (cpu_ms() - start) / (double)n;
}

static double ours_queries(const char *path, int64_t run)
{
	struct store *st;
	double start;

	check(store_open_read(&st, path, &e));
	start = cpu_ms();
	for (int i = 0; i < QUERIES; i++)
		ours_query(st, run, i * 37 % series);
	start = (cpu_ms() - start) / QUERIES;
	store_close(st);
	return start;
}

static double plain_queries(const char *path, int64_t run)
{
	struct db *db;
	double start;

	check(db_open(&db, path, DB_READ, &e));
	start = cpu_ms();
	for (int i = 0; i < QUERIES; i++)
		plain_query(db, run, i * 37 % series);
	start = (cpu_ms() - start) / QUERIES;
	db_close(db);
	return start;
}

static double bytes_per_sample(const char *path, int64_t runs)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return 0;
	return (double)st.st_size / (double)(runs * series);
}

static void history(const char *ours, const char *plain, int64_t runs)
{
	struct store *st;
	struct db *db;

	check(store_open(&st, ours, &e));
	for (int64_t run = 0; run < runs; run++)
		ours_append(st, run);
	store_close(st);
	check(db_open(&db, plain, DB_WRITE, &e));
	plain_make(db);
	for (int64_t run = 0; run < runs; run++)
		plain_append(db, run);
	db_close(db);
}

static void bench(const char *ours, const char *plain)
{
	int64_t runs = (int64_t)hours * 60;

	history(ours, plain, runs);
	printf("%d series, %d hours of minutes\n", series, hours);
	printf("%-34s %12s %12s %7s\n", "CPU", "store", "plain", "ratio");
	line("append a run", ours_runs(ours, runs, RUNS),
	    plain_runs(plain, runs, RUNS));
	line("chart of a day, one series", ours_queries(ours, runs + RUNS - 1),
	    plain_queries(plain, runs + RUNS - 1));
	printf("%-34s %12.1f %12.1f\n", "bytes per sample",
	    bytes_per_sample(ours, runs + RUNS),
	    bytes_per_sample(plain, runs + RUNS));
}

int main(int argc, char **argv)
{
	char dir[] = "/tmp/broadsheet-bench-XXXXXX", ours[64], plain[64];

	series = argc > 1 ? (int)strtol(argv[1], NULL, 10) : series;
	hours = argc > 2 ? (int)strtol(argv[2], NULL, 10) : hours;
	if (series < 1 || hours < 2 || mkdtemp(dir) == NULL) {
		fprintf(stderr, "usage: store_bench [SERIES [HOURS]]\n");
		return 2;
	}
	snprintf(ours, sizeof(ours), "%s/store.db", dir);
	snprintf(plain, sizeof(plain), "%s/plain.db", dir);
	bench(ours, plain);
	unlink(ours);
	unlink(plain);
	rmdir(dir);
	return 0;
}
