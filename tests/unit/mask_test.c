/* What must not be seen, and what stands in its place. */
#include "base/mask.h"
#include "base/names.h"
#include "test.h"

#include <string.h>

static struct mask *fresh(void *a)
{
	return mask_open(a, (struct span){"key", 3});
}

/* Pseudonyms as their kinds only: "host-4k7q" to "<host>". */
static const char *outline(void *a, struct mask *m, const char *text)
{
	static const char *const kinds[] = {
	    "pattern", "word", "user", "host", "mail", "address"};
	const char *s = mask_text(m, a, text);
	char *out = arena_alloc(a, strlen(s) * 2 + 1), *to = out;

	while (*s != '\0') {
		size_t n = 0, k;

		for (k = 0; k < 6; k++) {
			n = strlen(kinds[k]);
			if (strncmp(s, kinds[k], n) == 0 && s[n] == '-')
				break;
		}
		if (k == 6) {
			*to++ = *s++;
			continue;
		}
		*to++ = '<';
		memcpy(to, kinds[k], n);
		to += n;
		*to++ = '>';
		s += n + 5;
	}
	return out;
}

static void same(void *a, struct mask *m, const char *x, const char *y)
{
	assert_string_equal(mask_text(m, a, x), mask_text(m, a, y));
}

static void words_are_whole(void **state)
{
	static const struct {
		const char *text, *masked;
	} cases[] = {
	    {"db1", "<host>"},
	    {"DB1 is up", "<host> is up"},
	    {"app-db1", "app-<host>"},
	    {"db1_old.log", "<host>_old.log"},
	    {"/srv/db1/x", "/srv/<host>/x"},
	    {"db1.other.org", "<host>.other.org"},
	    {"db12 xdb1", "db12 xdb1"},
	    {"db1.example.net", "<host>"},
	    {"DB1.Example.Net.", "<host>."},
	    {"app9.example.net", "<host>"},
	    {"x.y.example.net:8080", "<host>:8080"},
	    {"http://db1.example.net/", "http://<host>/"},
	    {"example.net", "<host>"},
	    {"used_db1_example_net_bytes", "used_<host>_bytes"},
	    {"app9_example_net", "<host>"},
	    {"db1..example", "<host>..example"},
	    {"big-blue", "<word>"},
	    {"notexample.net", "notexample.net"},
	    {"db1,db1;db1", "<host>,<host>;<host>"},
	    {"Frau Müller sagt", "Frau <word> sagt"},
	    {"Müllers", "<word>s"},
	    {"an acme rocket", "an <word> rocket"},
	    {"acmes", "acmes"},
	    {"big blue box", "<word> box"},
	    {"big", "<host>"},
	    {"queue of db1", "queue of <host>"},
	    {"", ""},
	};
	struct mask *m = fresh(*state);

	mask_spare(m, "queue");
	mask_word(m, MASK_HOST, "queue", NULL);
	mask_word(m, MASK_HOST, "db1", NULL);
	mask_word(m, MASK_HOST, "db1.example.net", "db1");
	mask_domain(m, "example.net");
	mask_word(m, MASK_WORD, "Müller", NULL);
	mask_word(m, MASK_WORD, "#acme!", NULL);
	mask_word(m, MASK_HOST, "big", NULL);
	mask_word(m, MASK_WORD, "big blue", NULL);
	mask_word(m, MASK_WORD, "--", NULL);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
		    outline(*state, m, cases[i].text), cases[i].masked);
	same(*state, m, "db1", "DB1.EXAMPLE.NET");
	same(*state, m, "app9.example.net", "App9_example-NET");
	assert_null(mask_text(m, *state, NULL));
}

static void addresses_of_all_forms(void **state)
{
	static const struct {
		const char *text, *masked;
	} cases[] = {
	    {"10.0.0.7", "<address>"},
	    {"from 10.0.0.7:8080,", "from <address>:8080,"},
	    {"10.0.0.0/8", "<address>/8"},
	    {"ip-10-0-0-7.ec2", "ip-<address>.ec2"},
	    {"from_10_0_0_7", "from_<address>"},
	    {"1_2_3_4_5", "1_2_3_4_5"},
	    {"v10.0.0.7.53", "v<address>.53"},
	    {"256.0.0.1", "256.0.0.1"},
	    {"1.2.3", "1.2.3"},
	    {"22-11-20-16-03", "22-11-20-16-03"},
	    {"2026-11-22 03:14:00", "2026-11-22 03:14:00"},
	    {"::1", "<address>"},
	    {"[2001:db8::7]:443", "[<address>]:443"},
	    {"2001:db8::7: refused", "<address>: refused"},
	    {"addr:2001:db8::7/64", "addr:<address>/64"},
	    {"fe80::1%eth0 up", "<address> up"},
	    {"http://[fe80::1%25eth0]/", "http://[<address>]/"},
	    {"1:2:3:4:5:6:7:8", "<address>"},
	    {"::ffff:10.0.0.7.", "<address>."},
	    {"Foo::bad()", "Foo::bad()"},
	    {"::", "::"},
	    {"12:34:56", "12:34:56"},
	    {"00:1a:2B:3c:4d:5e", "<address>"},
	    {"00-1a-2b-3c-4d-5e", "<address>"},
	    {"00:1a:2b:3c:4d", "00:1a:2b:3c:4d"},
	    {"00:1a:2b:3c:4d:5e6", "00:1a:2b:3c:4d:5e6"},
	    {"<ann.b+c@mail.example.org>", "<<mail>>"},
	    {"to=ann%40example.org&x", "to=<mail>&x"},
	    {"ann@example.org.", "<mail>."},
	    {"ann@box said", "ann@box said"},
	    {"@ a@ @b.c a@.c", "@ a@ @b.c a@.c"},
	};
	struct mask *m = fresh(*state);

	assert_string_equal(mask_text(m, *state, "10.0.0.7"), "10.0.0.7");
	mask_addresses(m);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(
		    outline(*state, m, cases[i].text), cases[i].masked);
	same(*state, m, "10.0.0.7", "::ffff:10.0.0.7");
	same(*state, m, "10.0.0.7", "010.000.00.007");
	same(*state, m, "10.0.0.7", "10-0-0-7");
	same(*state, m, "2001:DB8:0::7", "2001:db8::0007");
	same(*state, m, "fe80::1", "fe80::1%eth0");
	same(*state, m, "00:1a:2b:3c:4d:5e", "00-1A-2B-3C-4D-5E");
	same(*state, m, "Ann@Example.org", "ann%40example.org");
}

