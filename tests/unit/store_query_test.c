/* Series, tables and lines as a panel asks for them. */
#include "store_rig.h"

#include "store/store_private.h"

static void names(struct store *st, const char *glob, const char *expected)
{
	struct series *series;
	size_t n = rig_series(st, glob, T0, T0, 0, &series);
	char *all = arena_strdup(rig_arena, "");

	for (size_t i = 0; i < n; i++)
		all = arena_printf(rig_arena, "%s%s ", all, series[i].name);
	assert_string_equal(all, expected);
}

static void globs_find_names_in_order(void **state)
{
	struct store *st = rig_open();
	struct readings *r = rig_readings();
	struct strings both = rig_names("a/cpu", "a/*");
	struct err e = {0};
	struct series *series;
	size_t n;

	(void)state;
	readings_sample(r, "cpu", 1, UNIT_PERCENT);
	readings_sample(r, "disk{mount=\"/var\"}", 1, UNIT_PERCENT);
	readings_sample(r, "disk{mount=\"[x]\"}", 1, UNIT_PERCENT);
	rig_deliver(st, "a", T0, r);
	rig_deliver(st, "a-b", T0, r);
	names(st, "*/cpu", "a-b/cpu a/cpu ");
	names(st, "a/cpu", "a/cpu ");
	names(st, "a/disk*", "a/disk{mount=\"/var\"} a/disk{mount=\"[x]\"} ");
	names(st, "a/disk{mount=\"/var\"}", "a/disk{mount=\"/var\"} ");
	names(st, "a/disk{mount=\"[x]\"}", "a/disk{mount=\"[x]\"} ");
	names(st, "cpu", "");
	names(st, "a", "");
	names(st, "", "");
	names(st, "a/' OR 1 --", "");
	rig_ok(store_series(st, rig_arena, &both, T0, T0, 0, &series, &n, &e));
	assert_int_equal(n, 3);
	assert_string_equal(series[0].source, "a");
	assert_string_equal(series[0].metric, "cpu");
	assert_string_equal(series[0].unit, "percent");
	assert_int_equal(series[0].every, 60);
	store_close(st);
}

static void new_series_are_seen_at_once(void **state)
{
	struct store *st = rig_open(), *other = rig_open();

	(void)state;
	names(st, "*", "");
	rig_sample(st, T0, 1);
	names(st, "*", "s/m ");
	rig_counter(other, T0, 1);
	names(st, "*", "s/c s/m ");
	store_close(st);
	store_close(other);
}

static void few_samples_are_points(void **state)
{
	struct store *st = rig_open();
	struct series s;

	(void)state;
	for (int i = 0; i < 10; i++)
		rig_sample(st, T0 + 60 * i, i);
	s = rig_one(st, "s/m", T0 + 60, T0 + 300, 5);
	assert_int_equal(s.step, 0);
	assert_int_equal(s.n, 5);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(s.points[i].ts, T0 + 60 * (i + 1));
		assert_true(s.points[i].mean == i + 1);
		assert_true(s.points[i].min == i + 1);
		assert_true(s.points[i].max == i + 1);
	}
	assert_true(s.last == 5 && s.last_ts == T0 + 300);
	store_close(st);
}

static void many_samples_are_buckets(void **state)
{
	struct store *st = rig_open();
	struct series s;

	(void)state;
	for (int i = 0; i < 10; i++)
		rig_sample(st, T0 + 60 * i, i);
	/* T0 is four minutes past a multiple of five. */
	s = rig_one(st, "s/m", T0, T0 + 540, 4);
	assert_int_equal(s.step, 300);
	assert_int_equal(s.n, 3);
	assert_int_equal(s.points[0].ts, T0 - 240);
	assert_true(s.points[0].mean == 0);
	assert_int_equal(s.points[1].ts, T0 + 60);
	assert_true(s.points[1].mean == 3);
	assert_true(s.points[1].min == 1 && s.points[1].max == 5);
	assert_true(s.points[2].mean == 7.5);
	assert_true(s.points[2].min == 6 && s.points[2].max == 9);
	store_close(st);
}

static void a_bucket_of_huge_values_has_a_mean(void **state)
{
	struct store *st = rig_open();
	struct series s;

	(void)state;
	for (int i = 0; i < 4; i++)
		rig_sample(st, T0 + 60 * i, 1.6e308);
	s = rig_one(st, "s/m", T0, T0 + 180, 2);
	assert_int_equal(s.n, 2);
	assert_true(s.points[1].mean == 1.6e308);
	store_close(st);
}

