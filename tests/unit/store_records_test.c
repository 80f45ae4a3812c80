/* Records: the newest of each key, what they were, who is still listed. */
#include "store_rig.h"

static void put(struct readings *r, const char *key, const char *lat)
{
	struct record *rec = readings_record(r, key, 3);

	record_field(r, rec, 0, "lat", lat, true);
	record_field(r, rec, 1, "state", "moving", false);
	record_field(r, rec, 2, "note", NULL, false);
}

/* A run that lists van-1 at lat1 and, if given, van-2. */
static void deliver(
    struct store *st, int64_t now, const char *lat1, const char *lat2)
{
	struct readings *r = rig_readings();

	put(r, "van-1", lat1);
	if (lat2 != NULL)
		put(r, "van-2", lat2);
	rig_deliver(st, "vans", now, r);
}

static struct records ask(
    struct store *st, int64_t from, int64_t at, size_t keys, size_t versions)
{
	struct records_wanted w = {"vans", from, at, keys, versions};
	struct records out;
	struct err e = {0};

	rig_ok(store_records(st, rig_arena, &w, &out, &e));
	return out;
}

static void assert_version(const struct version *v, const char *key, int64_t ts,
    int64_t seen, const char *lat)
{
	assert_string_equal(v->key, key);
	assert_int_equal(v->ts, ts);
	assert_int_equal(v->seen, seen);
	assert_string_equal(version_field(v, "lat"), lat);
	assert_string_equal(version_field(v, "state"), "moving");
	assert_null(version_field(v, "note"));
	assert_null(version_field(v, "none"));
	assert_true(v->fields[0].number);
	assert_false(v->fields[1].number);
}

/* van-1 moves at each run, van-2 stands and is listed twice. */
static struct store *three_runs(void)
{
	struct store *st = rig_open();

	deliver(st, T0, "51", "60");
	deliver(st, T0 + 60, "52", "60");
	deliver(st, T0 + 120, "53", NULL);
	return st;
}

static void the_newest_of_each_key_with_when_it_was_seen(void **state)
{
	struct store *st = three_runs();
	struct records r = ask(st, T0 + 120, T0 + 120, 10, 100);

	(void)state;
	assert_int_equal(r.n, 2);
	assert_int_equal(r.listed, T0 + 120);
	assert_int_equal(r.left_out, 0);
	assert_version(&r.versions[0], "van-1", T0 + 120, T0 + 120, "53");
	assert_version(&r.versions[1], "van-2", T0 + 60, T0 + 60, "60");
	store_close(st);
}

static void a_failure_lists_nothing(void **state)
{
	struct store *st = three_runs();
	struct records r;

	(void)state;
	rig_fail(st, "vans", T0 + 180, OUTCOME_TIMEOUT, "no answer in 10 s");
	r = ask(st, T0 + 180, T0 + 180, 10, 100);
	assert_int_equal(r.listed, T0 + 120);
	r = ask(st, T0, T0 - 1, 10, 100);
	assert_int_equal(r.n, 0);
	assert_int_equal(r.listed, 0);
	store_close(st);
}

static void what_they_were_before_oldest_first(void **state)
{
	struct store *st = three_runs();
	struct records r = ask(st, T0, T0 + 120, 10, 100);

	(void)state;
	assert_int_equal(r.n, 4);
	assert_version(&r.versions[0], "van-1", T0, T0, "51");
	assert_version(&r.versions[1], "van-1", T0 + 60, T0 + 60, "52");
	assert_version(&r.versions[2], "van-1", T0 + 120, T0 + 120, "53");
	assert_version(&r.versions[3], "van-2", T0 + 60, T0 + 60, "60");
	/* one that held at the beginning counts, one that had ended not */
	r = ask(st, T0 + 60, T0 + 120, 10, 100);
	assert_int_equal(r.n, 3);
	assert_version(&r.versions[0], "van-1", T0 + 60, T0 + 60, "52");
	store_close(st);
}

static void as_they_were_known_at_a_moment_of_the_past(void **state)
{
	struct store *st = three_runs();
	struct records r = ask(st, T0 + 90, T0 + 90, 10, 100);

	(void)state;
	assert_int_equal(r.n, 2);
	assert_version(&r.versions[0], "van-1", T0 + 60, T0 + 60, "52");
	assert_version(&r.versions[1], "van-2", T0 + 60, T0 + 60, "60");
	assert_int_equal(r.listed, T0 + 60);
	r = ask(st, T0 + 30, T0 + 30, 10, 100);
	assert_version(&r.versions[1], "van-2", T0 + 30, T0 + 30, "60");
	store_close(st);
}

