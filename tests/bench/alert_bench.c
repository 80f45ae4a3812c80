/*
 * Judging: what a run of ten thousand series costs once it is stored, with
 * rules on their values that hardly any breaks, and with one that waits for
 * each of them. CPU time of this process, the store opened anew each time.
 *
 *	alert_bench
 *
 * Prints lines of a name and milliseconds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "run/judge.h"

#define T0	INT64_C(1793328000)
#define SOURCES 100
#define METRICS 100
#define RUNS	11 /* of which the least counts */

static struct err e;

static void check(int rc)
{
	if (rc == 0)
		return;
	fprintf(stderr, "alert_bench: %s\n", e.text);
	exit(1);
}

static double cpu_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void deliver(struct store *st, int64_t now)
{
	struct arena *a = arena_new();

	for (int i = 0; i < SOURCES; i++) {
		struct readings *r = arena_make(a, struct readings);

		readings_init(r, a);
		for (int k = 0; k < METRICS; k++)
			readings_sample(r, arena_printf(a, "metric%d", k),
			    (double)((i + k) % 100), UNIT_PERCENT);
		check(store_deliver(st,
		    &(struct delivery){.source = arena_printf(a, "host%d", i),
			.now = now,
			.every = 60,
			.message = "",
			.hint = "",
			.readings = r},
		    1, &e));
	}
	arena_free(a);
}

static void configure(struct plan *plan, struct arena *a, const char *rules)
{
	struct faults f = {.arena = a};
	const char *text = "title: T\nstore: s\noutput: o\nsources:\n"
			   "  \"{each}\":\n    each: [";

	for (int i = 0; i < SOURCES; i++)
		text =
		    arena_printf(a, "%s%shost%d", text, i > 0 ? ", " : "", i);
	text = arena_printf(a,
	    "%s]\n    exec: [x]\n    decode: number\n"
	    "pages: {index: {panels: []}}\nalerts:\n%s",
	    text, rules);
	if (plan_parse(plan, "f", (struct span){text, strlen(text)}, &f, &e) ==
	    0)
		return;
	fprintf(
	    stderr, "alert_bench: %s\n", f.n > 0 ? f.items[0].text : e.text);
	exit(1);
}

static void measure(const char *name, const char *path, const char *rules)
{
	struct arena *a = arena_new();
	double least = 1e9, start;
	static int64_t now = T0;
	struct plan plan = {0};
	struct store *st;
	size_t hot;

	configure(&plan, a, rules);
	for (int i = 0; i < RUNS; i++) {
		now += 60;
		check(store_open(&st, path, &e));
		deliver(st, now);
		start = cpu_ms();
		check(judge(&plan, st, now, &hot, &e));
		start = cpu_ms() - start;
		if (start < least)
			least = start;
		store_close(st);
	}
	printf("%s %g\n", name, least);
	arena_free(a);
}

int main(void)
{
	char dir[] = "/tmp/broadsheet-bench-XXXXXX", path[64];

	if (mkdtemp(dir) == NULL)
		return 1;
	snprintf(path, sizeof(path), "%s/store.db", dir);
	measure("values-ms", path,
	    "  a: {series: '*/metric1*', above: 98.5}\n"
	    "  b: {series: '*', below: -1}\n"
	    "  c: {series: 'host1*/*', outside: [-5, 98.5]}\n");
	measure("absence-ms", path, "  a: {series: '*', absent: 5m}\n");
	unlink(path);
	rmdir(dir);
	return 0;
}
