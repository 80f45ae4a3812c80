/* Plans: whole configurations, and every fault with its place. */
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "run/plan.h"
#include "test.h"

#define HEAD "title: T\ntimezone: UTC\n" /* two lines */
#define PAGE "pages:\n  index:\n    panels: []\n"

static const char *load(struct arena *a, struct plan *plan, const char *yaml)
{
	struct faults f = {.arena = a};
	struct span text = {yaml, strlen(yaml)};
	const char *said = "";
	struct err e = {0};
	int rc = plan_parse(plan, "/etc/b/f.yaml", text, &f, &e);

	assert_int_equal(rc, f.n == 0 ? 0 : -1);
	for (size_t i = 0; i < f.n; i++)
		said =
		    arena_printf(a, "%s%s:%d:%d: %s\n", said, f.items[i].file,
			f.items[i].line, f.items[i].col, f.items[i].text);
	return said;
}

static void good(struct arena *a, struct plan *plan, const char *yaml)
{
	assert_string_equal(load(a, plan, yaml), "");
}

static void bad(struct arena *a, const char *yaml, const char *faults)
{
	struct plan plan;

	assert_string_equal(load(a, &plan, yaml), faults);
}

/* A fault of one source, written from line 4 on, column 3. */
static void bad_source(struct arena *a, const char *yaml, const char *fault)
{
	bad(a, arena_printf(a, HEAD "sources:\n  %s\n" PAGE, yaml),
	    arena_printf(a, "/etc/b/f.yaml:4:%s\n", fault));
}

/* A fault of one page's panels, from line 7 on, column 7. */
static void bad_panel(struct arena *a, const char *yaml, const char *fault)
{
	bad(a,
	    arena_printf(a,
		HEAD "sources:\n  a: {exec: [x], decode: number}\n"
		     "pages: {index: {panels: [\n{%s}]}}\n",
		yaml),
	    arena_printf(a, "/etc/b/f.yaml:6:%s\n", fault));
}

static void a_whole_one(void **state)
{
	struct plan p;

	good(*state, &p,
	    "title: Ops\n"
	    "timezone: Europe/London\n"
	    "every: 2m\n"
	    "store: db/x.db\n"
	    "output: /var/www\n"
	    "keep: {raw: forever, 1d: 10y, lines: 2d}\n"
	    "max_size: 2GB\n"
	    "sources:\n"
	    "  here: {exec: [], decode: linux, every: 1h}\n"
	    "  load: {exec: uptime, decode: number, keep: 'l*'}\n"
	    "pages:\n"
	    "  index:\n"
	    "    periods: [6h, 24h]\n"
	    "    panels:\n"
	    "      - section: Servers\n"
	    "      - line: CPU\n"
	    "        series: \"*/cpu\"\n"
	    "      - line: CPU\n"
	    "        series: here/cpu\n"
	    "      - {table: Top, source: here/processes}\n"
	    "  more: {title: More, panels: [{text: Hello}]}\n");
	assert_string_equal(p.common.title, "Ops");
	assert_int_equal(p.every, 120);
	assert_true(p.common.deadline == 45);
	assert_string_equal(p.common.store, "/etc/b/db/x.db");
	assert_string_equal(p.common.output, "/var/www");
	assert_int_equal(p.keep.raw, 0);
	assert_int_equal(p.keep.m5, 90 * 86400);
	assert_int_equal(p.keep.h1, 2 * 365 * 86400);
	assert_int_equal(p.keep.d1, 10 * 365 * (int64_t)86400);
	assert_true(p.keep.max_size == 2147483648);
	assert_int_equal(p.keep.lines, 2 * 86400);
	assert_int_equal(p.keep.tables, 14 * 86400);
	assert_int_equal(p.keep.records, 7 * 86400);
	assert_int_equal(p.n_sources, 2);
	assert_int_equal(p.sources[0].every, 3600);
	assert_int_equal(p.sources[1].every, 120);
	assert_ptr_equal(plan_source(&p, "load"), &p.sources[1]);
	assert_null(plan_source(&p, "none"));
	assert_int_equal(p.n_pages, 2);
	assert_string_equal(p.pages[0].title, "Ops");
	assert_string_equal(p.pages[1].title, "More");
	assert_true(p.pages[0].periods[1] == 86400);
	assert_string_equal(
	    plan_page_file(*state, &p.pages[0], 0), "index.html");
	assert_string_equal(
	    plan_page_file(*state, &p.pages[0], 1), "index-24h.html");
	assert_int_equal(p.pages[0].n_panels, 4);
	assert_string_equal(p.pages[0].panels[1].id, "cpu");
	assert_string_equal(p.pages[0].panels[2].id, "cpu-2");
	assert_string_equal(p.pages[0].panels[3].common.source, "here");
	assert_string_equal(p.pages[0].panels[3].common.table, "processes");
}

