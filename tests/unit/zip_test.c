/* Packed bytes come back, and only they do. */
#include "test.h"

#include "base/zip.h"

static struct arena *arena;

static struct span pack(struct buf *b, const char *p, size_t n)
{
	buf_init(b, 1 << 20);
	zip_pack(b, (struct span){p, n});
	assert_false(b->failed);
	return (struct span){b->data, b->len};
}

static void what_was_packed_comes_back(void **state)
{
	static char text[100000];
	struct span out, in;
	struct buf b;

	(void)state;
	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = (char)(i % 97);
	in = pack(&b, text, sizeof(text));
	assert_true(in.n < 1000);
	assert_true(zip_unpack(arena, in, sizeof(text), &out));
	assert_int_equal(out.n, sizeof(text));
	assert_memory_equal(out.p, text, sizeof(text));
	assert_false(zip_unpack(arena, in, sizeof(text) - 1, &out));
	buf_free(&b);
	in = pack(&b, "", 0);
	assert_true(zip_unpack(arena, in, 0, &out));
	assert_int_equal(out.n, 0);
	buf_free(&b);
}

static void what_does_not_fit_fails(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 4);
	zip_pack(&b, (struct span){"what does not fit", 17});
	assert_true(b.failed);
	buf_free(&b);
}

static void what_is_no_frame_is_refused(void **state)
{
	struct span in, out;
	struct buf b;

	(void)state;
	in = pack(&b, "hello, hello, hello", 19);
	for (size_t n = 0; n < in.n; n++)
		assert_false(
		    zip_unpack(arena, (struct span){in.p, n}, 1 << 20, &out));
	buf_char(&b, '\0');
	assert_false(
	    zip_unpack(arena, (struct span){b.data, b.len}, 1 << 20, &out));
	b.data[0]++;
	assert_false(zip_unpack(arena, in, 1 << 20, &out));
	buf_free(&b);
}

static void sums_are_those_of_gzip(void **state)
{
	(void)state;
	assert_int_equal(zip_sum(0, "123456789", 9), 0xcbf43926);
	assert_int_equal(
	    zip_sum(zip_sum(0, "1234", 4), "56789", 5), 0xcbf43926);
	assert_int_equal(zip_sum(0, "", 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_was_packed_comes_back),
	    cmocka_unit_test(what_does_not_fit_fails),
	    cmocka_unit_test(what_is_no_frame_is_refused),
	    cmocka_unit_test(sums_are_those_of_gzip),
	};
	int rc;

	arena = arena_new();
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(arena);
	return rc;
}