static void a_time_of_its_own(void **state)
{
	struct store *st = rig_open();
	struct readings *r = rig_readings();
	struct records got;

	(void)state;
	put(r, "van-1", "51");
	r->records[0].ts = T0 - 1000;
	rig_deliver(st, "vans", T0, r);
	got = ask(st, T0, T0, 10, 100);
	assert_version(&got.versions[0], "van-1", T0 - 1000, T0, "51");
	/* twice in one run: the last counts, and there was nothing before */
	r = rig_readings();
	put(r, "van-1", "52");
	put(r, "van-1", "53");
	rig_deliver(st, "vans", T0 + 60, r);
	got = ask(st, T0, T0 + 60, 10, 100);
	assert_int_equal(got.n, 2);
	assert_string_equal(version_field(&got.versions[1], "lat"), "53");
	store_close(st);
}

static void bounds_leave_out_what_is_oldest(void **state)
{
	struct store *st = three_runs();
	struct records r = ask(st, T0, T0 + 120, 1, 100);

	(void)state;
	assert_int_equal(r.n, 3);
	assert_string_equal(r.versions[0].key, "van-1");
	assert_int_equal(r.left_out, 1);
	/* the newest of each come before anybody's past */
	r = ask(st, T0, T0 + 120, 10, 3);
	assert_int_equal(r.n, 3);
	assert_version(&r.versions[0], "van-1", T0 + 60, T0 + 60, "52");
	assert_version(&r.versions[2], "van-2", T0 + 60, T0 + 60, "60");
	store_close(st);
}

static void the_past_is_pruned_the_newest_stays(void **state)
{
	struct keep keep = {.records = 3600};
	struct store *st = three_runs();
	struct err e = {0};

	(void)state;
	rig_ok(store_tend(st, &keep, T0 + 3600 + 100, &e));
	assert_int_equal(ask(st, T0, T0 + 7200, 10, 100).n, 3);
	rig_ok(store_tend(st, &keep, T0 + 400 * 86400, &e));
	assert_int_equal(ask(st, T0, T0 + 7200, 10, 100).n, 2);
	store_close(st);
	assert_int_equal(rig_ask("SELECT count(*) FROM record_past"), 0);
}

static void fields_that_are_nothing(void **state)
{
	struct store *st = rig_open();
	struct readings *r = rig_readings();
	struct records got;

	(void)state;
	readings_record(r, "van-1", 0);
	rig_deliver(st, "vans", T0, r);
	got = ask(st, T0, T0, 10, 100);
	assert_int_equal(got.n, 1);
	assert_int_equal(got.versions[0].n, 0);
	store_close(st);
}

/* What a whole list no longer has is there of the past only. */
static void a_whole_list(void **state)
{
	struct store *st = three_runs();
	struct readings *r = rig_readings();
	struct delivery d = rig_delivery("vans", T0 + 180, r);
	struct err e = {0};

	(void)state;
	d.whole = true;
	rig_ok(store_deliver(st, &d, 1, &e));
	assert_int_equal(ask(st, T0, T0 + 180, 10, 100).n, 4);
	put(r, "van-2", "61");
	d.now = T0 + 240;
	rig_ok(store_deliver(st, &d, 1, &e));
	assert_int_equal(ask(st, T0, T0 + 240, 10, 100).n, 2);
	assert_int_equal(ask(st, T0 + 200, T0 + 200, 10, 100).n, 2);
	assert_int_equal(ask(st, T0 + 240, T0 + 240, 10, 100).n, 1);
	store_close(st);
	assert_int_equal(
	    rig_ask("SELECT count(*) FROM record WHERE gone IS NULL"), 1);
}

/* It begins anew: what it was before ends with when it was gone. */
static void one_that_comes_back(void **state)
{
	struct store *st = rig_open();
	struct readings *r = rig_readings();
	struct delivery d = rig_delivery("vans", T0, r);
	struct records found;
	struct err e = {0};

	(void)state;
	d.whole = true;
	put(r, "van-1", "51");
	put(r, "van-2", "60");
	rig_ok(store_deliver(st, &d, 1, &e));
	d.readings = r = rig_readings();
	put(r, "van-2", "60");
	d.now = T0 + 60;
	rig_ok(store_deliver(st, &d, 1, &e));
	put(r, "van-1", "51");
	d.now = T0 + 120;
	rig_ok(store_deliver(st, &d, 1, &e));
	assert_int_equal(ask(st, T0 + 30, T0 + 30, 10, 100).n, 2);
	assert_int_equal(ask(st, T0 + 90, T0 + 90, 10, 100).n, 1);
	found = ask(st, T0 + 120, T0 + 120, 10, 100);
	assert_int_equal(found.n, 2);
	assert_version(&found.versions[0], "van-1", T0 + 120, T0 + 120, "51");
	store_close(st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST(the_newest_of_each_key_with_when_it_was_seen),
	    RIG_TEST(a_failure_lists_nothing),
	    RIG_TEST(what_they_were_before_oldest_first),
	    RIG_TEST(as_they_were_known_at_a_moment_of_the_past),
	    RIG_TEST(a_time_of_its_own),
	    RIG_TEST(bounds_leave_out_what_is_oldest),
	    RIG_TEST(the_past_is_pruned_the_newest_stays),
	    RIG_TEST(fields_that_are_nothing),
	    RIG_TEST(a_whole_list),
	    RIG_TEST(one_that_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
