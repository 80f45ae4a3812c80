/*
 * Draws every kind of panel, and the nasty cases, to look at: DIR/index.html
 * with the pictures inline, and each chart as PNG in light and dark.
 *
 *	gallery DIR
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "chart/canvas.h"
#include "output/poster.h"
#include "output/svg.h"
#include "panel/panel.h"

#define NOW	 INT64_C(1795317240) /* 2026-11-22 03:14 UTC */
#define HOURS(n) ((n)*INT64_C(3600))
#define DAYS(n)	 ((n)*INT64_C(86400))

static struct arena *arena;
static struct canvas *canvas;
static struct ruler ruler;
static struct buf html;
static const char *dir;
static size_t pictures;

static unsigned long seed = 1;

static double noise(void)
{
	seed = seed * 6364136223846793005UL + 1442695040888963407UL;
	return (double)(seed >> 40) / (double)(1 << 24) - 0.5;
}

static const char *slashed(const char *name, bool after)
{
	const char *slash = strchr(name, '/');

	return after ? slash + 1
		     : arena_strndup(arena, name, (size_t)(slash - name));
}

/* A walk between lo and hi, `n` points up to now. */
static struct series walk(const char *name, const char *unit, double lo,
    double hi, int64_t span, size_t n, bool buckets)
{
	struct series s = {
	    .name = name,
	    .source = slashed(name, false),
	    .metric = slashed(name, true),
	    .unit = unit,
	    .every = n > 1 && !buckets ? span / (int64_t)n : 60,
	    .step = buckets ? span / (int64_t)n : 0,
	    .points = arena_array(arena, n, sizeof(struct point)),
	    .n = n,
	};
	double v = (lo + hi) / 2, each = (double)span / (double)n;

	for (size_t i = 0; i < n; i++) {
		double wide = buckets ? (hi - lo) * 0.12 : 0;

		v += noise() * (hi - lo) * 0.12;
		v = v < lo ? lo : v > hi ? hi : v;
		s.points[i] = (struct point){
		    NOW - span + (int64_t)((double)(i + 1) * each) -
			(buckets ? s.step : 0),
		    v, v - wide * fabs(noise()), v + wide * fabs(noise())};
	}
	s.last = v;
	s.last_ts = NOW;
	return s;
}

static void cut(struct series *s, int64_t from, int64_t to)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		if (s->points[i].ts < from || s->points[i].ts > to)
			s->points[n++] = s->points[i];
	s->n = n;
	if (n > 0 && to >= NOW) {
		s->last_ts = s->points[n - 1].ts;
		s->last = s->points[n - 1].mean;
	}
}

static void save(const char *name, const struct buf *b)
{
	struct err e;
	const char *path = arena_printf(arena, "%s/%s", dir, name);

	if (file_replace(path, b->data, b->len, &e) != 0)
		fprintf(stderr, "%s\n", e.text);
}

static void save_pngs(const struct scene *s)
{
	static const char *const themes[] = {"light", "dark"};

	for (int theme = 0; theme < 2; theme++) {
		struct buf png;
		struct err e;

		buf_init(&png, 1 << 24);
		if (canvas_png(canvas, s, (enum theme)theme, 1, &png, &e) != 0)
			fprintf(stderr, "%s\n", e.text);
		else
			save(arena_printf(arena, "%02zu-%s.png", pictures,
				 themes[theme]),
			    &png);
		buf_free(&png);
	}
}

static void put(const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '<')
			buf_str(&html, "&lt;");
		else if (*s == '&')
			buf_str(&html, "&amp;");
		else
			buf_char(&html, *s);
	}
}

static void put_scene(
    const struct scene *s, const char *class, const struct scene *poster)
{
	char id[16];

	if (s == NULL)
		return;
	pictures++;
	snprintf(id, sizeof(id), "p%d", (int)pictures);
	buf_printf(&html, "<div class=%s>", class);
	svg_write(s, &(struct svg_options){.id = id, .title = "chart"}, &html);
	buf_str(&html, "</div>");
	save_pngs(poster != NULL ? poster : s);
}

static void put_legend(const struct block *b)
{
	if (!b->legend_open)
		return;
	buf_str(&html, "<div class=key>");
	for (size_t i = 0; i < b->n_legend; i++) {
		buf_printf(
		    &html, "<span><i class=c%d></i>", b->legend[i].colour);
		put(b->legend[i].name);
		buf_printf(&html, " <b>%s</b></span>", b->legend[i].last);
	}
	buf_str(&html, "</div>");
}

