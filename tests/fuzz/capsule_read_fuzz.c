/*
 * A file that says that it is a snapshot, compared with itself; and bytes as
 * what such a file has for comparison.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "diff/diff.h"
#include "output/capsule_read.h"
#include "output/diff.h"
#include "output/gist.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void compare(struct arena *a, const struct gist *g)
{
	static const struct diff_look look = {.a = "a", .b = "b", .width = 80};
	static const struct gist nothing = {.at = 1, .window = 1};
	struct diff d;
	struct buf b;

	diff_gist(a, g, g, 20, &d);
	if (d.n_series + d.n_tables + d.n_patterns > 0)
		abort();
	buf_init(&b, 1 << 26);
	diff_gist(a, &nothing, g, 20, &d);
	diff_text(&d, &look, &b);
	if (!b.failed && !str_utf8_valid(buf_text(&b), b.len))
		abort();
	buf_reset(&b);
	diff_json(&d, &look, &b);
	buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new();
	char *copy = malloc(n > 0 ? n : 1);
	struct err e = {0};
	struct gist g;

	if (copy == NULL)
		abort();
	memcpy(copy, data, n);
	if (capsule_read_gist(a, (struct span){copy, n}, true, &g, &e) == 0)
		compare(a, &g);
	else if (e.text[0] == '\0')
		abort();
	if (gist_parse(a, (struct span){copy, n}, &g, &e) == 0)
		compare(a, &g);
	free(copy);
	arena_free(a);
	return 0;
}
