/*
 * A report with every kind of block, made by hand at a fixed time: what the
 * tests of the outputs print and tests/tools/sample_page.c shows.
 *
 * What comes from outside is taken from said(): a test puts its own text in
 * all those places by setting sample_text.
 */
#ifndef SAMPLE_REPORT_H
#define SAMPLE_REPORT_H

#include <math.h>

#include "base/arena.h"
#include "base/clock.h"
#include "chart/plot.h"
#include "model/report.h"

#define SAMPLE_NOW    1795317240 /* 2026-11-22 03:14:00 UTC */
#define SAMPLE_POINTS 360
#define SAMPLE_SPAN   (SAMPLE_POINTS * 60)

static const char *sample_text; /* NULL: a good day */

static inline const char *said(const char *usual)
{
	return sample_text != NULL ? sample_text : usual;
}

/* A walk that is the same every time. */
static inline double sample_noise(unsigned *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) / 16777216.0 - 0.5;
}

struct sample_shape {
	const char *name, *end;
	enum ink ink;
	double from, to, wave, noise;
	size_t gap_at, gap_n;
};

static inline struct plot_line sample_line(
    struct arena *a, int64_t now, const struct sample_shape *s)
{
	struct point *p = arena_array(a, SAMPLE_POINTS, sizeof(*p));
	unsigned seed = 7u + (unsigned)s->ink;
	double drift = 0, v = s->from;
	size_t n = 0;

	for (size_t i = 0; i < SAMPLE_POINTS; i++) {
		double f = (double)i / SAMPLE_POINTS;

		drift = 0.9 * drift + s->noise * sample_noise(&seed);
		v = s->from + (s->to - s->from) * f * f * f +
		    s->wave * sin(f * 5) + drift;
		if (i >= s->gap_at && i < s->gap_at + s->gap_n)
			continue;
		p[n++] = (struct point){
		    now - SAMPLE_SPAN + (int64_t)(i + 1) * 60, v, v, v};
	}
	return (struct plot_line){.name = said(s->name),
	    .end = said(s->end),
	    .ink = s->ink,
	    .points = p,
	    .n = n,
	    .step = 60,
	    .hole = 180,
	    .last = v};
}

static inline void sample_numbers(struct arena *a, struct block *b,
    const struct plot_line *lines, size_t n, const char *unit)
{
	struct numbers *t = arena_make(a, struct numbers);

	t->unit = unit;
	t->n_columns = n + 1;
	t->columns = arena_array(a, n + 1, sizeof(*t->columns));
	t->columns[0] = "time";
	t->n_rows = 5;
	t->values = arena_array(a, t->n_rows, sizeof(*t->values));
	for (size_t c = 0; c < n; c++)
		t->columns[c + 1] = lines[c].name;
	for (size_t r = 0; r < t->n_rows; r++) {
		t->values[r] = arena_array(a, n + 1, sizeof(double));
		t->values[r][0] = (double)lines[0].points[r].ts;
		for (size_t c = 0; c < n; c++)
			t->values[r][c + 1] =
			    r == 2 ? NAN : floor(lines[c].points[r].mean);
	}
	b->numbers = t;
}

static inline void sample_legend(struct arena *a, struct block *b,
    const struct plot_line *lines, size_t n, const char *suffix)
{
	b->n_legend = n;
	b->legend = arena_array(a, n, sizeof(*b->legend));
	for (size_t i = 0; i < n; i++) {
		double lo = INFINITY, hi = -INFINITY, sum = 0;

		for (size_t k = 0; k < lines[i].n; k++) {
			lo = fmin(lo, lines[i].points[k].mean);
			hi = fmax(hi, lines[i].points[k].mean);
			sum += lines[i].points[k].mean / (double)lines[i].n;
		}
		b->legend[i] = (struct legend_row){
		    .name = lines[i].name,
		    .colour = lines[i].ink == INK_RED
				  ? 0
				  : (int)(lines[i].ink - INK_SERIES_1 + 1),
		    .last = arena_printf(a, "%.1f%s", lines[i].last, suffix),
		    .min = arena_printf(a, "%.1f%s", lo, suffix),
		    .max = arena_printf(a, "%.1f%s", hi, suffix),
		    .mean = arena_printf(a, "%.1f%s", sum, suffix),
		};
	}
}

