/*
 * The store against the plainest table that would do, (series, ts) in
 * SQLite: a run of many series appended, with the closing of hours that is
 * its share, and charts of an hour to five years drawn from one series. CPU
 * time of this process, by the same history on both sides.
 *
 *	store_bench [SERIES [HOURS [DAYS]]]
 *
 * HOURS of minutes are there before the runs that are measured, and DAYS of a
 * fiftieth of the series to see how many bytes they come to. Prints lines of a
 * name, our figure and the plain table's.
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

static int series = 10000, hours = 2, days = 14;
static struct err e;
static double sink;
static const struct keep keep = {
    .raw = 14 * 86400, .m5 = 90 * 86400, .h1 = 2 * 365 * 86400};

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

#define PER_SOURCE 100

/* One run of all series, as sources would deliver it. */
struct prepared {
	struct arena *arena;
	struct delivery *deliveries;
	size_t n;
};

static struct prepared prepare(int64_t run)
{
	struct prepared p = {.arena = arena_new()};
	struct arena *a = p.arena;
	size_t cap = 0;

	for (int i = 0; i < series; i += PER_SOURCE) {
		struct readings *r = arena_make(a, struct readings);

		readings_init(r, a);
		for (int j = i; j < i + PER_SOURCE && j < series; j++)
			readings_sample(r, arena_printf(a, "metric%d", j),
			    value_of(j, run), UNIT_PERCENT);
		*arena_push(a, &p.deliveries, &p.n, &cap) =
		    (struct delivery){.source = arena_printf(a, "host%d", i),
			.now = T0 + 60 * run,
			.every = 60,
			.message = "",
			.hint = "",
			.readings = r};
	}
	return p;
}

/* A transaction for each source. */
static void ours_append(struct store *st, const struct prepared *p, int64_t run)
{
	for (size_t i = 0; i < p->n; i++)
		check(store_deliver(st, &p->deliveries[i], 1, &e));
	check(store_tend(st, &keep, T0 + 60 * run, &e));
}