static void put_figures(const struct block *b)
{
	for (size_t i = 0; i < b->n_figures; i++) {
		const struct figure *f = &b->figures[i];

		buf_str(&html, "<div class=fig>");
		if (f->label != NULL)
			put(f->label);
		buf_printf(&html, "<div class=v>%s <small>%s</small></div>",
		    f->value, f->unit);
		if (f->spark != NULL)
			put_scene(f->spark, "spark", NULL);
		if (f->when != NULL)
			buf_printf(&html, "<div>%s</div>", f->when);
		for (size_t k = 0; k < f->n_changes; k++)
			buf_printf(&html, "<div>%s <b>%s</b> %s</div>",
			    f->changes[k].sign, f->changes[k].amount,
			    f->changes[k].since);
		buf_str(&html, "</div>");
	}
}

static void put_grid(const struct grid *g)
{
	if (g == NULL)
		return;
	buf_str(&html, "<table><tr>");
	for (size_t i = 0; i < g->n_columns; i++) {
		buf_str(&html, g->columns[i].number ? "<th class=n>" : "<th>");
		put(g->columns[i].name);
	}
	for (size_t r = 0; r < g->n_rows; r++) {
		buf_str(&html, "<tr>");
		for (size_t i = 0; i < g->n_columns; i++) {
			buf_printf(&html, "<td class='%s %s'>",
			    g->columns[i].number ? "n" : "",
			    g->rows[r][i].hot ? "hot" : "");
			put(g->rows[r][i].text);
		}
	}
	buf_str(&html, "</table>");
	if (g->foot != NULL)
		put(g->foot);
}

static void put_log(const struct block *b)
{
	if (b->n_log == 0)
		return;
	buf_str(&html, "<pre>");
	for (size_t i = 0; i < b->n_log; i++) {
		buf_printf(&html, "<span class='b%d %s'><i>%s ",
		    b->log[i].colour, b->log[i].level, b->log[i].time);
		put(b->log[i].source);
		buf_str(&html, "</i>  ");
		put(b->log[i].text);
		buf_str(&html, "</span>");
	}
	buf_str(&html, "</pre>");
	if (b->log_left_out != NULL)
		put(b->log_left_out);
}

static void put_block(const struct block *b)
{
	static const char *const widths[] = {
	    "full", "half", "third", "quarter"};

	buf_printf(&html, "<section class=%s><h3>", widths[b->width]);
	put(b->title);
	if (b->note != NULL)
		buf_printf(&html, "<small>%s</small>", b->note);
	buf_str(&html, "</h3>");
	for (size_t i = 0; i < b->n_choices; i++)
		buf_printf(&html, b->choices[i].current ? "<b>%s</b> " : "%s ",
		    b->choices[i].text);
	if (b->message != NULL) {
		buf_str(&html, "<p class=m>");
		put(b->message);
		buf_str(&html, "</p>");
	}
	put_figures(b);
	put_scene(b->wide, "wide", poster_scene(arena, b, &ruler));
	put_scene(b->narrow, "narrow", NULL);
	put_legend(b);
	put_grid(b->grid);
	put_log(b);
	for (size_t i = 0; i < b->paragraphs.n; i++) {
		buf_str(&html, "<p>");
		put(b->paragraphs.items[i]);
	}
	if (b->alt != NULL) {
		buf_str(&html, "<p class=alt>");
		put(b->alt);
	}
	buf_str(&html, "</section>\n");
}

struct shot {
	const char *kind, *title, *options; /* YAML, flow style */
	enum panel_width width;
	int64_t span;
	struct series *series;
	size_t n_series;
	struct spell *spells;
	size_t n_spells;
	struct source_status *status;
	size_t n_status;
	struct table *table;
	struct answer *answer;
	struct log_line *lines;
	size_t n_lines;
	struct page_link *choices; /* of a section */
	size_t n_choices;
};

/* A week, a month and a year ago, of the first series. */
static void add_then(const struct shot *s, struct panel_input *in)
{
	for (size_t i = 0; i < 3 && s->n_series > 0; i++) {
		struct series *then = arena_make(arena, struct series);

		*then = s->series[0];
		then->last += (double)i * 0.9 - 0.3;
		then->last_ts = NOW - DAYS(7);
		in->then[i] = then;
		in->n_then[i] = 1;
	}
}