struct sample_chart {
	struct block block;
	const char *unit, *suffix;
	double min, max;
	struct sample_shape shapes[4];
	size_t n;
};

static inline struct block sample_chart_block(
    struct arena *a, int64_t now, const struct sample_chart *c)
{
	static const double widths[] = {1376, 674, 440, 323};
	struct block b = c->block;
	struct plot_line *lines = arena_array(a, c->n, sizeof(*lines));
	struct plot_gap gap = {
	    .title = said("app2: timeout from 00:52 to 01:18")};
	struct plot p = {.w = widths[b.width],
	    .h = b.width == WIDTH_FULL ? 240 : 180,
	    .from = now - SAMPLE_SPAN,
	    .to = now,
	    .unit = c->unit,
	    .min = c->min,
	    .max = c->max,
	    .labels = true,
	    .lines = lines,
	    .n_lines = c->n,
	    .gaps = &gap};

	for (size_t i = 0; i < c->n; i++) {
		const struct sample_shape *s = &c->shapes[i];

		lines[i] = sample_line(a, now, s);
		if (s->gap_n == 0)
			continue;
		gap.text = said("timeout");
		gap.from = p.from + (int64_t)s->gap_at * 60;
		gap.to = gap.from + (int64_t)s->gap_n * 60;
		p.n_gaps = 1;
	}
	b.kind = "line";
	b.wide = plot_draw(a, &p);
	p.w = 320;
	p.h = 190;
	b.narrow = plot_draw(a, &p);
	b.alt = said("Lines over the last 6 hours.");
	sample_legend(a, &b, lines, c->n, c->suffix);
	sample_numbers(a, &b, lines, c->n, c->unit);
	return b;
}

static inline struct block sample_section(const char *id, const char *title)
{
	return (struct block){
	    .id = id, .kind = "section", .title = said(title)};
}

static inline struct block sample_stat(struct arena *a, int64_t now,
    const char *id, const char *title, const char *value, const char *unit,
    bool hot)
{
	struct sample_shape shape = {.name = title,
	    .ink = hot ? INK_RED : INK_SERIES_1,
	    .from = 80,
	    .to = 76,
	    .wave = 2,
	    .noise = 2};
	struct plot_line line = sample_line(a, now, &shape);
	struct figure *f = arena_make(a, struct figure);

	*f = (struct figure){.value = said(value),
	    .unit = said(unit),
	    .changes = {{"▼", "down", said("0.3"), said("since last week"),
			    TONE_GOOD},
		{"▲", "up", said("0.2"), said("since last month"), TONE_NONE}},
	    .n_changes = 2,
	    .hot = hot,
	    .spark = plot_spark(a, &line, now - SAMPLE_SPAN, now, 240, 40)};
	return (struct block){.id = id,
	    .kind = "stat",
	    .title = said(title),
	    .note = said("today 03:12"),
	    .state = hot ? PANEL_ALERT : PANEL_OK,
	    .width = WIDTH_QUARTER,
	    .figures = f,
	    .n_figures = 1};
}

/* A table of texts; cells that begin with '!' are hot. */
static inline struct block sample_table(struct arena *a, const char *id,
    const char *title, const char *const *columns, size_t n_columns,
    const char *const *cells, size_t n_rows)
{
	struct grid *g = arena_make(a, struct grid);

	g->n_columns = n_columns;
	g->columns = arena_array(a, n_columns, sizeof(*g->columns));
	for (size_t c = 0; c < n_columns; c++)
		g->columns[c] = (struct grid_column){
		    columns[c][0] == '#' ? columns[c] + 1 : said(columns[c]),
		    columns[c][0] == '#'};
	g->n_rows = n_rows;
	g->rows = arena_array(a, n_rows, sizeof(*g->rows));
	for (size_t r = 0; r < n_rows; r++) {
		g->rows[r] = arena_array(a, n_columns, sizeof(**g->rows));
		for (size_t c = 0; c < n_columns; c++) {
			const char *text = cells[r * n_columns + c];
			bool hot = text[0] == '!';

			g->rows[r][c].text = said(text + hot);
			g->rows[r][c].hot = hot;
		}
	}
	g->foot = said("and 141 more");
	return (struct block){.id = id,
	    .kind = "table",
	    .title = said(title),
	    .width = WIDTH_THIRD,
	    .note = said("by cpu since 03:13"),
	    .grid = g};
}