static void the_last_value_may_be_older_than_the_view(void **state)
{
	struct store *st = rig_open();
	struct series s;

	(void)state;
	rig_sample(st, T0, 1);
	rig_sample(st, T0 + 60, 2);
	rig_sample(st, T0 + 90000, 3);
	s = rig_one(st, "s/m", T0 + 80000, T0 + 80600, 10);
	assert_int_equal(s.n, 0);
	assert_true(s.last == 2 && s.last_ts == T0 + 60);
	s = rig_one(st, "s/m", T0 + 80000, T0 + 200000, 0);
	assert_int_equal(s.n, 0);
	assert_true(s.last == 3 && s.last_ts == T0 + 90000);
	s = rig_one(st, "s/m", T0 - 600, T0 - 60, 10);
	assert_true(isnan(s.last));
	assert_int_equal(s.last_ts, 0);
	s = rig_one(st, "s/m", INT64_MIN, INT64_MAX, 10);
	assert_int_equal(s.n, 3);
	s = rig_one(st, "s/m", T0 + 60, T0, 10);
	assert_int_equal(s.n, 0);
	store_close(st);
}

static void steps_are_round(void **state)
{
	(void)state;
	assert_int_equal(bucket_step(T0, T0 + 86400, 60, 800), 120);
	assert_int_equal(bucket_step(T0, T0 + 86400, 60, 2000), 60);
	assert_int_equal(bucket_step(T0, T0 + 7 * 86400, 60, 800), 900);
	assert_int_equal(bucket_step(T0, T0 + 30 * 86400, 60, 800), 3600);
	assert_int_equal(bucket_step(T0, T0 + 365 * 86400, 60, 800), 43200);
	assert_int_equal(bucket_step(T0, T0 + 3600, 10, 100), 60);
	assert_int_equal(bucket_step(T0, T0 + 86400, 7, 800), 126);
	assert_int_equal(bucket_step(T0, T0 + 86400, 0, 800), 120);
	assert_int_equal(bucket_step(0, INT64_MAX, 60, 1) % 60, 0);
	assert_true(bucket_step(0, INT64_MAX, INT64_MAX, 1) > 0);
	assert_true(bucket_step(0, INT64_MAX, 86400 * 365, 2) > 0);
}

#define MODEL_MAX 3000

/* One series of the reference: what was delivered, by time. */
struct model {
	int64_t ts[MODEL_MAX];
	double value[MODEL_MAX];
	size_t n;
};

static void model_put(struct model *m, int64_t ts, double value)
{
	size_t i = 0;

	while (i < m->n && m->ts[i] < ts)
		i++;
	if (i == m->n || m->ts[i] != ts) {
		memmove(&m->ts[i + 1], &m->ts[i], (m->n - i) * sizeof(*m->ts));
		memmove(&m->value[i + 1], &m->value[i],
		    (m->n - i) * sizeof(*m->value));
		m->n++;
	}
	m->ts[i] = ts;
	m->value[i] = value;
}

static size_t model_count(const struct model *m, int64_t from, int64_t to)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++)
		n += m->ts[i] >= from && m->ts[i] <= to;
	return n;
}

static void assert_bucket(const struct model *m, int64_t from, int64_t to,
    int64_t step, const struct point *p)
{
	double sum = 0, min = INFINITY, max = -INFINITY;
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++) {
		if (m->ts[i] < from || m->ts[i] > to ||
		    m->ts[i] - m->ts[i] % step != p->ts)
			continue;
		sum += m->value[i];
		min = fmin(min, m->value[i]);
		max = fmax(max, m->value[i]);
		n++;
	}
	assert_true(n > 0);
	assert_true(p->min == min && p->max == max);
	assert_true(fabs(p->mean - sum / (double)n) < 1e-6);
}

static void assert_last(
    const struct model *m, int64_t to, const struct series *s)
{
	size_t n = model_count(m, 0, to);

	if (n == 0) {
		assert_true(isnan(s->last));
		return;
	}
	assert_int_equal(s->last_ts, m->ts[n - 1]);
	assert_true(s->last == m->value[n - 1]);
}

