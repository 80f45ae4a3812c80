/*
 * Our chart against rrdtool's (librrd, in a warm process): 800×250, three
 * series, a day of minutes. CPU time of this process for one picture each;
 * ours is measured from the points to the bytes, the query not included.
 *
 *	chart_bench
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "chart/canvas.h"
#include "chart/plot.h"
#include "output/svg.h"

#define NOW	INT64_C(1795317240)
#define DAY	86400
#define MINUTES 1440
#define SERIES	3
#define W	800
#define H	250

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
	       (minute * (7919 + series) % 100) / 12.0;
}

struct result {
	double ms;
	size_t bytes;
};

/* Ours. */

static struct point points[SERIES][MINUTES];

static void fill(struct plot_line *lines)
{
	static const char *const names[] = {"app1", "app2", "app3"};

	for (int s = 0; s < SERIES; s++) {
		for (int i = 0; i < MINUTES; i++) {
			double v = value(s, i);

			points[s][i] =
			    (struct point){NOW - DAY + 60 * (i + 1), v, v, v};
		}
		lines[s] = (struct plot_line){
		    .name = names[s],
		    .end = names[s],
		    .ink = (enum ink)(INK_SERIES_1 + s),
		    .points = points[s],
		    .n = MINUTES,
		    .hole = 150,
		    .last = points[s][MINUTES - 1].mean,
		};
	}
}

static struct scene *draw(
    struct arena *a, const struct ruler *r, const struct plot_line *lines)
{
	const struct plot p = {
	    .w = W,
	    .h = H,
	    .from = NOW - DAY,
	    .to = NOW,
	    .unit = "percent",
	    .min = NAN,
	    .max = NAN,
	    .labels = true,
	    .lines = lines,
	    .n_lines = SERIES,
	    .ruler = r,
	};

	return plot_draw(a, &p);
}

static struct result ours(struct canvas *c, bool png, int times)
{
	struct ruler r = canvas_ruler(c);
	struct plot_line lines[SERIES];
	struct result res = {0};
	struct buf out;
	double start;

	fill(lines);
	buf_init(&out, 1 << 24);
	start = cpu_ms(RUSAGE_SELF);
	for (int i = 0; i < times; i++) {
		struct arena *a = arena_new();
		struct scene *s = draw(a, &r, lines);
		struct err e;

		buf_reset(&out);
		if (!png)
			svg_write(s, &(struct svg_options){.id = "a"}, &out);
		else if (canvas_png(c, s, THEME_LIGHT, 1, &out, &e) != 0)
			fprintf(stderr, "chart_bench: %s\n", e.text);
		arena_free(a);
	}
	res.ms = (cpu_ms(RUSAGE_SELF) - start) / times;
	res.bytes = out.len;
	buf_free(&out);
	return res;
}

/* The peer's: `rrdtool -` is fed commands, so that only the work counts. */

static void feed_data(FILE *to, const char *dir)
{
	fprintf(to,
	    "create %s/a.rrd --start %lld --step 60 DS:app1:GAUGE:120:U:U "
	    "DS:app2:GAUGE:120:U:U DS:app3:GAUGE:120:U:U "
	    "RRA:AVERAGE:0.5:1:1500\n",
	    dir, (long long)NOW - DAY - 60);
	for (int i = 0; i < MINUTES; i++)
		fprintf(to, "update %s/a.rrd %lld:%g:%g:%g\n", dir,
		    (long long)NOW - DAY + 60 * (i + 1), value(0, i),
		    value(1, i), value(2, i));
}

static void feed_graph(FILE *to, const char *dir, const char *format)
{
	fprintf(to,
	    "graph %s/a.out --imgformat %s --width %d --height %d "
	    "--full-size-mode --start %lld --end %lld",
	    dir, format, W, H, (long long)NOW - DAY, (long long)NOW);
	for (int s = 1; s <= SERIES; s++)
		fprintf(to,
		    " DEF:v%d=%s/a.rrd:app%d:AVERAGE LINE1:v%d#%06x:app%d", s,
		    dir, s, s, 0x2669c8 * s & 0xffffff, s);
	fprintf(to, "\n");
}

/* CPU time of one rrdtool that draws so many pictures. */
static double peer_run(const char *dir, const char *format, int times)
{
	char command[128];
	double start = cpu_ms(RUSAGE_CHILDREN);
	FILE *to;

	snprintf(command, sizeof(command), "exec rrdtool - >/dev/null");
	to = popen(command, "w");
	if (to == NULL)
		return NAN;
	if (format == NULL)
		feed_data(to, dir);
	for (int i = 0; i < times; i++)
		feed_graph(to, dir, format);
	if (pclose(to) != 0)
		return NAN;
	return cpu_ms(RUSAGE_CHILDREN) - start;
}

static struct result peer(const char *dir, const char *format, int times)
{
	struct result res = {0};
	char path[256];
	double few = peer_run(dir, format, 5);
	double many = peer_run(dir, format, 5 + times);
	FILE *f;

	res.ms = (many - few) / times; /* start and warming left out */
	snprintf(path, sizeof(path), "%s/a.out", dir);
	f = fopen(path, "r");
	if (f != NULL) {
		fseek(f, 0, SEEK_END);
		res.bytes = (size_t)ftell(f);
		fclose(f);
	}
	return res;
}

static void print(
    const char *what, const struct result *us, const struct result *them)
{
	printf("%-4s ours %6.2f ms %7zu bytes   rrdtool %6.2f ms %7zu bytes   "
	       "time 1:%.0f, bytes 1:%.1f\n",
	    what, us->ms, us->bytes, them->ms, them->bytes, them->ms / us->ms,
	    (double)them->bytes / (double)us->bytes);
}

int main(void)
{
	char dir[] = "/tmp/chart_bench.XXXXXX";
	char path[256];
	struct canvas *c = canvas_open(NULL, NULL);
	struct err e;
	struct result us, them;

	if (mkdtemp(dir) == NULL || clock_set_zone("Europe/London", &e) != 0)
		return 1;
	if (isnan(peer_run(dir, NULL, 0)))
		fprintf(stderr, "chart_bench: rrdtool does not run\n");
	(void)ours(c, true, 5); /* fonts loaded, caches warm */
	us = ours(c, false, 500);
	them = peer(dir, "SVG", 100);
	print("SVG", &us, &them);
	us = ours(c, true, 100);
	them = peer(dir, "PNG", 100);
	print("PNG", &us, &them);
	snprintf(path, sizeof(path), "%s/a.rrd", dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/a.out", dir);
	unlink(path);
	rmdir(dir);
	canvas_close(c);
	return 0;
}
