/* An archive that says that it is a snapshot. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "output/capsule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

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
	if (capsule_kind("zip", &e)->check(a, (struct span){copy, n}, &m, &e) !=
	    0) {
		if (e.text[0] == '\0')
			abort();
	} else if (m.broken != NULL &&
		   !str_is_clean(m.broken, strlen(m.broken))) {
		abort();
	}
	free(copy);
	arena_free(a);
	return 0;
}
