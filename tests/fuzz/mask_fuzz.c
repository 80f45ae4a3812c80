/*
 * Any text of a log, with some words, addresses and patterns to be masked:
 * what was text stays text, and no known word stays.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mask.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static struct mask *open_mask(struct arena *a)
{
	struct mask *m = mask_open(a, (struct span){"key", 3});
	struct err e;

	mask_spare(m, "queue");
	mask_word(m, MASK_HOST, "db1", NULL);
	mask_word(m, MASK_HOST, "db1.example.net", "db1");
	mask_word(m, MASK_WORD, "Müller", NULL);
	mask_domain(m, "example.net");
	mask_addresses(m);
	if (mask_pattern(m, "customer[-_]\\d+", &e) != 0 ||
	    mask_pattern(m, "q..b", &e) != 0)
		abort();
	return m;
}

static void check(struct arena *a, struct mask *m, const char *text)
{
	size_t n = strlen(text);
	const char *masked = mask_text(m, a, text);

	if (str_utf8_valid(text, n) && !str_utf8_valid(masked, strlen(masked)))
		abort();
	if (strstr(masked, "Müller") != NULL)
		abort();
	if (mask_is_match(m, text) && masked == text)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new();
	struct mask *m = open_mask(a);
	char *copy = malloc(n + 1);

	if (copy == NULL)
		abort();
	memcpy(copy, data, n);
	copy[n] = '\0';
	check(a, m, copy);
	check(a, m, copy); /* now that pseudonyms are given */
	free(copy);
	mask_close(m);
	arena_free(a);
	return 0;
}
