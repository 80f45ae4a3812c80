/* Any line of a log has a pattern, and that one has room. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "diff/pattern.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new();
	const char *line = str_clean(a, (const char *)data, n, 8192);
	/* Blocks of their own, so that what is past their ends is seen. */
	char *copy = strdup(line), *text = malloc(PATTERN_MAX);

	if (copy == NULL || text == NULL)
		abort();
	pattern_of(copy, text);
	if (!str_utf8_valid(text, strlen(text)))
		abort();
	free(copy);
	free(text);
	arena_free(a);
	return 0;
}
