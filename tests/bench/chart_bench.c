/*
 * Our charts against rrdtool's, 800×250, both in a warm process and from
 * their stores to the bytes of the picture: of a day of three series, and of
 * an hour, a week and five years of one. CPU time for one picture each.
 *
 *	chart_bench
 *
 * Prints lines of a name, our milliseconds and bytes, and rrdtool's.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "chart/canvas.h"
#include "chart/plot.h"
#include "output/svg.h"
#include "store/store.h"

#define NOW    INT64_C(1795317240)
#define DAY    INT64_C(86400)
#define SERIES 3
#define W      800
#define H      250
#define ROUNDS 3  /* of which the least counts */
#define PEER   20 /* of its pictures in each */

static struct err e;

static double cpu_ms(int who)
{
	struct rusage u;

	getrusage(who, &u);
	return ((double)u.ru_utime.tv_sec + (double)u.ru_stime.tv_sec) * 1e3 +
	       ((double)u.ru_utime.tv_usec + (double)u.ru_stime.tv_usec) / 1e3;
}

static double value(int series, int minute)
{
	return 40 + 10 * series + 15 * sin(minute / 120.0 + series) +
	       ((int64_t)minute * (7919 + series) % 100) / 12.0;
}

static void check(int rc)
{
	if (rc == 0)
		return;
	fprintf(stderr, "chart_bench: %s\n", e.text);
	exit(1);
}

/* What is drawn: the last seconds of some series, from a store. */
struct view {
	const char *name, *file;
	int series;
	int64_t length;
};

static const struct view views[] = {
    {"day", "day", SERIES, DAY},
    {"hour", "years", 1, 3600},
    {"week", "years", 1, 7 * DAY},
    {"years", "years", 1, 5 * 365 * DAY},
};

struct result {
	double ms;
	size_t bytes;
};

/* Ours. */

#define BATCH 100000

/* Minutes until NOW, of each series. */
static void ours_fill(const char *path, int series, int64_t length)
{
	static const char *const names[] = {"a/app1", "a/app2", "a/app3"};
	static struct import_row rows[BATCH];
	struct store *st;
	size_t n = 0;

	check(store_open(&st, path, &e));
	for (int s = 0; s < series; s++)
		for (int64_t ts = NOW - length + 60; ts <= NOW; ts += 60) {
			rows[n++] = (struct import_row){
			    names[s], ts, value(s, (int)(ts / 60))};
			if (n < BATCH && ts < NOW)
				continue;
			check(store_import(st, rows, n, NOW, &e));
			n = 0;
		}
	store_close(st);
}

static struct scene *ours_draw(struct arena *a, const struct ruler *r,
    struct store *st, const struct view *v)
{
	struct strings globs = {0};
	struct plot_line lines[SERIES];
	struct series *found;
	size_t n;

	strings_add(a, &globs, "a/*");
	check(store_series(
	    st, a, &globs, NOW - v->length, NOW, W, &found, &n, &e));
	if ((int)n != v->series || found->n < 50) {
		fprintf(stderr, "chart_bench: not what was stored\n");
		exit(1);
	}
	for (size_t i = 0; i < n; i++)
		lines[i] = (struct plot_line){
		    .name = found[i].metric,
		    .end = found[i].metric,
		    .ink = (enum ink)(INK_SERIES_1 + i),
		    .points = found[i].points,
		    .n = found[i].n,
		    .hole = 3 * (found[i].step > 0 ? found[i].step : 60),
		    .last = found[i].last,
		};
	return plot_draw(a, &(struct plot){.w = W,
				.h = H,
				.from = NOW - v->length,
				.to = NOW,
				.unit = "percent",
				.min = NAN,
				.max = NAN,
				.labels = true,
				.lines = lines,
				.n_lines = n,
				.ruler = r});
}

static size_t ours_once(
    struct canvas *c, struct store *st, const struct view *v, bool png)
{
	struct ruler r = canvas_ruler(c);
	struct arena *a = arena_new();
	struct scene *s = ours_draw(a, &r, st, v);
	struct buf out;
	size_t bytes;

	buf_init(&out, 1 << 24);
	if (png)
		check(canvas_png(c, s, THEME_LIGHT, 1, &out, &e));
	else
		svg_write(s, &(struct svg_options){.id = "a"}, &out);
	bytes = out.len;
	buf_free(&out);
	arena_free(a);
	return bytes;
}

static struct result ours(
    struct canvas *c, const char *dir, const struct view *v, bool png)
{
	int times = png ? 50 : 200;
	struct result res = {.ms = INFINITY};
	struct store *st;
	char path[256];
	double start;

