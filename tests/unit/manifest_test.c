/* Manifests: no byte of a snapshot changes unseen. */
#include "output/manifest.h"
#include "test.h"

#include <string.h>

/* Three parts and their manifest. */
static struct span snapshot(void *a)
{
	static const char *const marks[][2] = {{"panel", "cpu"}, {"log", ""}};
	struct span s;
	struct buf b;

	buf_init(&b, 65536);
	buf_str(&b, "<!doctype html><style>p{}</style>\n");
	for (size_t i = 0; i < 2; i++) {
		buf_str(&b, manifest_mark(a, marks[i][0], marks[i][1]));
		buf_str(&b, "<p>some text &amp; <b>more</b></p>\n");
	}
	manifest_add(&b);
	s = (struct span){arena_strndup(a, buf_text(&b), b.len), b.len};
	buf_free(&b);
	return s;
}

static bool is_whole(void *a, struct span s)
{
	struct manifest m = {0};
	struct err e;

	return manifest_check(a, s, &m, &e) == 0 && m.broken == NULL;
}

static void every_bit_counts(void **state)
{
	struct span s = snapshot(*state);
	char *bytes = arena_strndup(*state, s.p, s.n);
	struct arena *a = arena_new();

	assert_true(is_whole(a, s));
	for (size_t i = 0; i < s.n; i++) {
		for (int bit = 0; bit < 8; bit++) {
			bytes[i] = (char)(s.p[i] ^ (1 << bit));
			assert_false(is_whole(a, (struct span){bytes, s.n}));
			arena_reset(a);
		}
		bytes[i] = s.p[i];
	}
	arena_free(a);
}

static void no_byte_goes_or_comes(void **state)
{
	struct span s = snapshot(*state);
	char *bytes = arena_alloc(*state, s.n + 2);

	for (size_t i = 0; i <= s.n; i++) {
		memcpy(bytes, s.p, i);
		bytes[i] = '\n';
		memcpy(bytes + i + 1, s.p + i, s.n - i);
		assert_false(is_whole(*state, (struct span){bytes, s.n + 1}));
		if (i == s.n)
			break;
		memcpy(bytes + i, s.p + i + 1, s.n - i - 1);
		assert_false(is_whole(*state, (struct span){bytes, s.n - 1}));
		assert_false(is_whole(*state, (struct span){s.p, i}));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    arena_test(every_bit_counts),
	    arena_test(no_byte_goes_or_comes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