static void a_short_run_has_a_short_deadline(void **state)
{
	struct plan p;

	good(*state, &p, HEAD "every: 10s\nsources: {}\n" PAGE);
	assert_true(p.common.deadline == 7.5);
	good(*state, &p, HEAD "deadline: 50s\nsources: {}\n" PAGE);
	assert_true(p.common.deadline == 50);
}

static void every_fault_at_once(void **state)
{
	bad(*state,
	    "titel: T\n"
	    "timezone: Europe/Londn\n"
	    "every: often\n"
	    "sources:\n"
	    "  a: {exec: [x], decode: numbr}\n"
	    "  b: {shh: host, decode: linux}\n"
	    "pages:\n"
	    "  Index: {panels: []}\n",
	    "/etc/b/f.yaml:1:1: 'title' is missing\n"
	    "/etc/b/f.yaml:1:1: unknown key 'titel'; did you mean 'title'?\n"
	    "/etc/b/f.yaml:2:11: timezone: no time zone 'Europe/Londn' on "
	    "this machine\n"
	    "/etc/b/f.yaml:3:8: every: 'often' is not a length of time such "
	    "as 30s, 5m, 2h or 14d\n"
	    "/etc/b/f.yaml:5:26: no decoder 'numbr'; did you mean 'number'?\n"
	    "/etc/b/f.yaml:6:7: no transport 'shh'; did you mean 'ssh'?\n"
	    "/etc/b/f.yaml:8:3: 'Index' is no name for a page: up to 64 small "
	    "letters, digits and dashes\n"
	    "/etc/b/f.yaml:8:3: pages: there is no page 'index'\n");
}

static void wrong_shapes(void **state)
{
	bad(*state, "just text\n",
	    "/etc/b/f.yaml:1:1: a mapping (title: \xe2\x80\xa6) is wanted "
	    "here\n");
	bad(*state, HEAD "sources: [a]\npages: b\nkeep: c\n",
	    "/etc/b/f.yaml:3:10: sources: a mapping of names to sources is "
	    "wanted here\n"
	    "/etc/b/f.yaml:4:8: pages: a mapping of names to pages is wanted "
	    "here\n"
	    "/etc/b/f.yaml:5:7: keep: a mapping is wanted here\n");
	bad(*state, HEAD "sources: {a: b}\npages: {index: c}\n",
	    "/etc/b/f.yaml:3:14: source a: a mapping is wanted here\n"
	    "/etc/b/f.yaml:4:16: page index: a mapping is wanted here\n");
	bad(*state, HEAD "sources: {}\npages: {}\n",
	    "/etc/b/f.yaml:4:8: pages: a mapping of names to pages is wanted "
	    "here\n");
}

static void how_long_things_are_kept(void **state)
{
	bad(*state,
	    HEAD "keep: {raw: 5m, lines: always, table: 1d,\n"
		 "  tables: 2000y}\nsources: {}\n" PAGE,
	    "/etc/b/f.yaml:3:13: raw: '5m' is neither 'forever' nor a "
	    "length of time from 1h to 1000y\n"
	    "/etc/b/f.yaml:3:24: lines: 'always' is neither 'forever' nor a "
	    "length of time from 1h to 1000y\n"
	    "/etc/b/f.yaml:3:32: unknown key 'table'; did you mean "
	    "'tables'?\n"
	    "/etc/b/f.yaml:4:11: tables: '2000y' is neither 'forever' nor a "
	    "length of time from 1h to 1000y\n");
}