/* Rows of numbers and words: "ts" and the like, by printf. */
static void add_cell(struct answer_cell *c, const char *text)
{
	c->type = text == NULL			 ? ANSWER_NULL
		  : str_number(text, &c->number) ? ANSWER_NUMBER
						 : ANSWER_TEXT;
	if (c->type != ANSWER_NUMBER)
		c->number = NAN;
	c->text = text;
}

static struct answer *answer(size_t n_columns, const char *const *columns)
{
	struct answer *a = arena_make(arena, struct answer);

	a->n_columns = n_columns;
	a->columns = arena_copy(arena, columns, n_columns * sizeof(*columns));
	return a;
}

static void add_row(struct answer *a, const char *const *cells)
{
	struct answer_cell *row =
	    arena_array(arena, a->n_columns, sizeof(*row));

	for (size_t i = 0; i < a->n_columns; i++)
		add_cell(&row[i], cells[i]);
	*arena_push(arena, &a->rows, &a->n_rows, &a->cap_rows) = row;
}

static void show(const struct shot *s)
{
	const struct panel_kind *kind = panel_kind(s->kind);
	struct faults faults = {.arena = arena};
	struct panel_common common = {.source = "app1"};
	void *conf = arena_alloc(arena, kind->conf_size + 1);
	const struct node *n =
	    node_parse(arena, "shot", s->options != NULL ? s->options : "{}",
		strlen(s->options != NULL ? s->options : "{}"), &faults);
	struct panel_input in = {
	    .conf = conf,
	    .common = &common,
	    .title = s->title,
	    .now = NOW,
	    .from = NOW - s->span,
	    .to = NOW,
	    .run_every = 60,
	    .ruler = &ruler,
	    .series = s->series,
	    .n_series = s->n_series,
	    .spells = s->spells,
	    .n_spells = s->n_spells,
	    .status = s->status,
	    .n_status = s->n_status,
	    .answer = s->answer,
	    .table = s->table,
	    .table_ts = NOW,
	    .lines = s->lines,
	    .n_lines = s->n_lines,
	};
	struct block b = {.kind = s->kind,
	    .title = s->title,
	    .width = s->width,
	    .choices = s->choices,
	    .n_choices = s->n_choices};
	struct err e = {0};

	strings_add(arena, &common.series, "nowhere/cpu");
	if (s->answer != NULL)
		common.query = "SELECT";
	add_then(s, &in);
	strings_add(arena, &common.sources, "*");
	option_bind(n,
	    (struct binding[]){
		{kind->options, conf}, {panel_common_options, &common}},
	    2, &faults);
	for (size_t i = 0; i < faults.n; i++)
		fprintf(stderr, "%s: %s\n", s->title, faults.items[i].text);
	if (kind->build(&in, &b, arena, &e) != 0)
		b.message = e.text;
	put_block(&b);
}

#define SHOW(k, t, o, w, s, ...)                                               \
	show(&(struct shot){.kind = (k),                                       \
	    .title = (t),                                                      \
	    .options = (o),                                                    \
	    .width = (w),                                                      \
	    .span = (s),                                                       \
	    __VA_ARGS__})