	snprintf(path, sizeof(path), "%s/%s.db", dir, v->file);
	check(store_open_read(&st, path, &e));
	for (int round = 0; round < ROUNDS; round++) {
		start = cpu_ms(RUSAGE_SELF);
		for (int i = 0; i < times; i++)
			res.bytes = ours_once(c, st, v, png);
		start = (cpu_ms(RUSAGE_SELF) - start) / times;
		if (start < res.ms)
			res.ms = start;
	}
	store_close(st);
	return res;
}

/* The peer's: `rrdtool -` is fed commands, so that only the work counts. */

static FILE *peer_open(void)
{
	return popen("exec rrdtool - >/dev/null", "w");
}

/*
 * As long as our store's; minutes, of which averages take the place when
 * they are old. Only those that are kept are fed, the older ones by the hour.
 */
static void peer_fill(const char *dir, const struct view *v)
{
	int64_t step, from = NOW - v->length;
	FILE *to = peer_open();

	if (to == NULL)
		return;
	fprintf(to, "create %s/%s.rrd --start %lld --step 60", dir, v->file,
	    (long long)from - 60);
	for (int s = 1; s <= SERIES; s++)
		fprintf(to, " DS:app%d:GAUGE:7200:U:U", s);
	fprintf(to, " RRA:AVERAGE:0.5:1:20160 RRA:AVERAGE:0.5:5:25920"
		    " RRA:AVERAGE:0.5:60:43800\n");
	for (int64_t ts = from; ts <= NOW; ts += step) {
		int m = (int)(ts / 60);

		fprintf(to, "update %s/%s.rrd %lld:%g:%g:%g\n", dir, v->file,
		    (long long)ts, value(0, m), value(1, m), value(2, m));
		step = ts < NOW - 15 * DAY ? 3600 : 60;
	}
	pclose(to);
}

static void feed_graph(
    FILE *to, const char *dir, const struct view *v, bool png)
{
	fprintf(to,
	    "graph %s/out --imgformat %s --width %d --height %d "
	    "--full-size-mode --start %lld --end %lld",
	    dir, png ? "PNG" : "SVG", W, H, (long long)NOW - v->length,
	    (long long)NOW);
	for (int s = 1; s <= v->series; s++)
		fprintf(to,
		    " DEF:v%d=%s/%s.rrd:app%d:AVERAGE LINE1:v%d#%06x:app%d", s,
		    dir, v->file, s, s, 0x2669c8 * s & 0xffffff, s);
	fprintf(to, "\n");
}

/* CPU time of one rrdtool that draws so many pictures. */
static double peer_run(
    const char *dir, const struct view *v, bool png, int times)
{
	double start = cpu_ms(RUSAGE_CHILDREN);
	FILE *to = peer_open();

	if (to == NULL)
		return NAN;
	for (int i = 0; i < times; i++)
		feed_graph(to, dir, v, png);
	if (pclose(to) != 0)
		return NAN;
	return cpu_ms(RUSAGE_CHILDREN) - start;
}

/* Start and warming are left out. */
static struct result peer(const char *dir, const struct view *v, bool png)
{
	struct result res = {.ms = INFINITY};
	char path[256];
	struct stat st;

	for (int round = 0; round < ROUNDS; round++) {
		double few = peer_run(dir, v, png, 2);
		double ms = (peer_run(dir, v, png, 2 + PEER) - few) / PEER;

		if (!(ms >= res.ms))
			res.ms = ms;
	}
	snprintf(path, sizeof(path), "%s/out", dir);
	if (stat(path, &st) == 0)
		res.bytes = (size_t)st.st_size;
	return res;
}

static void compare(
    struct canvas *c, const char *dir, const struct view *v, bool png)
{
	struct result us = ours(c, dir, v, png), them = peer(dir, v, png);

	printf("%s-%s %g %zu %g %zu\n", v->name, png ? "png" : "svg", us.ms,
	    us.bytes, them.ms, them.bytes);
}

static void fill(const char *dir, const struct view *v)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s.db", dir, v->file);
	ours_fill(path, v->series, v->length);
	peer_fill(dir, v);
}

static void clear(const char *dir)
{
	static const char *const files[] = {
	    "day.db", "day.rrd", "years.db", "years.rrd", "out"};
	char path[256];

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, files[i]);
		unlink(path);
	}
	rmdir(dir);
}

int main(void)
{
	char dir[] = "/tmp/chart_bench.XXXXXX";
	size_t n = sizeof(views) / sizeof(views[0]);
	struct canvas *c = canvas_open(NULL, NULL);

	if (c == NULL || mkdtemp(dir) == NULL)
		return 1;
	check(clock_set_zone("Europe/London", &e));
	fill(dir, &views[0]);
	fill(dir, &views[n - 1]);
	for (size_t i = 0; i < n; i++) {
		compare(c, dir, &views[i], false);
		compare(c, dir, &views[i], true);
	}
	clear(dir);
	canvas_close(c);
	return 0;
}
