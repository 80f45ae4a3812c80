/* status: how the last run went, for people, scripts and other monitors. */
#include "base/clock.h"
#include "chart/unit.h"
#include "cmd.h"
#include "output/json.h"
#include "run/compose.h"

#include <stdio.h>

static const char *when(struct arena *a, int64_t ts, int64_t now)
{
	if (ts == 0)
		return "never";
	if (ts >= now)
		return "now";
	return arena_printf(a, "%s ago", clock_duration(a, (double)(now - ts)));
}

static void print_sources(struct invocation *in, const struct report *r)
{
	struct arena *a = in->arena;

	printf("last run %s, took %.0f ms", when(a, r->last, in->now), r->ms);
	if (r->warning != NULL)
		printf("; %s", r->warning);
	printf("\n");
	printf("%-20s %-14s %-12s %8s %10s  %s\n", "source", "outcome",
	    "last ok", "ms", "bytes", "message");
	for (size_t i = 0; i < r->n_sources; i++) {
		const struct source_status *s = &r->sources[i];

		printf("%-20s %-14s %-12s %8.0f %10llu  %s\n", s->name,
		    outcome_word(s->outcome), when(a, s->last_ok, in->now),
		    s->ms, (unsigned long long)s->bytes, s->message);
	}
}

/* Who is told of alerts, and whether that works. */
static void print_recipients(struct invocation *in, const struct report *r)
{
	struct arena *a = in->arena;

	for (size_t i = 0; i < r->n_recipients; i++) {
		const struct recipient *x = &r->recipients[i];
		const char *name =
		    arena_printf(a, "%s%s%s", dispatch_words(a, x->channel),
			x->recipient[0] != '\0' ? " " : "", x->recipient);

		printf("%-20s %-14s %-12s", name,
		    x->failing != 0 ? "failing" : "ok",
		    when(a, x->sent, in->now));
		if (x->next != 0)
			printf("  next %s",
			    clock_format(a, "%Y-%m-%d %H:%M", x->next));
		if (x->waiting > 0)
			printf("  %lld %s", (long long)x->waiting,
			    x->waiting == 1 ? "waits" : "wait");
		if (x->lost != 0)
			printf("  given up %s", when(a, x->lost, in->now));
		if (x->failing != 0 || x->lost != 0)
			printf("  %s", x->message);
		printf("\n");
	}
}

/* How large the store is, and how far back each tier reaches. */
static void print_reach(struct invocation *in, const struct reach *r)
{
	const struct {
		const char *name;
		int64_t from;
	} tiers[] = {
	    {"samples", r->raw},
	    {"5m", r->m5},
	    {"1h", r->h1},
	    {"1d", r->d1},
	    {"lines", r->lines},
	    {"tables", r->tables},
	};

	printf("store %s", unit_text(in->arena, UNIT_BYTES, (double)r->bytes));
	for (size_t i = 0; i < sizeof(tiers) / sizeof(tiers[0]); i++)
		if (tiers[i].from != 0)
			printf(", %s since %s", tiers[i].name,
			    clock_format(
				in->arena, "%Y-%m-%d %H:%M", tiers[i].from));
	printf("\n");
}

static void print_json(const struct report *r)
{
	struct buf b;

	buf_init(&b, 64 * 1024 * 1024);
	json_status(r, &b);
	fputs(buf_text(&b), stdout);
	buf_free(&b);
}

/* 1 if the last run is too old, 3 if a source fails, else 0. */
static int verdict(const struct invocation *in, const struct report *r)
{
	double age = (double)(in->now - r->last);
	int status = EXIT_WELL;

	for (size_t i = 0; i < r->n_sources; i++)
		if (r->sources[i].outcome != OUTCOME_OK &&
		    r->sources[i].outcome != OUTCOME_NOT_DUE)
			status = EXIT_SOURCES;
	if (in->max_age > 0 && (r->last == 0 || age > in->max_age)) {
		fprintf(stderr,
		    "broadsheet: the last run is %s old, more "
		    "than %s\n",
		    r->last == 0 ? "endlessly" : clock_duration(in->arena, age),
		    clock_duration(in->arena, in->max_age));
		status = EXIT_FATAL;
	}
	return status;
}

int verb_status(struct invocation *in)
{
	struct store *store;
	struct report report = {0};
	struct reach reach = {0};
	struct plan plan;
	struct err e = {0};
	int rc;

	if ((rc = load_plan(in, &plan)) != 0)
		return rc;
	if (store_open_read(&store, plan.common.store, &e) != 0)
		return complain(&e, EXIT_FATAL);
	rc = compose_status(&plan, store, in->now, in->arena, &report, &e);
	if (rc == 0)
		rc = store_reach(store, &reach, &e);
	store_close(store);
	if (rc != 0)
		return complain(&e, EXIT_FATAL);
	if (in->json)
		print_json(&report);
	else {
		print_sources(in, &report);
		print_recipients(in, &report);
		print_reach(in, &reach);
	}
	return verdict(in, &report);
}