static void show_ordinary(void)
{
	struct series cpu[] = {
	    walk("app1/cpu", "percent", 12, 45, HOURS(6), 360, false),
	    walk("app2/cpu", "percent", 40, 96, HOURS(6), 360, false),
	    walk("app3/cpu", "percent", 10, 40, HOURS(6), 360, false)};
	struct series disk[] = {
	    walk("app1/disk", "percent", 40, 42, HOURS(6), 360, false),
	    walk("app2/disk", "percent", 45, 55, HOURS(6), 360, false),
	    walk("app3/disk", "percent", 61, 63, HOURS(6), 360, false)};
	struct series users[] = {walk(
	    "sessions/connected", "count", 180, 420, HOURS(24), 600, true)};
	struct series net[] = {walk("here/net_receive{if=\"eth0\"}", "bytes/s",
				   0, 9e6, DAYS(7), 600, true),
	    walk("here/net_send{if=\"eth0\"}", "bytes/s", 0, 2e6, DAYS(7), 600,
		true)};
	struct series memory[] = {
	    walk("here/memory_used", "bytes", 3e9, 5e9, DAYS(30), 600, true),
	    walk("here/memory_cached", "bytes", 1e9, 2e9, DAYS(30), 600, true),
	    walk("here/memory_free", "bytes", 1e9, 3e9, DAYS(30), 600, true)};
	struct series weight[] = {
	    walk("scale/weight", "kg", 75.8, 83, DAYS(365), 365, true)};
	struct spell spells[] = {
	    {"app2", OUTCOME_TIMEOUT, "source app2: no answer in 10 s",
		NOW - HOURS(2) - 600, NOW - HOURS(2) + 1200, 0, 0}};

	for (size_t i = 0; i < users[0].n; i++) {
		users[0].points[i].mean = floor(users[0].points[i].mean);
	}
	users[0].last = floor(users[0].last);
	cut(&disk[1], NOW - HOURS(2) - 620, NOW - HOURS(2) + 1220);
	SHOW("section", "Ordinary", NULL, WIDTH_FULL, 0, .n_series = 0);
	SHOW("line", "CPU", NULL, WIDTH_THIRD, HOURS(6), cpu, 3);
	SHOW("line", "Disk", NULL, WIDTH_THIRD, HOURS(6), disk, 3, spells, 1);
	SHOW("line", "Memory", NULL, WIDTH_THIRD, DAYS(30), memory, 3);
	SHOW("line", "Users connected", NULL, WIDTH_HALF, HOURS(24), users, 1);
	SHOW("line", "Network", NULL, WIDTH_HALF, DAYS(7), net, 2);
	SHOW("line", "Weight", NULL, WIDTH_FULL, DAYS(365), weight, 1);
	SHOW("line", "Memory, stacked", "{stack: yes}", WIDTH_FULL, DAYS(30),
	    memory, 3);
	SHOW("line", "CPU", NULL, WIDTH_QUARTER, HOURS(6), cpu, 3);
	SHOW("line", "Users", NULL, WIDTH_QUARTER, HOURS(24), users, 1);
	SHOW("line", "Network", NULL, WIDTH_QUARTER, DAYS(7), net, 2);
	SHOW("line", "Weight", NULL, WIDTH_QUARTER, DAYS(365), weight, 1);
}

