/*
 * The layout of samples under the interface: whatever is delivered, in
 * whatever order, comes back bit for bit from hot rows, closed hours, closed
 * days and rollups.
 */
#include "store_rig.h"

#include <signal.h>
#include <sys/wait.h>
#include <time.h>

#include "store/chunk.h"

#define HOUR   3600
#define DAY    86400
#define SERIES 5
#define MAX    40000

/* One series of the reference, by time. */
struct model {
	int64_t ts[MAX];
	double value[MAX];
	size_t n;
};

static struct model models[SERIES];

static void model_put(struct model *m, int64_t ts, double value)
{
	size_t i = m->n;

	while (i > 0 && m->ts[i - 1] > ts)
		i--;
	if (i > 0 && m->ts[i - 1] == ts) {
		m->value[i - 1] = value;
		return;
	}
	assert_true(m->n < MAX);
	memmove(&m->ts[i + 1], &m->ts[i], (m->n - i) * sizeof(*m->ts));
	memmove(&m->value[i + 1], &m->value[i], (m->n - i) * sizeof(*m->value));
	m->ts[i] = ts;
	m->value[i] = value;
	m->n++;
}

static bool same_bits(double a, double b)
{
	return memcmp(&a, &b, sizeof(a)) == 0;
}

static double odd_value(void)
{
	static const double odd[] = {0.0, -0.0, 5e-324, -2.2e-308, 1.7e308,
	    -1.7e308, 9007199254740993.0, 1e15, -1e15, 0.1, 1.0 / 3};

	return odd[(size_t)rand() % (sizeof(odd) / sizeof(odd[0]))];
}

static double value_for(int k, int64_t now)
{
	switch (k) {
	case 0:
		return 42;
	case 1:
		return (double)(rand() % 1000) / 10;
	case 2:
		return (double)(rand() % 100000) / 60;
	case 3:
		return rand() % 4 == 0 ? odd_value()
				       : (double)rand() / (double)RAND_MAX;
	default:
		return (double)(now % 100000) * 1e6;
	}
}

static void tend(struct store *st, int64_t now)
{
	static const struct keep keep = {0};
	struct err e = {0};

	rig_ok(store_tend(st, &keep, now, &e));
}

struct check {
	size_t k, i;
};

static int take(
    void *ctx, const char *series, int64_t ts, double value, struct err *e)
{
	struct check *c = ctx;
	struct model *m = &models[c->k];

	(void)e;
	if (c->i >= m->n || m->ts[c->i] != ts ||
	    !same_bits(m->value[c->i], value))
		fail_msg("%s: %lld %.17g instead of %lld %.17g (%zu of %zu)",
		    series, (long long)ts, value, (long long)m->ts[c->i],
		    m->value[c->i], c->i, m->n);
	c->i++;
	return 0;
}

static void assert_samples(struct store *st)
{
	for (size_t k = 0; k < SERIES; k++) {
		struct strings globs =
		    rig_names(arena_printf(rig_arena, "s%zu/m", k), NULL);
		struct check c = {k, 0};
		struct err e = {0};

		rig_ok(
		    store_each_sample(st, &globs, 0, INT64_MAX, take, &c, &e));
		assert_int_equal(c.i, models[k].n);
	}
}

/* All the model's samples in [from, to), as a bucket has them. */
static void assert_bucket(
    const struct model *m, int64_t from, int64_t to, const struct point *p)
{
	long double sum = 0, scale = 1;
	double min = INFINITY, max = -INFINITY;
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++) {
		if (m->ts[i] < from || m->ts[i] >= to)
			continue;
		sum += m->value[i];
		scale += fabsl((long double)m->value[i]);
		min = fmin(min, m->value[i]);
		max = fmax(max, m->value[i]);
		n++;
	}
	assert_true(n > 0);
	assert_true(p->min == min && p->max == max);
	assert_true(fabsl((long double)p->mean - sum / (long double)n) <=
		    scale * 1e-9L);
}

