/* The explorer's files, to the letter. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "output/explore.h"

#define T0 INT64_C(1793330040)

static struct buf out;

static int setup(void **state)
{
	(void)state;
	buf_init(&out, 1 << 20);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	buf_free(&out);
	return 0;
}

static struct series series(const char *source, const char *name,
    const char *metric, struct point *points, size_t n)
{
	return (struct series){
	    .name = name,
	    .source = source,
	    .metric = metric,
	    .unit = "percent",
	    .every = 60,
	    .points = points,
	    .n = n,
	    .last_ts = n > 0 ? points[n - 1].ts : 0,
	};
}

static void an_id_is_the_digest_of_the_name(void **state)
{
	char id[EXPLORE_ID];

	(void)state;
	explore_id("abc", id);
	assert_string_equal(id, "ba7816bf8f01cfea"); /* FIPS 180-4, B.1 */
}

static void the_index_groups_series_by_source(void **state)
{
	struct point p[] = {{T0, 1, 1, 1}};
	struct series s[] = {
	    series("a", "a/cpu", "cpu", p, 1),
	    series("a", "a/x", "x", NULL, 0),
	    series("b", "b/cpu", "cpu", p, 1),
	};

	(void)state;
	s[1].unit = "";
	explore_index(s, 3, 60, &out);
	assert_string_equal(buf_text(&out),
	    "explore(\"index\",{\"every\":60,\"sources\":["
	    "[\"a\",\"ca978112ca1bbdca\"],\n[\"b\",\"3e23e8160039594a\"]],"
	    "\"series\":[[0,\"cpu\",\"percent\",60,1793329200,"
	    "\"c5cdcc658db34fcf\"],\n[0,\"x\",\"\",60,0,"
	    "\"1653a06856ec14bc\"],\n[1,\"cpu\",\"percent\",60,1793329200,"
	    "\"77bdf8dbc383b829\"]]})\n");
}

static void an_empty_index_is_one(void **state)
{
	(void)state;
	explore_index(NULL, 0, 60, &out);
	assert_string_equal(buf_text(&out),
	    "explore(\"index\",{\"every\":60,\"sources\":[],\"series\":[]})\n");
}

static void the_newest_points_share_their_times(void **state)
{
	struct point p[] = {
	    {T0, 1, 1, 1}, {T0 + 61, 2.5, 2.5, 2.5}, {T0 + 120, 3, 1, 4}};
	struct point q[] = {{T0 + 61, 7, 7, 7}, {T0 + 200, 8, 8, 8}};
	struct series s[] = {
	    series("a", "a/cpu", "cpu", p, 3),
	    series("a", "a/late", "late", q, 2),
	    series("a", "a/none", "none", NULL, 0),
	};

	(void)state;
	explore_now(s, 3, &out);
	assert_string_equal(buf_text(&out),
	    "explore(\"ca978112ca1bbdca-now\",{\"name\":\"a\","
	    "\"t\":[1793330040,61,59,80],\"series\":["
	    "[\"cpu\",[1,2.5,[3,1,4]]],\n[\"late\",[null,7,null,8]],\n"
	    "[\"none\",[]]]})\n");
}

static void samples_have_no_range(void **state)
{
	struct point p[] = {{T0, 12.3456789, 12.3456789, 12.3456789},
	    {T0 + 61, 1234567890123, 1234567890123, 1234567890123},
	    {T0 + 120, -0.000123456789, 0, 0}, {T0 + 180, NAN, NAN, NAN}};
	struct series s = series("a", "abc", "cpu", p, 4);

	(void)state;
	explore_level(&s, "day", T0 - 10, T0 + 200, &out);
	assert_string_equal(buf_text(&out),
	    "explore(\"ba7816bf8f01cfea-day\",{\"name\":\"abc\","
	    "\"from\":1793330030,\"to\":1793330240,\"step\":0,"
	    "\"t\":[1793330040,61,59,60],"
	    "\"mean\":[12.34568,1234567890123,-0.0001234568,null]})\n");
}

static void numbers_are_short(void **state)
{
	static const double values[] = {0, 0.1, -0.5, 9.9999999, 999999.96,
	    123456.75, 1234567.25, 0.25, 0.1234567891, 99.95, 1e300, 0.05};
	struct point p[12] = {0};
	struct series s = series("a", "abc", "cpu", p, 12);

	(void)state;
	for (int i = 0; i < 12; i++)
		p[i] = (struct point){T0, values[i], 0, 0};
	explore_level(&s, "day", 0, 1, &out);
	assert_non_null(strstr(buf_text(&out),
	    "\"mean\":[0,0.1,-0.5,10,1000000,123456.8,1234567,0.25,"
	    "0.1234568,99.95,1e+300,0.05]})"));
}

static void buckets_have_a_range_and_whole_steps(void **state)
{
	struct point p[] = {{3600, 2, 1, 3}, {7200, 5, 4, 6}, {36000, 8, 7, 9}};
	struct series s = series("a", "abc", "cpu", p, 3);

	(void)state;
	s.step = 3600;
	explore_level(&s, "month", 0, 40000, &out);
	assert_string_equal(buf_text(&out),
	    "explore(\"ba7816bf8f01cfea-month\",{\"name\":\"abc\","
	    "\"from\":0,\"to\":40000,\"step\":3600,\"t\":[3600,1,8],"
	    "\"mean\":[2,5,8],\"min\":[1,4,7],\"max\":[3,6,9]})\n");
}

static void names_stay_texts(void **state)
{
	const char *evil = "a/x{k=\"\"]});alert(1)//\\ \n</script>\"}";
	struct series s = series("a", evil, evil + 2, NULL, 0);

	(void)state;
	explore_level(&s, "day", 0, 1, &out);
	assert_non_null(strstr(buf_text(&out),
	    "{\"name\":\"a/x{k=\\\"\\\"]});alert(1)//\\\\ \\n</script>\\\"}\","
	    "\"from\":0"));
	buf_reset(&out);
	explore_index(&s, 1, 60, &out);
	assert_non_null(strstr(buf_text(&out), "[0,\"x{k=\\\"\\\"]});"));
}

static void the_same_as_csv(void **state)
{
	struct point p[] = {{T0, 2, 1, 3}};
	struct series s = series("a", "abc", "cpu", p, 1);

	(void)state;
	explore_csv(&s, &out);
	assert_string_equal(buf_text(&out),
	    "time,mean,min,max\r\n2026-10-30T03:14:00Z,2,1,3\r\n");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_id_is_the_digest_of_the_name),
	    TEST(the_index_groups_series_by_source),
	    TEST(an_empty_index_is_one),
	    TEST(the_newest_points_share_their_times),
	    TEST(samples_have_no_range),
	    TEST(numbers_are_short),
	    TEST(buckets_have_a_range_and_whole_steps),
	    TEST(names_stay_texts),
	    TEST(the_same_as_csv),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
