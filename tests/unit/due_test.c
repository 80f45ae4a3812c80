/* What is due: rhythm, back-off, clocks that jump. */
#include "run/collect.h"
#include "test.h"

#define NOW 1795317240

struct place {
	struct arena *a;
	const char *dir;
	struct store *store;
	struct plan plan;
	struct plan_source sources[2];
};

static const struct source_kind plain = {.name = "plain"};

static const char *a_vault(const void *conf, struct arena *a)
{
	(void)conf, (void)a;
	return "login";
}

static const struct source_kind with_vault = {.name = "web", .vault = a_vault};

static int setup(void **state)
{
	struct arena *a = arena_new();
	struct place *p = arena_make(a, struct place);
	struct err e;

	p->a = a;
	p->dir = make_dir(a);
	p->sources[0] =
	    (struct plan_source){.name = "minute", .every = 60, .kind = &plain};
	p->sources[1] =
	    (struct plan_source){.name = "hour", .every = 3600, .kind = &plain};
	p->plan =
	    (struct plan){.every = 60, .sources = p->sources, .n_sources = 2};
	*state = p;
	return store_open(&p->store, arena_printf(a, "%s/db", p->dir), &e);
}

static int teardown(void **state)
{
	struct place *p = *state;

	store_close(p->store);
	remove_dir(p->a, p->dir);
	arena_free(p->a);
	return 0;
}

static void ran(struct place *p, size_t i, int64_t now, enum outcome outcome)
{
	struct delivery d = {
	    .source = p->sources[i].name,
	    .now = now,
	    .every = p->sources[i].every,
	    .outcome = outcome,
	    .message = outcome == OUTCOME_OK ? "" : "no",
	    .hint = "",
	};
	struct err e;

	assert_int_equal(store_deliver(p->store, &d, 1, &e), 0);
}

/* The names of what is due, apart by spaces. */
static const char *due(struct place *p, int64_t now, bool all)
{
	const char *names = "";
	struct job *jobs;
	struct err e;
	size_t n;

	assert_int_equal(
	    collect_due(&p->plan, p->store, now, all, p->a, &jobs, &n, &e), 0);
	for (size_t i = 0; i < n; i++)
		names =
		    arena_printf(p->a, "%s%s ", names, jobs[i].source->name);
	return names;
}

static void at_first_everything(void **state)
{
	assert_string_equal(due(*state, NOW, false), "minute hour ");
}

static void each_by_its_own_rhythm(void **state)
{
	struct place *p = *state;

	ran(p, 0, NOW, OUTCOME_OK);
	ran(p, 1, NOW, OUTCOME_OK);
	assert_string_equal(due(p, NOW + 60, false), "minute ");
	assert_string_equal(due(p, NOW + 3540, false), "minute ");
	assert_string_equal(due(p, NOW + 3600, false), "minute hour ");
	assert_string_equal(due(p, NOW + 1, true), "minute hour ");
}

/* cron is a little early or late. */
static void jitter(void **state)
{
	struct place *p = *state;

	ran(p, 0, NOW, OUTCOME_OK);
	ran(p, 1, NOW, OUTCOME_OK);
	assert_string_equal(due(p, NOW + 29, false), "");
	assert_string_equal(due(p, NOW + 30, false), "minute ");
	assert_string_equal(due(p, NOW + 58, false), "minute ");
	assert_string_equal(due(p, NOW + 3593, false), "minute ");
	assert_string_equal(due(p, NOW + 3594, false), "minute hour ");
}

static void is_due_after(struct place *p, int64_t since, int64_t wait)
{
	int64_t early = wait == 60 ? 30 : 6;

	assert_string_equal(due(p, since + wait - early - 1, false), "");
	assert_string_equal(due(p, since + wait - early, false), "hour ");
}