/* Whole days, in every width that a view may have. */
static void assert_views(struct store *st, int64_t from, int64_t to)
{
	static const size_t max[] = {2, 8, 50, 300, 2000};

	for (size_t k = 0; k < SERIES; k++)
		for (size_t j = 0; j < sizeof(max) / sizeof(max[0]); j++) {
			const struct model *m = &models[k];
			struct series s =
			    rig_one(st, arena_printf(rig_arena, "s%zu/m", k),
				from, to - 1, max[j]);
			size_t seen = 0;

			assert_true(s.n <= max[j]);
			for (size_t i = 0; i < s.n && s.step > 0; i++) {
				int64_t whole = s.points[i].ts + s.step;

				assert_bucket(m,
				    s.points[i].ts < from ? from
							  : s.points[i].ts,
				    whole < to ? whole : to, &s.points[i]);
			}
			for (size_t i = 0, b = 0; i < m->n; i++) {
				if (m->ts[i] < from || m->ts[i] >= to)
					continue;
				while (b < s.n &&
				       s.points[b].ts +
					       (s.step == 0 ? 1 : s.step) <=
					   m->ts[i])
					b++;
				assert_true(
				    b < s.n && s.points[b].ts <= m->ts[i]);
				seen++;
			}
			assert_true((s.step == 0) == (seen <= max[j]));
		}
}

/* A run of some series, some of them late or ahead or twice. */
static void deliver_run(struct store *st, int64_t now)
{
	static const int64_t every[SERIES] = {60, 60, 60, 300, 10800};

	for (int k = 0; k < SERIES; k++) {
		struct readings *r = rig_readings();
		struct delivery d =
		    rig_delivery(arena_printf(rig_arena, "s%d", k), now, r);
		struct err e = {0};
		int n = rand() % 40 == 0 ? rand() % 20 : 0;
		double v = value_for(k, now);

		if (now / 60 % (every[k] / 60) != 0 || rand() % 20 == 0)
			continue;
		d.every = every[k];
		readings_sample(r, "m", v, "");
		model_put(&models[k], now, v);
		for (int i = 0; i < n; i++) {
			/* Never the very second of a run. */
			int64_t ts = now - rand() % (3 * DAY) + rand() % HOUR;

			ts += ts % 60 == now % 60;
			v = value_for(k, ts);
			readings_sample(r, "m", v, "")->ts = ts;
			model_put(&models[k], ts, v);
		}
		rig_ok(store_deliver(st, &d, 1, &e));
	}
}

static void what_comes_in_comes_back(void **state)
{
	struct store *st = rig_open();
	int64_t start = T0 - T0 % DAY, now = start;

	(void)state;
	srand(20261122);
	memset(models, 0, sizeof(models));
	while (now < start + 5 * DAY) {
		deliver_run(st, now);
		if (rand() % 3 > 0)
			tend(st, now);
		if (rand() % 500 == 0)
			assert_samples(st);
		if (rand() % 300 == 0) {
			store_close(st);
			st = rig_open();
		}
		/* Pauses, and a clock that steps back and on. */
		now += rand() % 400 == 0 ? 60 * (rand() % 600) : 60;
		if (rand() % 700 == 0)
			now -= 60 * (rand() % 200);
	}
	assert_samples(st);
	assert_views(st, start, start + 4 * DAY);
	for (int i = 0; i < 300; i++)
		tend(st, now + 3 * DAY + 600 * i);
	assert_samples(st);
	assert_views(st, start, start + 4 * DAY);
	assert_int_equal(rig_ask("SELECT count(*) FROM chunk_hour"), 0);
	store_close(st);
	rig_assert_whole();
}

/* The hours of three days, as they are imported. */
#define ROWS 20000

static struct import_row rows[ROWS];

static size_t fill_rows(int64_t start, int k)
{
	size_t n = 0;

	for (int64_t ts = start; ts < start + 3 * DAY; ts += 60) {
		if (rand() % 10 == 0)
			continue;
		rows[n++] = (struct import_row){
		    arena_printf(rig_arena, "s%d/m", k), ts, value_for(k, ts)};
		model_put(&models[k], ts, rows[n - 1].value);
	}
	return n;
}

static void import_all(struct store *st, size_t n, size_t batch, int64_t now)
{
	struct err e = {0};

	for (size_t i = 0; i < n; i += batch)
		rig_ok(store_import(
		    st, rows + i, n - i < batch ? n - i : batch, now, &e));
}

