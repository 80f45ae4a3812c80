/*
 * A file that says that it is a snapshot; and any text, which is whole once it
 * has a manifest.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "output/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_whole(struct arena *a, const uint8_t *data, size_t n)
{
	struct manifest m;
	struct err e = {0};
	struct buf b;

	if (n == 0 || memmem(data, n, "<!--part ", 9) != NULL)
		return;
	buf_init(&b, 1 << 24);
	buf_add(&b, data, n);
	manifest_add(&b);
	if (!b.failed && (manifest_check(a, (struct span){buf_text(&b), b.len},
			      &m, &e) != 0 ||
			     m.broken != NULL || m.parts != 1))
		abort();
	buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new();
	/* A block of its own, so that a read past its end is seen. */
	char *copy = malloc(n > 0 ? n : 1);
	struct err e = {0};
	struct manifest m;

	if (copy == NULL)
		abort();
	memcpy(copy, data, n);
	if (manifest_check(a, (struct span){copy, n}, &m, &e) != 0) {
		if (e.text[0] == '\0')
			abort();
	} else if (m.broken != NULL &&
		   !str_is_clean(m.broken, strlen(m.broken))) {
		abort();
	}
	check_whole(a, data, n);
	free(copy);
	arena_free(a);
	return 0;
}