static void show_nasty(void)
{
	struct series many[50];
	struct series eight[8];
	struct series same[] = {
	    walk("a/x", "ms", 11.9, 12, HOURS(6), 360, false),
	    walk("b/x", "ms", 12, 12.1, HOURS(6), 360, false),
	    walk("c/x", "ms", 12, 12.1, HOURS(6), 360, false),
	    walk("d/x", "ms", 11.9, 12, HOURS(6), 360, false),
	    walk("e/x", "ms", 0, 30, HOURS(6), 360, false)};
	struct series flat =
	    walk("a/flat", "count", 3, 3, HOURS(6), 360, false);
	struct series one =
	    walk("a/one", "seconds", 0.2, 0.4, HOURS(6), 1, false);
	struct series huge =
	    walk("a/huge", "count", 1e15, 4e15, HOURS(6), 90, false);
	struct series tiny =
	    walk("a/tiny", "", 1e-7, 9e-7, HOURS(6), 90, false);
	struct series minus =
	    walk("a/minus", "celsius", -12, 5, HOURS(6), 90, false);
	struct series young = walk("a/young", "percent", 1, 9, 300, 5, false);
	struct series late[] = {
	    walk("ok/cpu", "percent", 10, 40, HOURS(6), 360, false),
	    walk("gone/cpu", "percent", 50, 90, HOURS(6), 360, false)};
	struct series holes =
	    walk("a/holes", "count/s", 100, 900, HOURS(6), 360, false);
	struct series evil[] = {walk("a/<script>alert(1)</script>\"&'", "<b>",
				    0, 1, HOURS(6), 60, false),
	    walk("a/a very long name of a series that nobody could ever want "
		 "to read in full",
		"<b>", 0, 1, HOURS(6), 60, false),
	    walk("a/\xe6\xbc\xa2\xe5\xad\x97 "
		 "\xd7\xa2\xd7\x91\xd7\xa8\xd7\x99\xd7\xaa",
		"<b>", 0, 1, HOURS(6), 60, false)};
	struct spell gone[] = {{"gone", OUTCOME_REFUSED,
	    "source gone: 10.0.0.1:22: connection refused", NOW - 4000, NOW, 0,
	    0}};
	struct source_status status[] = {{"gone", OUTCOME_REFUSED,
	    "source gone: 10.0.0.1:22: connection refused", "", NOW - 4000, NOW,
	    NOW - 4060, 60, 1.2, 0}};

	for (int i = 0; i < 50; i++)
		many[i] = walk(arena_printf(arena, "host%02d/load", i), "", i,
		    i + 4, HOURS(6), 200, false);
	for (int i = 0; i < 8; i++)
		eight[i] = walk(arena_printf(arena, "h/q{n=\"%d\"}", i),
		    "count", i * 10, i * 10 + 9, HOURS(6), 200, false);
	cut(&late[1], NOW - 4000, NOW + 1);
	for (int i = 1; i < 9; i++)
		cut(&holes, NOW - i * 2300, NOW - i * 2300 + i * 240);
	SHOW("section", "Nasty", NULL, WIDTH_FULL, 0, .n_series = 0);
	SHOW("line", "Labels in one place", NULL, WIDTH_THIRD, HOURS(6), same,
	    5);
	SHOW("line", "Eight", NULL, WIDTH_THIRD, HOURS(6), eight, 8);
	SHOW("line", "Fifty", NULL, WIDTH_THIRD, HOURS(6), many, 50);
	SHOW("line", "Constant", NULL, WIDTH_QUARTER, HOURS(6), &flat, 1);
	SHOW("line", "One point", NULL, WIDTH_QUARTER, HOURS(6), &one, 1);
	SHOW("line", "Huge", NULL, WIDTH_QUARTER, HOURS(6), &huge, 1);
	SHOW("line", "Tiny", NULL, WIDTH_QUARTER, HOURS(6), &tiny, 1);
	SHOW("line", "Below zero", NULL, WIDTH_QUARTER, HOURS(6), &minus, 1);
	SHOW("line", "Young", NULL, WIDTH_QUARTER, 300, &young, 1);
	SHOW("line", "Fixed scale", "{min: 200, max: 700}", WIDTH_QUARTER,
	    HOURS(6), &holes, 1);
	SHOW("line", "Holes", NULL, WIDTH_QUARTER, HOURS(6), &holes, 1);
	SHOW("line", "One failing", NULL, WIDTH_HALF, HOURS(6), late, 2, gone,
	    1, status, 1);
	SHOW("line", "Hostile", NULL, WIDTH_HALF, HOURS(6), evil, 3);
	SHOW("line", "Nothing", NULL, WIDTH_HALF, HOURS(6), .n_series = 0);
}

static void show_others(void)
{
	static const char *rows[][5] = {
	    {"java app.jar", "app", "183.2", "3328599654", "1204"},
	    {"postgres: writer", "postgres", "11", "432013312", "88"},
	    {"nginx: worker", "www-data", "4.4", "39845888", "311"},
	    {"filebeat", "root", "1.9", "100663296", "54"}};
	const char **row_list[4];
	struct column columns[] = {{"process", ""}, {"user", ""},
	    {"cpu", "percent"}, {"memory", "bytes"}, {"open files", "count"}};
	struct table table = {"", columns, 5, row_list, 4, 4, 141};
	struct source_status status[] = {
	    {"app1", OUTCOME_OK, "", "", NOW - 90000, NOW, NOW, 60, 93, 4180},
	    {"app2", OUTCOME_OK, "", "", NOW - 9000, NOW, NOW, 60, 1193,
		418000},
	    {"db1", OUTCOME_TIMEOUT, "source db1: no answer in 10 s", "",
		NOW - 1320, NOW, NOW - 1380, 60, 10000, 0}};
	struct log_line lines[] = {
	    {"app2", NOW - 70, "GET /api/position 200 1302 bytes"},
	    {"app1", NOW - 60, "queue depth 43"},
	    {"app2", NOW - 50, "ERROR timeout talking to ledger, retry 1 of 3"},
	    {"app1", NOW - 40, "[warn] <b>odd</b> input"}};
	struct series stat[] = {
	    walk("scale/weight", "kg", 75, 80, DAYS(30), 160, true)};
	struct series stats[] = {
	    walk("app1/memory", "bytes", 3e9, 4e9, HOURS(24), 160, true),
	    walk("app2/memory", "bytes", 3e8, 4e8, HOURS(24), 160, true)};

	for (int i = 0; i < 4; i++)
		row_list[i] = rows[i];
	SHOW("section", "Others", NULL, WIDTH_FULL, 0, .n_series = 0);
	SHOW("stat", "Weight", "{since: [1d, 1w]}", WIDTH_QUARTER, DAYS(30),
	    stat, 1);
	SHOW("stat", "Memory", NULL, WIDTH_QUARTER, HOURS(24), stats, 2);
	SHOW("table", "Processes", "{sort: -cpu, hot: {cpu: 100}}", WIDTH_HALF,
	    HOURS(6), .table = &table);
	SHOW("log", "Firehose", NULL, WIDTH_HALF, HOURS(6), .lines = lines,
	    .n_lines = 4, .status = status, .n_status = 3);
	SHOW("status", "Sources", NULL, WIDTH_HALF, HOURS(6), .status = status,
	    .n_status = 3);
	SHOW("text", "About", "{body: 'One paragraph.'}", WIDTH_HALF, HOURS(6),
	    .n_series = 0);
}