static void what_is_imported_is_there_once(void **state)
{
	struct keep keep = {.raw = DAY, .m5 = 90 * DAY, .h1 = 90 * DAY};
	int64_t start = T0 - T0 % DAY - 40 * DAY, now = T0 + HOUR;
	struct store *st = rig_open();
	struct err e = {0};
	struct series a, b;
	size_t n;

	(void)state;
	srand(7);
	memset(models, 0, sizeof(models));
	for (int k = 0; k < SERIES; k++) {
		n = fill_rows(start, k);
		import_all(st, n, k == 1 ? 777 : n, now);
		import_all(st, n, 1000, now);
	}
	assert_samples(st);
	assert_views(st, start, start + 3 * DAY);
	/* Into the hours that are open as well. */
	n = fill_rows(T0 - 3 * DAY, 1);
	import_all(st, n, 500, now);
	import_all(st, n, 500, now);
	assert_samples(st);
	/* Once the samples are gone the same again changes no rollup. */
	a = rig_one(st, "s1/m", start, start + 3 * DAY - 1, 900);
	rig_ok(store_tend(st, &keep, now, &e));
	for (size_t i = 0; i < models[1].n && models[1].ts[i] < start + 3 * DAY;
	     i++)
		rows[i] = (struct import_row){
		    "s1/m", models[1].ts[i], models[1].value[i]};
	import_all(st, 3800, 617, now);
	rig_ok(store_tend(st, &keep, now, &e));
	b = rig_one(st, "s1/m", start, start + 3 * DAY - 1, 900);
	assert_int_equal(a.n, b.n);
	for (size_t i = 0; i < a.n; i++)
		assert_memory_equal(
		    &a.points[i], &b.points[i], sizeof(a.points[i]));
	store_close(st);
	rig_assert_whole();
}

static void refused(
    const char *series, int64_t ts, double value, const char *text)
{
	struct import_row row[2] = {{"s/good", T0, 1}, {series, ts, value}};
	struct store *st = rig_open();
	struct err e = {0};

	assert_int_equal(store_import(st, row, 2, T0, &e), -1);
	assert_string_equal(e.text, text);
	store_close(st);
	assert_int_equal(rig_sum().n, 0);
}

static void what_cannot_be_imported_is_told(void **state)
{
	(void)state;
	refused("cpu", T0, 1, "series 'cpu': a series is named source/metric");
	refused(
	    "/cpu", T0, 1, "series '/cpu': a series is named source/metric");
	refused("a/", T0, 1, "series 'a/': a series is named source/metric");
	refused("a/b", T0, NAN, "series a/b: the value is not a number");
	refused(
	    "a/b", -1, 1, "series a/b: the time -1 is before 1970 or ahead");
	refused("a/b", T0 + 2 * DAY, 1,
	    "series a/b: the time 1793502840 is before 1970 or ahead");
}

static void a_source_may_be_asked_more_or_less_often(void **state)
{
	static const int64_t every[] = {60, 10800, 60, 900, 300};
	struct store *st = rig_open();
	int64_t start = T0 - T0 % DAY, now = start;

	(void)state;
	memset(models, 0, sizeof(models));
	for (size_t i = 0; i < 5; i++)
		for (int64_t end = now + 40 * HOUR; now < end;
		     now += every[i]) {
			struct readings *r = rig_readings();
			struct delivery d = rig_delivery("s0", now, r);
			struct err e = {0};

			d.every = every[i];
			readings_sample(r, "m", (double)(now % 977), "");
			model_put(&models[0], now, (double)(now % 977));
			rig_ok(store_deliver(st, &d, 1, &e));
			tend(st, now);
		}
	for (int i = 0; i < 50; i++)
		tend(st, now + 3 * DAY + i);
	for (int k = 1; k < SERIES; k++) {
		struct import_row row = {
		    arena_printf(rig_arena, "s%d/m", k), T0, 0};
		struct err e = {0};

		model_put(&models[k], T0, 0);
		rig_ok(store_import(st, &row, 1, now, &e));
	}
	assert_samples(st);
	assert_views(st, start, now - now % DAY);
	store_close(st);
}