static void sources_that_are_wrong(void **state)
{
	struct arena *a = *state;

	bad_source(a, "a: {decode: number}",
	    "6: no transport: one of exec, file, http, sql or ssh is wanted");
	bad_source(a, "a: {exec: [x], file: y, decode: number}",
	    "6: both 'exec' and 'file': a source has one transport");
	bad_source(a, "a: {exec: [x]}", "6: 'decode' is missing");
	bad_source(a, "a: {exec: [], decode: number}",
	    "6: no command: 'run' (or a decoder that brings its own) is "
	    "wanted");
	bad_source(a, "a: {exec: [x], run: y, decode: number}",
	    "23: run: exec has a command already");
	bad_source(a, "a: {exec: x, run: y, decode: number}",
	    "21: run: exec has a command already");
	bad_source(a, "a: {file: x, run: y, decode: number}",
	    "21: run: file runs no commands");
	bad_source(a, "a: {exec: [x], decode: number, as: lines}",
	    "38: as: decoder number makes no lines");
	bad_source(a, "a: {exec: [x], decode: number, timeuot: 1s}",
	    "34: unknown key 'timeuot'; did you mean 'timeout'?");
	bad_source(a, "a: {exec: [x], decode: number, timeout: 2h}",
	    "43: timeout: 2h is out of range (0.1s to 1h)");
	bad_source(a, "a: {file: x, tail: y, decode: lines}",
	    "16: tail: 'file' says already which file is followed");
}

static void names_of_sources(void **state)
{
	static const char *const names[] = {
	    "a/b", "a*", "a?", "[a]", "a\\b", "{a}"};
	struct arena *a = *state;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		bad_source(a,
		    arena_printf(
			a, "'%s': {exec: [x], decode: number}", names[i]),
		    arena_printf(a,
			"3: '%s' is no name for a source: up to 100 bytes "
			"without / \\ { } [ ] * ? or quotes",
			names[i]));
	bad_source(a, "\"a\\e[1m\": {exec: [x], decode: number}",
	    "3: 'a' is no name for a source: up to 100 bytes without / \\ { } "
	    "[ ] * ? or quotes");
}

static void families(void **state)
{
	struct plan p;

	good(*state, &p,
	    HEAD "sources:\n"
		 "  \"{each}-load\":\n"
		 "    each: [app1, app2]\n"
		 "    exec: [cat, \"/srv/{each}\"]\n"
		 "    decode: number\n" PAGE);
	assert_int_equal(p.n_sources, 2);
	assert_string_equal(p.sources[1].name, "app2-load");
	assert_string_equal(
	    node_get(p.sources[1].node, "exec")->items[1]->text, "/srv/app2");
	bad_source(*state, "a: {each: [b], exec: [x], decode: number}",
	    "3: the name of a family must hold {each}: \"{each}\"");
	bad_source(*state, "'{each}': {each: b, exec: [x], decode: number}",
	    "20: each: /etc/b/b: No such file or directory");
	/* Once, not once for each of them. */
	bad_source(*state,
	    "'{each}': {each: [b, c, d], exec: [x], decode: number, x: 1}",
	    "58: unknown key 'x'");
}

/* The words of a family in a file: HOSTS stands for its name. */
static const char *with_hosts(
    struct arena *a, struct plan *p, const char *hosts, const char *yaml)
{
	char name[] = "/tmp/broadsheet-hosts-XXXXXX";
	int fd = mkstemp(name);
	const char *said, *at;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, hosts, strlen(hosts)), strlen(hosts));
	close(fd);
	at = strstr(yaml, "HOSTS");
	said = load(a, p,
	    arena_printf(a, "%.*s%s%s", (int)(at - yaml), yaml, name, at + 5));
	unlink(name);
	/* the name of the file is another each time */
	while ((at = strstr(said, name)) != NULL)
		said = arena_printf(a, "%.*sHOSTS%s", (int)(at - said), said,
		    at + strlen(name));
	return said;
}