/* Runs of two years: when, how far, how high, how fast. */
static struct answer *runs(size_t n, bool kinds)
{
	const char *columns[] = {"ts", "x", "y", "size", "colour", "label"};
	struct answer *a = answer(6, columns);

	for (size_t i = 0; i < n; i++) {
		double climb = 8 + 170 * (noise() + 0.5) * (noise() + 0.5);
		double speed = 11.6 - climb / 70 + noise();
		const char *cells[] = {
		    arena_printf(arena, "%lld",
			(long long)(NOW - DAYS(360) +
				    DAYS(360) * (int64_t)i / (int64_t)n)),
		    arena_printf(arena, "%.1f", climb),
		    arena_printf(arena, "%.2f", speed),
		    arena_printf(arena, "%.1f", 6 + 12 * (noise() + 0.5)),
		    !kinds	 ? ""
		    : i % 3 == 0 ? "trail"
		    : i % 7 == 0 ? "track"
				 : "road",
		    "morning run"};

		add_row(a, cells);
	}
	return a;
}

static struct answer *pairs(
    const char *x, const char *y, size_t n, const char *const (*rows)[2])
{
	const char *columns[] = {x, y};
	struct answer *a = answer(2, columns);

	for (size_t i = 0; i < n; i++)
		add_row(a, rows[i]);
	return a;
}

static struct answer *distances(size_t n)
{
	const char *columns[] = {"ts", "distance"};
	struct answer *a = answer(2, columns);

	for (size_t i = 0; i < n; i++) {
		const char *cells[] = {
		    arena_printf(arena, "%lld",
			(long long)(NOW - DAYS(350) +
				    DAYS(350) * (int64_t)i / (int64_t)n +
				    (int64_t)(noise() * 500000))),
		    arena_printf(arena, "%.2f", 9 + 6 * noise())};

		add_row(a, cells);
	}
	return a;
}

