#include "decode/shell.h"

#include <string.h>

const char *shell_quote(struct arena *a, const char *text)
{
	static const char quote[] = "'\\''";
	char *word = arena_alloc(a, strlen(text) * (sizeof(quote) - 1) + 3);
	size_t n = 0;

	word[n++] = '\'';
	for (; *text != '\0'; text++) {
		if (*text != '\'') {
			word[n++] = *text;
			continue;
		}
		memcpy(word + n, quote, sizeof(quote) - 1);
		n += sizeof(quote) - 1;
	}
	word[n] = '\'';
	return word;
}