static inline struct block sample_processes(struct arena *a)
{
	static const char *const columns[] = {
	    "process", "user", "#cpu", "#memory", "#open files", "#up"};
	static const char *const cells[] = {"java -Xmx4g -jar /opt/app/app.jar",
	    "app", "!183.2 %", "3.1 GB", "1,204", "12 d", //
	    "postgres: writer", "postgres", "11.0 %", "412 MB", "88", "41 d",
	    "nginx: worker process", "www-data", "4.4 %", "38 MB", "311",
	    "41 d", //
	    "filebeat", "root", "1.9 %", "96 MB", "54", "12 d"};

	return sample_table(
	    a, "processes-on-app2", "Processes on app2", columns, 6, cells, 4);
}

static inline struct block sample_versions(struct arena *a)
{
	static const char *const columns[] = {
	    "component", "version", "built", "host"};
	static const char *const cells[] = {"app.jar", "4.18.2", "2026-11-09",
	    "app1 app2 app3",				  //
	    "gateway.jar", "2.7.0", "2026-10-30", "app1", //
	    "kernel", "6.1.0-41", "", "app1 app3",	  //
	    "kernel", "6.1.0-38", "", "app2"};
	struct block b =
	    sample_table(a, "versions", "Versions", columns, 4, cells, 4);

	b.grid->foot = NULL;
	b.note = said("every hour");
	return b;
}

static inline struct block sample_log(struct arena *a, int64_t now)
{
	static const char *const texts[] = {"GET /api/position 200 1302 bytes",
	    "queue depth 43", "session opened for user 3506",
	    "order 88405 accepted in 5 ms",
	    "ERROR timeout talking to ledger, retry 1 of 3",
	    "GET /api/position?at=now&format=json 200 1541 bytes",
	    "WARN pool is at 92 %, growing", "queue depth 31"};
	struct block b = {.id = "app1-and-app2",
	    .kind = "log",
	    .title = said("app1 and app2"),
	    .note = said("1,204 lines in the last minute, newest below"),
	    .log_left_out = said("1,164 lines before these"),
	    .log_height = LOG_MEDIUM,
	    .n_log = 40};

	b.log = arena_array(a, b.n_log, sizeof(*b.log));
	for (size_t i = 0; i < b.n_log; i++)
		b.log[i] = (struct log_row){.time = clock_format(a, "%H:%M:%S",
						now - 60 + (int64_t)i * 3 / 2),
		    .source = said(i % 3 == 0 ? "app1" : "app2"),
		    .text = said(texts[i % 8]),
		    .colour = i % 3 == 0 ? 1 : 2,
		    .level = i % 8 == 4	  ? "error"
			     : i % 8 == 6 ? "warn"
					  : "",
		    .at = now - 60 + (int64_t)i * 3 / 2};
	b.n_rates = 2;
	b.rates = arena_array(a, 2, sizeof(*b.rates));
	for (size_t i = 0; i < 2; i++) {
		struct sample_shape shape = {.name = "lines a minute",
		    .ink = (enum ink)(INK_SERIES_1 + i),
		    .from = 600,
		    .to = 500,
		    .wave = 200,
		    .noise = 90};
		struct plot_line line = sample_line(a, now, &shape);

		b.rates[i] =
		    (struct log_rate){.source = said(i == 0 ? "app1" : "app2"),
			.colour = (int)i + 1,
			.text = said("612 a minute"),
			.spark = plot_spark(
			    a, &line, now - SAMPLE_SPAN, now, 90, 18)};
	}
	return b;
}