static void show_bars(void)
{
	static const char *const words[][2] = {{"back squat", "128"},
	    {"deadlift", "160"}, {"push press", "62"}, {"clean", "71"},
	    {"snatch", "55"}};
	static const char *const hostile[][2] = {
	    {"<script>alert(1)</script>", "1e300"},
	    {"\xe6\xbc\xa2\xe5\xad\x97", "-1e299"},
	    {"a very long name of something that nobody wants to read", "0"}};
	static const char *const one[][2] = {{"2026-11-01", "3"}};
	struct series weight[] = {
	    walk("scale/weight", "kg", 75.8, 83, DAYS(365), 365, false)};
	struct series many[] = {
	    walk("here/net_in", "bytes", 0, 9e6, DAYS(60), 2000, false),
	    walk("here/net_out", "bytes", 0, 3e6, DAYS(60), 2000, false)};

	weight[0].every = 86400;
	cut(&weight[0], NOW - DAYS(200), NOW - DAYS(160));
	SHOW("section", "Bars", NULL, WIDTH_FULL, 0, .n_series = 0);
	SHOW("bar", "Change per week", "{by: week, aggregate: change}",
	    WIDTH_HALF, DAYS(365), weight, 1);
	SHOW("bar", "Distance of each run", "{unit: km}", WIDTH_HALF, DAYS(365),
	    .answer = distances(90));
	SHOW("bar", "By month", "{by: month, unit: km, colour: green}",
	    WIDTH_THIRD, DAYS(365), .answer = distances(90));
	SHOW("bar", "Few rows", "{unit: km}", WIDTH_THIRD, DAYS(365),
	    .answer = distances(7));
	SHOW("bar", "By name", "{unit: kg, colour: purple}", WIDTH_THIRD,
	    DAYS(365), .answer = pairs("exercise", "weight", 5, words));
	SHOW(
	    "bar", "Side by side", "{by: week}", WIDTH_HALF, DAYS(60), many, 2);
	SHOW("bar", "Stacked", "{by: day, stack: yes}", WIDTH_HALF, DAYS(60),
	    many, 2);
	SHOW("bar", "Every day of a year", "{by: day, aggregate: change}",
	    WIDTH_FULL, DAYS(365), weight, 1);
	SHOW("bar", "Hostile", NULL, WIDTH_QUARTER, DAYS(365),
	    .answer = pairs("what", "much", 3, hostile));
	SHOW("bar", "One", "{unit: count}", WIDTH_QUARTER, DAYS(30),
	    .answer = pairs("ts", "n", 1, one));
	SHOW("bar", "None", NULL, WIDTH_QUARTER, DAYS(30),
	    .answer = pairs("ts", "n", 0, one));
	SHOW("bar", "Thousand", "{unit: km}", WIDTH_QUARTER, DAYS(365),
	    .answer = distances(1200));
}

static void show_scatters(void)
{
	static const char *const same[][2] = {
	    {"3", "1"}, {"3", "4"}, {"3", "2"}};
	static const char *const two[][2] = {{"1", "1"}, {"1000", "4"}};
	static const char *const level[][2] = {
	    {"1", "2"}, {"2", "2"}, {"300", "2"}, {"0", "2"}};

	SHOW("section", "Scatters", NULL, WIDTH_FULL, 0, .n_series = 0);
	SHOW("scatter", "Speed against climb",
	    "{x: climb, y: speed, size: distance, units: {x: m, y: km/h, "
	    "size: km}}",
	    WIDTH_THIRD, DAYS(365), .answer = runs(48, false));
	SHOW("scatter", "Many, by kind",
	    "{x: climb, y: speed, size: distance, units: {x: m, y: km/h, "
	    "size: km}}",
	    WIDTH_THIRD, DAYS(365), .answer = runs(600, true));
	SHOW("scatter", "Logarithmic",
	    "{x: climb, y: speed, axis: log-x, units: {x: m, y: km/h}}",
	    WIDTH_THIRD, DAYS(365), .answer = runs(100, false));
	SHOW("scatter", "All the same x", NULL, WIDTH_QUARTER, DAYS(365),
	    .answer = pairs("x", "y", 3, same));
	SHOW("scatter", "Two", "{axis: log}", WIDTH_QUARTER, DAYS(365),
	    .answer = pairs("x", "y", 2, two));
	SHOW("scatter", "Level", "{axis: log}", WIDTH_QUARTER, DAYS(365),
	    .answer = pairs("x", "y", 4, level));
	SHOW("scatter", "No x", NULL, WIDTH_QUARTER, DAYS(365),
	    .answer = pairs("a", "b", 2, two));
}