static void families_of_a_file(void **state)
{
	struct plan p;

	assert_string_equal(
	    with_hosts(*state, &p,
		"# our hosts\n\napp1 10.0.0.1  web # the first\n"
		"\tapp2\t10.0.0.2 db\r\n",
		HEAD "sources:\n"
		     "  '{name}':\n"
		     "    each: {file: HOSTS, columns: [name, address]}\n"
		     "    exec: [ping, '{address}', '{each}', '{3}']\n"
		     "    decode: number\n" PAGE),
	    "");
	assert_int_equal(p.n_sources, 2);
	assert_string_equal(p.sources[1].name, "app2");
	assert_string_equal(
	    node_get(p.sources[1].node, "exec")->items[1]->text, "10.0.0.2");
	assert_string_equal(
	    node_get(p.sources[1].node, "exec")->items[2]->text, "app2");
	assert_string_equal(
	    node_get(p.sources[1].node, "exec")->items[3]->text, "db");
}

static void faults_in_a_file_of_names(void **state)
{
	static const char yaml[] = HEAD "sources:\n  '{each}': {each: HOSTS, "
					"exec: [x], decode: number}\n" PAGE;
	static const char columns[] =
	    HEAD "sources:\n  '{each}': {each: {file: HOSTS, columns: [a, b]}, "
		 "exec: [x], decode: number}\n" PAGE;
	struct plan p;

	assert_string_equal(
	    with_hosts(*state, &p, "app1\n  app/2\napp1\n", yaml),
	    "HOSTS:2:3: 'app/2' is no name for a source: up to 100 bytes "
	    "without / \\ { } [ ] * ? or quotes\n"
	    "HOSTS:3:1: source 'app1' is here twice (line 1 too)\n");
	assert_string_equal(with_hosts(*state, &p, "a 1\nb\n", columns),
	    "HOSTS:2:1: each: 1 words, but there are 2 columns\n");
	assert_string_equal(with_hosts(*state, &p, "# none\n", yaml),
	    "/etc/b/f.yaml:4:20: each: no words in HOSTS\n");
	assert_string_equal(with_hosts(*state, &p, "a\n\033[1mb\n", yaml),
	    "HOSTS:2:1: each: not clean text\n");
	bad_source(*state, "'{each}': {each: {}, exec: [x], decode: number}",
	    "20: each: {file: …, columns: [name, …]} is wanted here");
	bad_source(*state, "'{each}': {each: [[a]], exec: [x], decode: number}",
	    "21: each: a word is wanted here");
}

/* A panel for each host, and a group of panels. */
static void panels_repeat(void **state)
{
	struct plan p;

	good(*state, &p,
	    HEAD
	    "sources:\n"
	    "  '{each}': {each: [a, b], exec: [x], decode: number}\n"
	    "pages:\n  index:\n    panels:\n"
	    "      - {line: 'CPU of {each}', series: '{each}/cpu',"
	    " each: [a, b]}\n"
	    "      - each: [a, b]\n"
	    "        panels:\n"
	    "          - section: '{each}'\n"
	    "          - {table: Processes, source: '{each}/processes'}\n");
	assert_int_equal(p.pages[0].n_panels, 6);
	assert_string_equal(p.pages[0].panels[1].title, "CPU of b");
	assert_string_equal(
	    p.pages[0].panels[1].common.series.items[0], "b/cpu");
	assert_string_equal(p.pages[0].panels[4].title, "b");
	assert_string_equal(p.pages[0].panels[5].common.source, "b");
	assert_string_equal(p.pages[0].panels[5].id, "processes-2");
	bad_panel(*state, "each: [a], panels: x",
	    "1: a group is made of each: and a list of panels:");
}