static void assert_like_model(const struct model *m, const struct series *s,
    int64_t from, int64_t to, size_t max)
{
	size_t n = model_count(m, from, to),
	       before = model_count(m, 0, from - 1);
	int64_t step = s->step == 0 ? 1 : s->step, previous = -1;

	assert_true(s->n <= max);
	assert_int_equal(s->step == 0, n <= max);
	assert_int_equal(step % (s->step == 0	    ? 1
				    : s->step < 300 ? s->every
						    : 300),
	    0);
	if (s->step == 0)
		assert_int_equal(s->n, n);
	for (size_t i = 0; i < s->n; i++) {
		assert_bucket(m, from, to, step, &s->points[i]);
		assert_true(s->points[i].ts > previous);
		previous = s->points[i].ts;
	}
	/* No sample without its bucket. */
	for (size_t i = before, j = 0; i < before + n; i++) {
		while (j < s->n && s->points[j].ts + step <= m->ts[i])
			j++;
		assert_true(j < s->n && s->points[j].ts <= m->ts[i]);
	}
	assert_last(m, to, s);
}

static void random_series_are_as_in_a_simple_model(void **state)
{
	static const int64_t every[] = {10, 60, 300, 7};
	static struct model models[4];
	struct store *st = rig_open();
	int64_t now = T0;

	(void)state;
	srand(20261122);
	memset(models, 0, sizeof(models));
	for (int i = 0; i < 1200; i++) {
		int k = rand() % 4;
		char *source = arena_printf(rig_arena, "s%d", k);
		struct readings *r = rig_readings();
		struct delivery d = rig_delivery(source, now, r);
		double value = rand() % 1000 / 8.0;
		int64_t ts = now;
		struct err e = {0};

		if (rand() % 10 == 0) /* late, or of the same time again */
			ts -= rand() % 5000;
		readings_sample(r, "m", value, "")->ts = ts;
		d.every = every[k];
		rig_ok(store_deliver(st, &d, 1, &e));
		model_put(&models[k], ts, value);
		now += rand() % 50 == 0 ? 20000 : rand() % 60;
	}
	for (int i = 0; i < 600; i++) {
		int k = rand() % 4;
		int64_t from = T0 - 6000 + rand() % (now - T0 + 8000);
		int64_t to = from + rand() % (i % 2 == 0 ? 4000 : 400000);
		size_t max = (size_t)(rand() % 80 + 1);
		struct series s = rig_one(
		    st, arena_printf(rig_arena, "s%d/m", k), from, to, max);

		assert_like_model(&models[k], &s, from, to, max);
	}
	store_close(st);
}

static void add_table(
    struct readings *r, const char *name, const char *cell, size_t left_out)
{
	struct table *t = readings_table(r, name, 2);
	const char **row;

	table_column(r, t, 0, "command", "");
	table_column(r, t, 1, "cpu", UNIT_PERCENT);
	row = table_row(r, t);
	table_cell(r, row, 0, cell, strlen(cell));
	row = table_row(r, t);
	table_cell(r, row, 1, "1.5", 3);
	t->left_out = left_out;
}

static const struct table *table_at(
    struct store *st, const char *name, int64_t at, int64_t *ts)
{
	struct err e = {0};
	struct table *t;

	rig_ok(store_table(st, rig_arena, "s", name, at, &t, ts, &e));
	return t;
}

static void tables_come_back_as_of_a_time(void **state)
{
	struct store *st = rig_open();
	struct readings *r = rig_readings();
	const struct table *t;
	int64_t ts;

	(void)state;
	assert_null(table_at(st, "processes", T0, &ts));
	add_table(r, "processes", "sshd", 141);
	add_table(r, "", "<script>", 0);
	rig_deliver(st, "s", T0, r);
	r = rig_readings();
	add_table(r, "processes", "nginx", 0);
	rig_deliver(st, "s", T0 + 60, r);
	assert_null(table_at(st, "processes", T0 - 1, &ts));
	t = table_at(st, "processes", T0 + 59, &ts);
	assert_int_equal(ts, T0);
	assert_string_equal(t->name, "processes");
	assert_int_equal(t->n_columns, 2);
	assert_int_equal(t->n_rows, 2);
	assert_int_equal(t->left_out, 141);
	assert_string_equal(t->columns[1].name, "cpu");
	assert_string_equal(t->columns[1].unit, "percent");
	assert_string_equal(t->rows[0][0], "sshd");
	assert_null(t->rows[0][1]);
	assert_string_equal(t->rows[1][1], "1.5");
	t = table_at(st, "processes", T0 + 600, &ts);
	assert_int_equal(ts, T0 + 60);
	assert_string_equal(t->rows[0][0], "nginx");
	t = table_at(st, "", T0 + 600, &ts);
	assert_int_equal(ts, T0);
	assert_string_equal(t->rows[0][0], "<script>");
	store_close(st);
}