static void show_personal(void)
{
	static const char *rows[][4] = {{"2026-11-20", "10.04", "9.87", "3665"},
	    {"2026-11-18", "6.64", "13.47", "1776"}};
	const char **row_list[] = {rows[0], rows[1]};
	struct column columns[] = {{"run", ""}, {"distance", "km"},
	    {"speed", "km/h"}, {"time", "duration"}};
	struct table runs = {"", columns, 4, row_list, 2, 2, 0};
	struct page_link choices[] = {
	    {.text = "Squat", .href = "index.html", .current = true},
	    {.text = "Deadlift", .href = "index-deadlift.html"},
	    {.text = "Row", .href = "index-row.html"}};
	struct series disk[] = {
	    walk("app1/disk", "percent", 61, 78, DAYS(30), 160, false)};
	struct series weight[] = {
	    walk("scale/weight", "kg", 75.8, 83, DAYS(365), 300, false)};

	weight[0].every = 86400;
	weight[0].last_ts = NOW - HOURS(2);
	cut(&weight[0], NOW - DAYS(200), NOW - DAYS(170));
	SHOW("section", "Personal", NULL, WIDTH_FULL, 0, .choices = choices,
	    .n_choices = 3);
	SHOW("line", "Weight and its mean", "{smooth: 7d}", WIDTH_HALF,
	    DAYS(365), .series = weight, .n_series = 1);
	SHOW("stat", "Weight", "{since: [1w, 1mo, 1y], good: down}",
	    WIDTH_QUARTER, DAYS(365), .series = weight, .n_series = 1);
	SHOW("table", "Last run, transposed", "{transpose: yes}", WIDTH_QUARTER,
	    DAYS(365), .table = &runs);
	SHOW("stat", "Disk, and when it is full", "{reach: 100}", WIDTH_QUARTER,
	    DAYS(30), .series = disk, .n_series = 1);
}

static void put_head(void)
{
	buf_str(&html, "<!doctype html><meta charset=utf-8><style>");
	svg_theme_css(&html);
	buf_str(&html,
	    "html{background:var(--paper);color:var(--ink);font:14px/1.45 "
	    "system-ui,'DejaVu Sans',sans-serif;font-variant-numeric:"
	    "tabular-nums}body{max-width:1340px;margin:18px auto;padding:0 30px"
	    ";display:grid;grid-template-columns:repeat(12,1fr);gap:20px 28px}"
	    ".full{grid-column:span 12}.half{grid-column:span 6}.third{"
	    "grid-column:span 4}.quarter{grid-column:span "
	    "3}section{min-width:0}"
	    "h3{font-size:13.5px;margin:0 0 6px;display:flex}h3 small{margin-"
	    "left:auto;font-weight:400;color:var(--soft)}.m{color:var(--soft);"
	    "margin:0 0 4px}.alt{font-size:10px;color:var(--soft)}svg{display:"
	    "block;width:100%;height:auto}.spark "
	    "svg{width:auto}.narrow{display:"
	    "none}@media(max-width:560px){.narrow{display:block}.wide{display:"
	    "none}body{display:block;padding:0 12px;margin:0}section{margin:0 "
	    "0 20px}}"
	    ".v{font-size:34px;font-weight:600}.v small{font-size:15px;color:"
	    "var(--soft);font-weight:400}table{border-collapse:collapse;width:"
	    "100%}td,th{padding:3px 8px 3px "
	    "0;text-align:left;border-bottom:1px "
	    "solid var(--hair)}th{color:var(--soft);font-weight:500;font-size:"
	    "12px}.n{text-align:right}.hot{color:var(--red);font-weight:600}pre"
	    "{font:12px/1.5 monospace}pre span{display:block;padding:0 8px;"
	    "border-left:3px solid}pre i{color:var(--soft);font-style:normal}"
	    ".error{color:var(--red)}.key{display:flex;flex-wrap:wrap;gap:2px "
	    "14px;font-size:12px;color:var(--soft)}.key i{display:inline-block;"
	    "width:14px;height:3px;margin-right:5px;vertical-align:middle}");
	for (int i = 1; i <= 8; i++)
		buf_printf(&html,
		    ".c%d{background:var(--s%d)}.b%d{border-color:var(--s%d)"
		    "!important}",
		    i, i, i, i);
	buf_str(&html, "</style><body>");
}

int main(int argc, char **argv)
{
	struct err e;

	if (argc != 2) {
		fprintf(stderr, "usage: gallery DIR\n");
		return 2;
	}
	dir = argv[1];
	arena = arena_new();
	canvas = canvas_open(NULL, NULL);
	ruler = canvas_ruler(canvas);
	buf_init(&html, 1 << 26);
	if (clock_set_zone("Europe/London", &e) != 0 ||
	    file_make_dirs(dir, &e) != 0) {
		fprintf(stderr, "%s\n", e.text);
		return 1;
	}
	put_head();
	show_ordinary();
	show_nasty();
	show_others();
	show_personal();
	show_bars();
	show_scatters();
	save("index.html", &html);
	buf_free(&html);
	canvas_close(canvas);
	arena_free(arena);
	return 0;
}
