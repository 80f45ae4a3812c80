/* Tiles of maps: kept, replaced, and let go. */
#include "store_rig.h"

#define DAY INT64_C(86400)

static struct map_tile tile(int i, const char *png)
{
	return (struct map_tile){
	    .url = arena_printf(rig_arena, "https://t.example.net/%d", i),
	    .png = {png, strlen(png)},
	    .memory = {"tag", 3},
	    .expires = T0 + 7 * DAY,
	};
}

static struct map_tile found(struct store *st, int i)
{
	struct map_tile t;
	struct err e;

	rig_ok(store_tile(st, rig_arena, tile(i, "").url, &t, &e));
	return t;
}

static void kept_and_replaced(void **state)
{
	struct store *st = rig_open();
	struct map_tile t[] = {tile(1, "one"), tile(2, "")};
	struct err e;

	(void)state;
	assert_int_equal(found(st, 1).expires, 0);
	rig_ok(store_keep_tiles(st, t, 2, T0, &e));
	assert_memory_equal(found(st, 1).png.p, "one", 3);
	assert_memory_equal(found(st, 1).memory.p, "tag", 3);
	assert_int_equal(found(st, 1).expires, T0 + 7 * DAY);
	assert_int_equal(found(st, 1).used, T0);
	assert_int_equal(found(st, 2).png.n, 0);
	t[0].png = (struct span){"newer", 5};
	rig_ok(store_keep_tiles(st, t, 1, T0 + DAY, &e));
	assert_int_equal(found(st, 1).png.n, 5);
	assert_int_equal(found(st, 1).used, T0 + DAY);
	store_close(st);
}

static void let_go(void **state)
{
	struct store *st = rig_open();
	struct map_tile *t = arena_array(rig_arena, 2100, sizeof(*t));
	struct err e;

	(void)state;
	for (int i = 0; i < 2100; i++)
		t[i] = tile(i, "x");
	rig_ok(store_keep_tiles(st, t, 100, T0, &e));
	rig_ok(store_keep_tiles(st, t + 100, 2000, T0 + DAY, &e));
	assert_int_equal(found(st, 99).expires, 0); /* too many */
	assert_int_equal(found(st, 100).used, T0 + DAY);
	rig_ok(store_keep_tiles(st, t, 1, T0 + 32 * DAY, &e));
	assert_int_equal(found(st, 100).expires, 0); /* unwanted for long */
	assert_int_equal(found(st, 0).png.n, 1);
	store_close(st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    RIG_TEST(kept_and_replaced),
	    RIG_TEST(let_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