/* However few runs there are in an hour, each source has its turn in it. */
static void runs_far_apart_leave_nothing_open(void **state)
{
	struct store *st = rig_open();
	int64_t start = T0 - T0 % DAY, now;
	struct err e = {0};

	(void)state;
	for (now = start; now < start + 3 * DAY; now += 600) {
		rig_ok(store_run_begin(st, now, &e));
		for (int i = 0; i < 30; i++) {
			struct readings *r = rig_readings();
			struct delivery d = rig_delivery(
			    arena_printf(rig_arena, "s%d", i), now, r);

			d.every = 600;
			readings_sample(r, "m", i, "");
			rig_ok(store_deliver(st, &d, 1, &e));
		}
		tend(st, now);
	}
	/* The hour that goes on, and what of the last one is staggered. */
	assert_true(rig_ask("SELECT count(DISTINCT at) FROM hot") <= 14);
	/* Today, and yesterday for those whose turn has not come. */
	assert_true(rig_ask("SELECT min(rolled) FROM cohort") >= now - 2 * DAY);
	store_close(st);
}

/* A clock that was years ahead for a run, and one that was years behind. */
static void a_clock_that_leaps(void **state)
{
	struct store *st = rig_open();
	int64_t start = T0 - T0 % DAY, now = start;

	(void)state;
	srand(11);
	memset(models, 0, sizeof(models));
	for (int i = 0; i < 2880; i++, now += 60) {
		int64_t at = i == 700	 ? now + 1000 * DAY
			     : i == 1500 ? now - 9000 * (int64_t)DAY
					 : now;

		deliver_run(st, at);
		tend(st, at);
	}
	assert_samples(st);
	for (int i = 0; i < 100; i++)
		tend(st, now + 2 * DAY + i);
	assert_samples(st);
	assert_views(st, start, start + DAY);
	store_close(st);
	rig_assert_whole();
}

/* Runs without end, each with the closing that is its share. */
static void run_for_ever(int64_t now)
{
	struct store *st = rig_open();
	struct keep keep = {.raw = DAY};
	struct err e = {0};

	for (;; now += 600) {
		struct readings *r = rig_readings();

		for (int i = 0; i < 100; i++)
			readings_sample(r, arena_printf(rig_arena, "m%d", i),
			    (double)(now - T0), "");
		r->state = (struct span){"x", 1};
		struct delivery d = rig_delivery("s", now, r);

		d.every = 600;
		if (store_deliver(st, &d, 1, &e) != 0 ||
		    store_tend(st, &keep, now, &e) != 0)
			_exit(1);
	}
}

static void a_kill_at_any_instant_loses_nothing(void **state)
{
	int64_t last = T0 - 600;

	(void)state;
	srand(13);
	/* A slow machine gets somewhere, too, for they are killed later. */
	for (int i = 0; i < 30 || (last <= T0 && i < 900); i++) {
		struct timespec t = {0, (rand() % (40 + i)) * 1000000L};
		struct memory m;
		struct err e = {0};
		struct store *st;
		pid_t child = fork();
		int status;

		if (child == 0)
			run_for_ever(last + 600);
		nanosleep(&t, NULL);
		assert_int_equal(kill(child, SIGKILL), 0);
		assert_int_equal(waitpid(child, &status, 0), child);
		assert_true(WIFSIGNALED(status));
		st = rig_open();
		rig_ok(store_memory(st, rig_arena, "s", &m, &e));
		store_close(st);
		if (m.tried == 0)
			continue;
		last = m.tried;
		if (last < T0 + DAY)
			assert_int_equal(
			    rig_sum().n, ((last - T0) / 600 + 1) * 100);
		assert_true(rig_sum().last == last);
		rig_assert_whole();
	}
	assert_true(last > T0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST(what_comes_in_comes_back),
	    RIG_TEST(what_is_imported_is_there_once),
	    RIG_TEST(what_cannot_be_imported_is_told),
	    RIG_TEST(a_source_may_be_asked_more_or_less_often),
	    RIG_TEST(runs_far_apart_leave_nothing_open),
	    RIG_TEST(a_clock_that_leaps),
	    RIG_TEST(a_kill_at_any_instant_loses_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