static void a_table_that_does_not_change_is_one_row(void **state)
{
	struct store *st = rig_open();
	struct readings *r = rig_readings();
	int64_t ts;

	(void)state;
	add_table(r, "", "same", 0);
	for (int i = 0; i < 5; i++)
		rig_deliver(st, "s", T0 + 60 * i, r);
	assert_int_equal(rig_ask("SELECT count(*) FROM snapshot"), 1);
	assert_non_null(table_at(st, "", T0 + 900, &ts));
	assert_int_equal(ts, T0 + 240);
	assert_non_null(table_at(st, "", T0 + 120, &ts));
	assert_int_equal(ts, T0 + 120);
	/* A failure in between: nobody knows how it was then. */
	rig_fail(st, "s", T0 + 300, OUTCOME_TIMEOUT, "no answer in 10 s");
	rig_deliver(st, "s", T0 + 360, r);
	assert_int_equal(rig_ask("SELECT count(*) FROM snapshot"), 2);
	assert_non_null(table_at(st, "", T0 + 330, &ts));
	assert_int_equal(ts, T0 + 240);
	store_close(st);
}

static void a_damaged_table_is_told(void **state)
{
	struct store *st = rig_open();
	struct readings *r = rig_readings();
	struct err e = {0};
	struct table *t;
	struct db *db;
	int64_t ts;
	struct damage *damage;
	size_t n;

	(void)state;
	add_table(r, "processes", "sshd", 0);
	rig_deliver(st, "s", T0, r);
	rig_ok(db_open(&db, rig_path, DB_WRITE, &e));
	rig_ok(db_exec(db, "UPDATE snapshot SET content = x'01020304'", &e));
	db_close(db);
	rig_ok(store_table(st, rig_arena, "s", "processes", T0, &t, &ts, &e));
	assert_null(t);
	rig_ok(store_damages(st, rig_arena, &damage, &n, &e));
	assert_int_equal(n, 1);
	assert_string_equal(damage->what, "tables of s");
	store_close(st);
}

/* Whatever is cut off or changed, the rest is not taken for a table. */
static void table_blobs_are_checked(void **state)
{
	struct readings *r = rig_readings();
	struct buf b;

	(void)state;
	add_table(r, "processes", "sshd", 300);
	buf_init(&b, TABLE_BLOB_MAX);
	assert_true(table_encode(r->tables, &b));
	assert_non_null(table_decode(rig_arena, (struct span){b.data, b.len}));
	for (size_t n = 0; n < b.len; n++)
		assert_null(table_decode(rig_arena, (struct span){b.data, n}));
	buf_char(&b, 0);
	assert_null(table_decode(rig_arena, (struct span){b.data, b.len}));
	b.data[0] = 2;
	assert_null(table_decode(rig_arena, (struct span){b.data, b.len - 1}));
	buf_free(&b);
	buf_init(&b, 10);
	assert_false(table_encode(r->tables, &b));
	buf_free(&b);
	/* 200,000 rows of 256 columns in nine bytes. */
	assert_null(table_decode(
	    rig_arena, (struct span){"\1\x80\2\xc0\x9a\x0c\0\0\0", 9}));
	assert_null(table_decode(rig_arena,
	    (struct span){"\1\xff\xff\xff\xff\xff\xff\xff\xff\xff\1\0\0", 13}));
}

static void add_line(struct readings *r, int64_t ts, const char *text)
{
	assert_true(readings_line(r, ts, text, strlen(text)));
}