static inline struct block sample_words(struct arena *a)
{
	struct block b = {.id = "on-call",
	    .kind = "text",
	    .title = said("On call"),
	    .width = WIDTH_THIRD};

	strings_add(a, &b.paragraphs,
	    said("This week Ada, next week Grace. The runbook is beside "
		 "the telephone."));
	strings_add(a, &b.paragraphs, said("Deployments stop at 16:00."));
	return b;
}

static inline void sample_charts(struct arena *a, int64_t now, struct block *b)
{
	struct sample_chart cpu = {
	    {.id = "cpu",
		.title = said("CPU"),
		.width = WIDTH_THIRD,
		.state = PANEL_ALERT,
		.note = said("since 02:45"),
		.message = said("app2 above 75 % for 29 min")},
	    "percent", " %", 0, 100,
	    {{"app1/cpu", "app1", INK_SERIES_1, 35, 25, 6, 5, 0, 0},
		{"app2/cpu", "app2", INK_RED, 48, 96, 4, 5, 0, 0},
		{"app3/cpu", "app3", INK_SERIES_3, 28, 22, 5, 4, 0, 0}},
	    3};
	struct sample_chart memory = {{.id = "memory",
					  .title = said("Memory"),
					  .width = WIDTH_THIRD,
					  .note = said("used, of total")},
	    "percent", " %", 0, 100,
	    {{"app1/memory", "app1", INK_SERIES_1, 52, 54, 2, 2, 0, 0},
		{"app2/memory", "app2", INK_SERIES_2, 64, 60, 3, 2, 0, 0},
		{"app3/memory", "app3", INK_SERIES_3, 38, 43, 1, 2, 0, 0}},
	    3};
	struct sample_chart disk = {
	    {.id = "disk",
		.title = said("Disk"),
		.width = WIDTH_THIRD,
		.note = said("/var, used"),
		.state = PANEL_LATE,
		.message = said("app2's newest value is 12 min old")},
	    "percent", " %", 0, 100,
	    {{"app1/disk", "app1", INK_SERIES_1, 40, 41, 0, 0.4, 0, 0},
		{"app2/disk", "app2", INK_SERIES_2, 52, 47, 1, 1, 219, 26},
		{"app3/disk", "app3", INK_SERIES_3, 61, 62, 0, 0.5, 0, 0}},
	    3};

	b[0] = sample_chart_block(a, now, &cpu);
	b[1] = sample_chart_block(a, now, &memory);
	b[2] = sample_chart_block(a, now, &disk);
}

static inline void sample_halves(struct arena *a, int64_t now, struct block *b)
{
	struct sample_chart users = {
	    {.id = "users-connected",
		.title = said("Users connected"),
		.width = WIDTH_HALF,
		.note = said("from sessions, every minute")},
	    "count", "", 0, NAN,
	    {{"sessions/connected", "now", INK_SERIES_1, 220, 230, 160, 20, 0,
		0}},
	    1};
	struct sample_chart traffic = {{.id = "traffic",
					   .title = said("Traffic"),
					   .width = WIDTH_HALF,
					   .note = said("of eth0")},
	    "bytes/s", " B/s", 0, NAN,
	    {{"app1/received", "received", INK_SERIES_1, 8e6, 5e6, 6e6, 8e5, 0,
		 0},
		{"app1/sent", "sent", INK_SERIES_4, 4e6, 3e6, 2e6, 5e5, 0, 0}},
	    2};

	b[0] = sample_chart_block(a, now, &users);
	b[1] = sample_chart_block(a, now, &traffic);
}