/* A chart of one series over the last seconds before a time. */
static void ours_query(struct store *st, int64_t end, int64_t length, int i)
{
	struct arena *a = arena_new();
	struct strings globs = {0};
	struct series *found;
	size_t n;

	strings_add(
	    a, &globs, arena_printf(a, "host%d/metric%d", i / 100 * 100, i));
	check(store_series(
	    st, a, &globs, end - length, end, POINTS, &found, &n, &e));
	if (n != 1 || found->n < 50) {
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

static void plain_query(struct db *db, int64_t end, int64_t length, int i)
{
	static const char sql[] =
	    "SELECT ts - ts % ?4, avg(value), min(value), max(value)"
	    " FROM sample WHERE series = ?1 AND ts BETWEEN ?2 AND ?3"
	    " GROUP BY ts - ts % ?4";
	struct db_stmt *s = db_stmt(db, sql, &e);
	int rc;

	check(s == NULL);
	db_bind_int(s, 1, i);
	db_bind_int(s, 2, end - length);
	db_bind_int(s, 3, end);
	db_bind_int(s, 4, length / 720);
	while ((rc = db_step(s, &e)) == 1)
		sink += db_real(s, 1);
	check(rc);
}

static void line(const char *what, double ours, double plain)
{
	printf("%s %g %g\n", what, ours, plain);
	fflush(stdout);
}

/* What the kernel was given to write. */
static double written(void)
{
	FILE *f = fopen("/proc/self/io", "r");
	unsigned long long bytes = 0;
	char text[80];

	while (f != NULL && fgets(text, sizeof(text), f) != NULL)
		if (sscanf(text, "wchar: %llu", &bytes) == 1)
			break;
	if (f != NULL)
		fclose(f);
	return (double)bytes;
}

struct cost {
	double ms, bytes;
};

/* Each run opens and closes, as cron's do: the checkpoint is part of it. */
static struct cost ours_runs(const char *path, int64_t first, int64_t n)
{
	struct cost sum = {0, 0}, start;

	for (int64_t run = first; run < first + n; run++) {
		struct prepared p = prepare(run);
		struct store *st;

		start = (struct cost){cpu_ms(), written()};
		check(store_open(&st, path, &e));
		ours_append(st, &p, run);
		store_close(st);
		sum.ms += (cpu_ms() - start.ms) / (double)n;
		sum.bytes += (written() - start.bytes) / (double)n;
		arena_free(p.arena);
	}
	return sum;
}

static struct cost plain_runs(const char *path, int64_t first, int64_t n)
{
	struct cost start = {cpu_ms(), written()};

	for (int64_t run = first; run < first + n; run++) {
		struct db *db;

		check(db_open(&db, path, DB_WRITE, &e));
		plain_append(db, run);
		db_close(db);
	}
	return (struct cost){(cpu_ms() - start.ms) / (double)n,
	    (written() - start.bytes) / (double)n};
}

static double ours_charts(
    const char *path, int64_t end, int64_t length, int n_series)
{
	struct store *st;
	double start;

	check(store_open_read(&st, path, &e));
	for (int i = 0; i < 20; i++)
		ours_query(st, end, length, i * 37 % n_series);
	start = cpu_ms();
	for (int i = 0; i < QUERIES; i++)
		ours_query(st, end, length, i * 37 % n_series);
	start = (cpu_ms() - start) / QUERIES;
	store_close(st);
	return start;
}

static double plain_charts(
    const char *path, int64_t end, int64_t length, int n_series)
{
	struct db *db;
	double start;
	int n = length > 30 * 86400 ? 3 : QUERIES;

	check(db_open(&db, path, DB_READ, &e));
	start = cpu_ms();
	for (int i = 0; i < n; i++)
		plain_query(db, end, length, i * 37 % n_series);
	start = (cpu_ms() - start) / n;
	db_close(db);
	return start;
}

static double size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? (double)st.st_size : 0;
}

static void plain_fill(const char *path, int n_series, int64_t runs)
{
	static const char sql[] = "INSERT INTO sample VALUES (?, ?, ?)";
	struct db_stmt *s;
	struct db *db;

	check(db_open(&db, path, DB_WRITE, &e));
	plain_make(db);
	s = db_stmt(db, sql, &e);
	check(s == NULL || db_exec(db, "BEGIN", &e) != 0);
	for (int i = 0; i < n_series; i++)
		for (int64_t run = 0; run < runs; run++) {
			db_reset(s);
			db_bind_int(s, 1, i);
			db_bind_int(s, 2, T0 + 60 * run);
			db_bind_real(s, 3, value_of(i, run));
			check(db_run(s, &e));
		}
	check(db_exec(db, "COMMIT", &e));
	db_close(db);
}

/* As a process would that lives for an hour. */
static void ours_fill(const char *path, int64_t runs)
{
	struct store *st = NULL;

	for (int64_t run = 0; run < runs; run++) {
		struct prepared p = prepare(run);

		if (st == NULL)
			check(store_open(&st, path, &e));
		ours_append(st, &p, run);
		arena_free(p.arena);
		if (run % 60 != 59 && run + 1 < runs)
			continue;
		store_close(st);
		st = NULL;
	}
}

static void bench_runs(const char *ours, const char *plain)
{
	int64_t runs = (int64_t)hours * 60;
	struct cost a, b;

	ours_fill(ours, runs);
	plain_fill(plain, series, runs);
	a = ours_runs(ours, runs, RUNS);
	b = plain_runs(plain, runs, RUNS);
	line("append-ms", a.ms, b.ms);
	line("append-bytes", a.bytes, b.bytes);
	line("day-ms",
	    ours_charts(ours, T0 + 60 * (runs + RUNS - 1), 86400, series),
	    plain_charts(plain, T0 + 60 * (runs + RUNS - 1), 86400, series));
}

/* As long as samples are kept if nothing else is said, with all rollups. */
static void bench_fortnight(const char *ours, const char *plain)
{
	int64_t runs = (int64_t)days * 1440;

	series /= 50;
	ours_fill(ours, runs);
	plain_fill(plain, series, runs);
	line("fortnight-bytes", size_of(ours) / (double)(runs * series),
	    size_of(plain) / (double)(runs * series));
}

/* Five years of minutes of a few series, imported in batches. */
#define LONG_SERIES 2
#define BATCH	    100000

static double ours_import(const char *path, int64_t runs)
{
	static struct import_row rows[BATCH];
	struct store *st;
	size_t n = 0;
	double start = cpu_ms();

	check(store_open(&st, path, &e));
	for (int i = 0; i < LONG_SERIES; i++)
		for (int64_t run = 0; run < runs; run++) {
			rows[n++] = (struct import_row){
			    i == 0 ? "host0/metric0" : "host0/metric1",
			    T0 + 60 * run, value_of(i, run)};
			if (n < BATCH && run + 1 < runs)
				continue;
			check(store_import(st, rows, n, T0 + 60 * runs, &e));
			n = 0;
		}
	store_close(st);
	return (cpu_ms() - start) / (double)(runs * LONG_SERIES) * 1e3;
}

static void bench_years(const char *ours, const char *plain)
{
	static const struct {
		const char *name;
		int64_t length;
	} views[] = {{"query-hour-ms", 3600}, {"query-day-ms", 86400},
	    {"query-week-ms", 7 * 86400}, {"query-year-ms", 365 * 86400},
	    {"query-years-ms", 5 * 365 * 86400}};
	int64_t runs = 5 * 365 * 1440, end = T0 + 60 * runs;
	double us = ours_import(ours, runs);

	plain_fill(plain, LONG_SERIES, runs);
	line("import-us", us, NAN);
	line("years-bytes", size_of(ours) / (double)(runs * LONG_SERIES),
	    size_of(plain) / (double)(runs * LONG_SERIES));
	for (size_t i = 0; i < sizeof(views) / sizeof(views[0]); i++)
		line(views[i].name,
		    ours_charts(ours, end, views[i].length, LONG_SERIES),
		    plain_charts(plain, end, views[i].length, LONG_SERIES));
}

/* Each on its own, so that what one leaves is gone before the next. */
static void bench(void (*what)(const char *, const char *))
{
	char dir[] = "/tmp/broadsheet-bench-XXXXXX", ours[64], plain[64];

	if (mkdtemp(dir) == NULL)
		exit(1);
	snprintf(ours, sizeof(ours), "%s/store.db", dir);
	snprintf(plain, sizeof(plain), "%s/plain.db", dir);
	what(ours, plain);
	unlink(ours);
	unlink(plain);
	rmdir(dir);
}

int main(int argc, char **argv)
{
	series = argc > 1 ? (int)strtol(argv[1], NULL, 10) : series;
	hours = argc > 2 ? (int)strtol(argv[2], NULL, 10) : hours;
	days = argc > 3 ? (int)strtol(argv[3], NULL, 10) : days;
	if (series < 50 || hours < 2 || days < 1) {
		fprintf(stderr, "usage: store_bench [SERIES [HOURS [DAYS]]]\n");
		return 2;
	}
	bench(bench_runs);
	bench(bench_fortnight);
	bench(bench_years);
	return 0;
}