static char *lines(struct store *st, const char *a, const char *b, int64_t from,
    int64_t to, size_t max, size_t *left_out)
{
	struct strings sources = rig_names(a, b);
	char *all = arena_strdup(rig_arena, "");
	struct err e = {0};
	struct log_line *found;
	size_t n;

	rig_ok(store_lines(
	    st, rig_arena, &sources, from, to, max, &found, &n, left_out, &e));
	for (size_t i = 0; i < n; i++)
		all = arena_printf(rig_arena, "%s%s@%d:%s ", all,
		    found[i].source, (int)(found[i].ts - T0), found[i].text);
	return all;
}

static void lines_are_merged_by_time(void **state)
{
	struct store *st = rig_open();
	struct readings *a = rig_readings(), *b = rig_readings();
	size_t left;

	(void)state;
	add_line(a, T0 + 1, "a1");
	add_line(a, T0 + 5, "a5");
	add_line(a, T0 + 5, "a5bis");
	add_line(b, T0 + 3, "b3");
	add_line(b, 0, "b-now");
	add_line(b, INT64_MAX, "b-future");
	rig_deliver(st, "a", T0 + 60, a);
	rig_deliver(st, "b", T0 + 60, b);
	assert_string_equal(lines(st, "a", "b", T0, T0 + 60, 10, &left),
	    "a@1:a1 b@3:b3 a@5:a5 a@5:a5bis b@60:b-now b@60:b-future ");
	assert_int_equal(left, 0);
	assert_string_equal(lines(st, "*", NULL, T0, T0 + 60, 3, &left),
	    "a@5:a5bis b@60:b-now b@60:b-future ");
	assert_int_equal(left, 3);
	assert_string_equal(
	    lines(st, "a", NULL, T0, T0 + 4, 3, &left), "a@1:a1 ");
	assert_int_equal(left, 0);
	assert_string_equal(lines(st, "b", NULL, T0, T0 + 9, 0, &left), "");
	assert_int_equal(left, 1);
	assert_string_equal(lines(st, "c", NULL, T0, T0 + 9, 9, &left), "");
	store_close(st);
}

/* Clocks that leap back change nothing of the order within a source. */
static void lines_of_a_source_keep_their_order(void **state)
{
	struct store *st = rig_open();
	struct readings *a = rig_readings(), *b = rig_readings();
	size_t left;

	(void)state;
	add_line(a, T0 + 9, "a1");
	add_line(a, T0 + 2, "a2");
	add_line(a, T0 + 12, "a3");
	add_line(b, T0 + 4, "b1");
	add_line(b, T0 + 10, "b2");
	rig_deliver(st, "a", T0 + 60, a);
	rig_deliver(st, "b", T0 + 60, b);
	assert_string_equal(lines(st, "a", "b", T0, T0 + 60, 10, &left),
	    "b@4:b1 a@9:a1 a@2:a2 b@10:b2 a@12:a3 ");
	store_close(st);
}

static void lines_that_were_never_kept_are_counted(void **state)
{
	struct store *st = rig_open();
	struct readings *r = rig_readings();
	size_t left;

	(void)state;
	add_line(r, T0, "one");
	r->lines_left_out = 1000;
	rig_deliver(st, "a", T0, r);
	rig_deliver(st, "b", T0, r);
	r->lines_left_out = 1;
	rig_deliver(st, "a", T0 + 60, r);
	assert_string_equal(
	    lines(st, "a", NULL, T0, T0 + 59, 10, &left), "a@0:one a@0:one ");
	assert_int_equal(left, 1000);
	lines(st, "a", NULL, T0, T0 + 60, 1, &left);
	assert_int_equal(left, 1002);
	store_close(st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST(globs_find_names_in_order),
	    RIG_TEST(new_series_are_seen_at_once),
	    RIG_TEST(few_samples_are_points),
	    RIG_TEST(many_samples_are_buckets),
	    RIG_TEST(a_bucket_of_huge_values_has_a_mean),
	    RIG_TEST(the_last_value_may_be_older_than_the_view),
	    RIG_TEST(steps_are_round),
	    RIG_TEST(random_series_are_as_in_a_simple_model),
	    RIG_TEST(tables_come_back_as_of_a_time),
	    RIG_TEST(a_table_that_does_not_change_is_one_row),
	    RIG_TEST(a_damaged_table_is_told),
	    RIG_TEST(table_blobs_are_checked),
	    RIG_TEST(lines_are_merged_by_time),
	    RIG_TEST(lines_of_a_source_keep_their_order),
	    RIG_TEST(lines_that_were_never_kept_are_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