static void sources_of_one_name(void **state)
{
	bad(*state,
	    HEAD
	    "sources:\n"
	    "  a: {exec: [x], decode: number}\n"
	    "  '{each}': {each: [a, b, b], exec: [x], decode: number}\n" PAGE,
	    "/etc/b/f.yaml:5:3: source 'a' is here twice (line 4 too)\n"
	    "/etc/b/f.yaml:5:3: source 'b' is here twice (line 5 too)\n");
}

static void a_log_file_is_followed(void **state)
{
	const struct node *n;
	struct plan p;

	good(*state, &p,
	    HEAD "sources:\n"
		 "  log: {file: log/app.log, decode: lines, timeout: 3s}\n"
		 "  other: {file: x, decode: number}\n" PAGE);
	n = p.sources[0].node;
	assert_string_equal(p.sources[0].kind->name, "exec");
	assert_string_equal(p.sources[0].decoder->name, "lines");
	assert_string_equal(node_get(n, "tail")->text, "/etc/b/log/app.log");
	assert_null(node_get(n, "file"));
	assert_int_equal(node_get(n, "exec")->n, 0);
	assert_true(p.sources[0].common.timeout == 3);
	assert_string_equal(p.sources[1].kind->name, "file");
	/* The fault is at what was written. */
	bad_source(*state, "log: {file: '', decode: lines}",
	    "15: file: '' is not a path");
}

static void panels_that_are_wrong(void **state)
{
	struct arena *a = *state;

	bad_panel(a, "lien: CPU, series: x",
	    "1: no kind of panel here; did you mean 'line'?");
	bad_panel(a, "frobnicate: CPU",
	    "1: no kind of panel here: one of line, bar, scatter, stat, "
	    "tiles, table, log, forecast, map, alerts, status, section or "
	    "text is wanted");
	bad_panel(
	    a, "line: CPU", "1: panel line: 'series' or 'query' is missing");
	bad_panel(a, "line: CPU, series: x, serie: y",
	    "24: unknown key 'serie'; did you mean 'series'?");
	bad_panel(
	    a, "table: T, source: b", "20: source: there is no source 'b'");
	bad_panel(
	    a, "table: T, source: b/c", "20: source: there is no source 'b'");
	bad_panel(a, "log: L, sources: [a, \"b*\"]",
	    "23: sources: there is no source 'b*'");
	bad_panel(
	    a, "log: L, sources: c", "19: sources: there is no source 'c'");
	bad(a, HEAD "sources: {}\npages: {index: {panels: [x, [y]]}}\n",
	    "/etc/b/f.yaml:4:26: a panel (line: Title) is wanted here\n"
	    "/etc/b/f.yaml:4:29: a panel (line: Title) is wanted here\n");
	bad(a, HEAD "sources: {}\npages: {index: {panels: x}}\n",
	    "/etc/b/f.yaml:4:25: panels: a list is wanted here\n");
	bad(a, HEAD "sources: {}\npages: {index: {}}\n",
	    "/etc/b/f.yaml:4:16: 'panels' is missing\n");
}

static void periods_and_files_of_pages(void **state)
{
	bad(*state,
	    HEAD "sources: {}\n"
		 "pages:\n"
		 "  index: {panels: [], periods: [6h, 24h, 24h]}\n"
		 "  index-24h: {panels: []}\n"
		 "  x: {panels: [], periods: [ever, 5s]}\n"
		 "  y: {panels: [], periods: []}\n",
	    "/etc/b/f.yaml:5:32: periods: '24h' is here twice\n"
	    "/etc/b/f.yaml:6:3: page index-24h: its file index-24h.html is "
	    "one of page index too\n"
	    "/etc/b/f.yaml:7:28: periods: '5s' is not a length of time from "
	    "1m to 100y, such as 6h or 30d, nor all, years or months\n"
	    "/etc/b/f.yaml:7:28: periods: 'ever' is not a length of time from "
	    "1m to 100y, such as 6h or 30d, nor all, years or months\n"
	    "/etc/b/f.yaml:8:28: periods: the list is empty\n");
}