/* After 1, 2, 4, 8… runs, but never later than it would be anyway. */
static void backing_off(void **state)
{
	static const int64_t waits[] = {
	    60, 120, 240, 480, 960, 1920, 3600, 3600};
	struct place *p = *state;
	int64_t now = NOW;

	p->plan.sources++;
	p->plan.n_sources = 1;
	for (size_t i = 0; i < 8; i++) {
		ran(p, 1, now, OUTCOME_REFUSED);
		is_due_after(p, now, waits[i]);
		now += waits[i];
	}
	ran(p, 1, now, OUTCOME_OK);
	is_due_after(p, now, 3600);
	ran(p, 1, now + 3600, OUTCOME_TIMEOUT);
	is_due_after(p, now + 3600, 60);
}

static void a_clock_that_went_back(void **state)
{
	struct place *p = *state;

	ran(p, 0, NOW, OUTCOME_OK);
	ran(p, 1, NOW, OUTCOME_OK);
	assert_string_equal(due(p, NOW - 1, false), "minute hour ");
	assert_string_equal(due(p, NOW - 86400, false), "minute hour ");
}

static void what_it_remembers_comes_with_it(void **state)
{
	struct place *p = *state;
	struct readings none = {.arena = p->a};
	struct delivery d = {.source = "hour",
	    .now = NOW,
	    .every = 3600,
	    .message = "",
	    .hint = "",
	    .fetch_state = {"etag", 4},
	    .readings = &none};
	struct job *jobs;
	struct err e;
	size_t n;

	assert_int_equal(store_deliver(p->store, &d, 1, &e), 0);
	ran(p, 0, NOW, OUTCOME_OK);
	assert_int_equal(collect_due(&p->plan, p->store, NOW + 3600, false,
			     p->a, &jobs, &n, &e),
	    0);
	assert_int_equal(n, 2);
	assert_true(span_eq(jobs[1].memory.fetch_state, "etag"));
	assert_int_equal(jobs[0].memory.fetch_state.n, 0);
	assert_int_equal(jobs[1].memory.last_ok, NOW);
}

/* Minutes past a quarter at which a source that is due is asked. */
static const char *minutes(struct place *p, int64_t step)
{
	int64_t quarter = NOW - NOW % 900 + 7200;
	const char *text = "";

	for (int64_t past = 0; past < 900; past += step)
		if (due(p, quarter + past, false)[0] != '\0')
			text = arena_printf(
			    p->a, "%s%lld ", text, (long long)past / 60);
	return text;
}

/* Each waits its own while past the quarter, if there are runs to wait for. */
static void off_the_full_quarter(void **state)
{
	struct place *p = *state;

	p->plan.sources++;
	p->plan.n_sources = 1;
	p->sources[1].kind = &with_vault;
	assert_string_equal(due(p, NOW - NOW % 900, false), "hour ");
	ran(p, 1, NOW - NOW % 900, OUTCOME_OK);
	assert_string_equal(minutes(p, 60), "5 6 7 8 9 10 11 12 13 14 ");
	p->plan.every = 300;
	assert_string_equal(minutes(p, 300), "5 10 ");
	p->plan.every = 900;
	assert_string_equal(minutes(p, 900), "0 ");
	p->plan.every = 60;
	p->sources[1].kind = &plain;
	assert_string_equal(
	    minutes(p, 60), "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 ");
}

static void what_is_in_its_vault_comes_with_it(void **state)
{
	struct place *p = *state;
	struct job *jobs;
	struct err e;
	size_t n;

	p->sources[1].kind = &with_vault;
	assert_int_equal(
	    store_vault_put(p->store, "login", (struct span){"a token", 7}, &e),
	    0);
	assert_int_equal(
	    collect_due(&p->plan, p->store, NOW, true, p->a, &jobs, &n, &e), 0);
	assert_null(jobs[0].vault);
	assert_int_equal(jobs[0].kept.n, 0);
	assert_string_equal(jobs[1].vault, "login");
	assert_true(span_eq(jobs[1].kept, "a token"));
}

#define test(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    test(at_first_everything),
	    test(each_by_its_own_rhythm),
	    test(jitter),
	    test(backing_off),
	    test(a_clock_that_went_back),
	    test(what_it_remembers_comes_with_it),
	    test(off_the_full_quarter),
	    test(what_is_in_its_vault_comes_with_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