static void patterns_and_what_they_may_not_be(void **state)
{
	struct mask *m = fresh(*state);
	struct err e;

	assert_int_equal(mask_pattern(m, "customer-\\d+", &e), 0);
	assert_int_equal(mask_pattern(m, "^[\\d[:alpha:]]{3}#", &e), 0);
	assert_int_equal(mask_pattern(m, "\\(\\D\\)", &e), 0);
	assert_string_equal(
	    outline(*state, m, "customer-12 and customer-x (a) ab1#"),
	    "<pattern> and customer-x <pattern> ab1#");
	assert_string_equal(outline(*state, m, "ab1#ab1#"), "<pattern>ab1#");
	assert_int_equal(mask_pattern(m, "x.#", &e), 0);
	assert_int_equal(mask_pattern(m, "y.", &e), 0);
	assert_string_equal(
	    outline(*state, m, "yü, \xc3\xbcxa#"), "<pattern>, ü<pattern>");
	assert_true(mask_is_match(m, "customer-7"));
	assert_false(mask_is_match(m, "customer-7 "));
	assert_int_equal(mask_pattern(m, "\\pL", &e), -1);
	assert_string_equal(e.text,
	    "pattern '\\pL': \\p means nothing in a regular expression");
	assert_int_equal(mask_pattern(m, "[\\w]", &e), -1);
	assert_string_equal(e.text,
	    "pattern '[\\w]': a \\ in brackets stands for itself; only \\d is "
	    "known there");
	assert_int_equal(mask_pattern(m, "a(", &e), -1);
	assert_string_equal(e.text, "pattern 'a(': Unmatched ( or \\(");
	assert_int_equal(mask_pattern(m, "[a", &e), -1);
	assert_int_equal(mask_pattern(m, "a\\", &e), -1);
	assert_string_equal(e.text, "pattern 'a\\': Trailing backslash");
	assert_int_equal(mask_pattern(m, "x*", &e), -1);
	assert_string_equal(e.text, "pattern 'x*': it matches nothing at all");
	mask_close(m);
}

static void what_overlaps_is_one(void **state)
{
	struct mask *m = fresh(*state);
	struct err e;

	mask_addresses(m);
	mask_word(m, MASK_HOST, "db1", NULL);
	assert_int_equal(mask_pattern(m, "id=db", &e), 0);
	assert_int_equal(mask_pattern(m, "7 .*end", &e), 0);
	assert_string_equal(outline(*state, m, "id=db1!"), "<pattern>!");
	assert_string_equal(
	    outline(*state, m, "10.0.0.7 to the end."), "<pattern>.");
	assert_string_equal(
	    outline(*state, m, "ann@db1.example.org"), "<mail>");
	mask_close(m);
}

static void masked_once(void **state)
{
	struct mask *m = fresh(*state), *other;
	const char *once, *twice;
	struct err e;
	size_t n;

	mask_word(m, MASK_HOST, "host", NULL);
	mask_word(m, MASK_HOST, "db1", NULL);
	assert_int_equal(mask_pattern(m, "[a-z0-9]{4}$", &e), 0);
	once = mask_text(m, *state, "on db1");
	assert_int_equal(strlen(once), 12);
	twice = mask_text(m, *state, once);
	assert_ptr_equal(once, twice);
	assert_string_equal(mask_text(m, *state, "host-zzzz, host"),
	    mask_text(m, *state, "host-zzzz, host"));
	assert_string_equal(mask_seen(m, &n)[0].word, "db1");
	assert_int_equal(mask_seen(m, &n)[0].kind, MASK_HOST);
	mask_close(m);
	other = mask_open(*state, (struct span){"yek", 3});
	mask_word(other, MASK_HOST, "db1", NULL);
	assert_string_not_equal(mask_text(other, *state, "on db1"), once);
	mask_close(NULL);
}

static void thousands_have_each_their_own(void **state)
{
	struct mask *m = fresh(*state);
	struct names given = {0};

	mask_addresses(m);
	for (int i = 0; i < 20000; i++) {
		const char *text =
		    arena_printf(*state, "10.1.%d.%d", i / 250, i % 250);

		assert_true(
		    names_add(*state, &given, mask_text(m, *state, text), 0));
	}
	same(*state, m, "10.1.0.9", "::ffff:10.1.0.9");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(words_are_whole),
	    arena_test(addresses_of_all_forms),
	    arena_test(patterns_and_what_they_may_not_be),
	    arena_test(what_overlaps_is_one),
	    arena_test(masked_once),
	    arena_test(thousands_have_each_their_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