static void ids_are_unique(void **state)
{
	struct plan p;

	good(*state, &p,
	    HEAD "sources: {}\npages: {index: {panels: [{text: a-2}, {text: a},"
		 " {text: A}, {text: 'a!'}, {text: ''}, {section: ''}]}}\n");
	assert_string_equal(p.pages[0].panels[0].id, "a-2");
	assert_string_equal(p.pages[0].panels[1].id, "a");
	assert_string_equal(p.pages[0].panels[2].id, "a-3");
	assert_string_equal(p.pages[0].panels[3].id, "a-4");
	assert_string_equal(p.pages[0].panels[4].id, "text");
	assert_string_equal(p.pages[0].panels[5].id, "section");
}

static void ten_thousand_of_everything(void **state)
{
	struct plan p;
	struct buf b;

	buf_init(&b, 16 << 20);
	buf_str(&b, HEAD "sources:\n");
	for (int i = 0; i < 10000; i++)
		buf_printf(&b, "  s%d: {exec: [x], decode: number}\n", i);
	buf_str(&b, "pages:\n  index:\n    panels:\n");
	for (int i = 0; i < 10000; i++)
		buf_printf(&b, "      - {table: Same, source: s%d}\n", i);
	good(*state, &p, buf_text(&b));
	assert_int_equal(p.n_sources, 10000);
	assert_string_equal(p.pages[0].panels[9999].id, "same-10000");
	buf_free(&b);
}

static void too_many_faults(void **state)
{
	struct faults f = {.arena = *state};
	struct plan p;
	struct buf b;
	struct err e;

	buf_init(&b, 1 << 20);
	for (int i = 0; i < 150; i++)
		buf_printf(&b, "bogus%d: 1\n", i);
	assert_int_equal(
	    plan_parse(&p, "f", (struct span){b.data, b.len}, &f, &e), -1);
	assert_int_equal(f.n, FAULTS_MAX);
	assert_int_equal(f.left_out, 53);
	assert_string_equal(e.text, "f: 153 faults in the configuration");
	buf_free(&b);
}

static void where_pages_of_a_broken_file_are(void **state)
{
	struct plan p;

	load(*state, &p, "title: x\noutput: www\nsources: {a: [\n");
	assert_string_equal(p.common.output, "/etc/b/www");
	load(*state, &p, "title: x\n\toutput: www\n");
	assert_string_equal(p.common.output, "/etc/b/out");
	load(*state, &p, "output: [\n");
	assert_string_equal(p.common.output, "/etc/b/out");
	load(*state, &p, "output: /x\nwrong: 1\n");
	assert_string_equal(p.common.output, "/x");
}

static void files_that_can_not_be_read(void **state)
{
	struct faults f = {.arena = *state};
	struct plan p;
	struct err e;

	assert_int_equal(plan_load(&p, "/nonexistent", NULL, &f, &e), -1);
	assert_string_equal(e.text, "/nonexistent: No such file or directory");
	assert_int_equal(plan_load(&p, "/etc", NULL, &f, &e), -1);
	assert_string_equal(e.text, "/etc: Is a directory");
	assert_int_equal(f.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(a_whole_one),
	    arena_test(a_short_run_has_a_short_deadline),
	    arena_test(every_fault_at_once),
	    arena_test(wrong_shapes),
	    arena_test(how_long_things_are_kept),
	    arena_test(sources_that_are_wrong),
	    arena_test(names_of_sources),
	    arena_test(families),
	    arena_test(families_of_a_file),
	    arena_test(faults_in_a_file_of_names),
	    arena_test(panels_repeat),
	    arena_test(sources_of_one_name),
	    arena_test(a_log_file_is_followed),
	    arena_test(panels_that_are_wrong),
	    arena_test(periods_and_files_of_pages),
	    arena_test(ids_are_unique),
	    arena_test(ten_thousand_of_everything),
	    arena_test(too_many_faults),
	    arena_test(where_pages_of_a_broken_file_are),
	    arena_test(files_that_can_not_be_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
