/*
 * What every unit test includes: cmocka with the headers that it wants, and
 * a temporary directory.
 */
#ifndef UNIT_TEST_H
#define UNIT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/err.h"

/* An arena for a test, in *state. */
static inline int arena_setup(void **state)
{
	*state = arena_new();
	return 0;
}

static inline int arena_teardown(void **state)
{
	arena_free(*state);
	return 0;
}

#define arena_test(f)                                                          \
	cmocka_unit_test_setup_teardown(f, arena_setup, arena_teardown)

/* A fresh directory, to be removed by remove_dir(). */
static inline const char *make_dir(struct arena *a)
{
	char *dir = arena_strdup(a, "/tmp/broadsheet-test-XXXXXX");

	assert_non_null(mkdtemp(dir));
	return dir;
}

static inline void remove_dir(struct arena *a, const char *dir)
{
	assert_int_equal(system(arena_printf(a, "rm -rf '%s'", dir)), 0);
}

#endif