static inline void sample_links(struct arena *a, struct page *p)
{
	static const char *const periods[] = {
	    "6 hours", "24 hours", "7 days", "30 days"};

	p->n_links = 6;
	p->links = arena_array(a, p->n_links, sizeof(*p->links));
	for (size_t i = 0; i < 4; i++)
		p->links[i] =
		    (struct page_link){i == 0 ? "index.html" : "index-24h.html",
			said(periods[i]), i == 0, true};
	p->links[4] =
	    (struct page_link){"index.html", said("Operations"), true, false};
	p->links[5] =
	    (struct page_link){"database.html", said("Database"), false, false};
}

static inline void sample_sources(
    struct arena *a, int64_t now, struct report *r)
{
	r->n_sources = 8;
	r->sources = arena_array(a, r->n_sources, sizeof(*r->sources));
	for (size_t i = 0; i < r->n_sources; i++)
		r->sources[i] = (struct source_status){
		    .name = arena_printf(a, "app%zu", i + 1),
		    .outcome = OUTCOME_OK,
		    .message = "",
		    .hint = "",
		    .since = now - 86400,
		    .tried = now,
		    .last_ok = now,
		    .every = 60,
		    .ms = 93,
		    .bytes = 4180};
	r->sources[7].name = "db1";
	r->sources[7].outcome = OUTCOME_TIMEOUT;
	r->sources[7].message = said("no answer in 10 s");
	r->sources[7].hint = said("ssh -v monitor@db1 true");
	r->sources[7].since = r->sources[7].last_ok = now - 720;
}

static inline void sample_blocks(struct arena *a, int64_t now, struct page *p)
{
	struct block *b = arena_array(a, 24, sizeof(*b));

	p->blocks = b;
	b[0] = sample_stat(a, now, "load", "Load", "0.42", "", false);
	b[1] = sample_stat(a, now, "queue", "Queue", "1,204", "jobs", true);
	b[2] = sample_stat(a, now, "up", "Up", "41.2", "d", false);
	b[2].figures->when = said("12 min old");
	b[3] = (struct block){.id = "backup",
	    .kind = "stat",
	    .title = said("Backup"),
	    .width = WIDTH_QUARTER,
	    .state = PANEL_EMPTY,
	    .message = said("nothing yet from backup/age")};
	b[4] = sample_section("servers", "Servers");
	sample_charts(a, now, &b[5]);
	b[8] = sample_section("throughput", "Throughput");
	sample_halves(a, now, &b[9]);
	b[11] = sample_section("tables", "What runs");
	b[12] = sample_processes(a);
	b[13] = sample_versions(a);
	b[14] = sample_words(a);
	b[15] = (struct block){.id = "sessions",
	    .kind = "line",
	    .title = said("Sessions on db1"),
	    .width = WIDTH_THIRD,
	    .state = PANEL_FAILED,
	    .message = said("source db1: no answer in 10 s")};
	b[16] = sample_section("firehose", "Firehose");
	b[17] = sample_log(a, now);
	p->n_blocks = 18;
}

static inline struct report *sample_report(struct arena *a, int64_t now)
{
	struct report *r = arena_make(a, struct report);
	struct page *p = arena_make(a, struct page);

	*p = (struct page){
	    .name = "index", .file = "index.html", .title = said("Operations")};
	sample_links(a, p);
	sample_blocks(a, now, p);
	*r = (struct report){.version = "0.1.0",
	    .title = said("Field operations"),
	    .started = now,
	    .next = now + 60,
	    .ms = 214,
	    .every = 60,
	    .zone = "Europe/London",
	    .pages = p,
	    .n_pages = 1};
	sample_sources(a, now, r);
	r->alerts = arena_make(a, struct alert);
	r->n_alerts = 1;
	*r->alerts = (struct alert){.rule = "busy",
	    .series = "app2/cpu",
	    .source = "app2",
	    .unit = "percent",
	    .message = "",
	    .state = ALERT_FIRING,
	    .severity = ALERT_CRITICAL,
	    .test = ALERT_ABOVE,
	    .low = NAN,
	    .high = 75,
	    .since = now - 29 * 60,
	    .fired = now - 27 * 60,
	    .value = 96,
	    .why = "",
	    .note = "",
	    .snapshot = ""};
	return r;
}

#endif
