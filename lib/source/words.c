#include "source/words.h"

#include <inttypes.h>
#include <stdio.h>

const char *words_size(char out[WORDS_SIZE_MAX], uint64_t bytes)
{
	static const char *const units[] = {"bytes", "KB", "MB", "GB", "TB"};
	size_t i = 0;

	while (i < 4 && bytes > 0 && bytes % 1024 == 0) {
		bytes /= 1024;
		i++;
	}
	snprintf(out, WORDS_SIZE_MAX, "%" PRIu64 " %s", bytes,
	    bytes == 1 && i == 0 ? "byte" : units[i]);
	return out;
}

const char *words_last_line(char out[WORDS_SAID_MAX + 1], struct span text)
{
	struct span line, last = {"", 0};

	while (str_line(&text, &line))
		if (str_trim(line).n > 0)
			last = str_trim(line);
	str_clean_into(out, WORDS_SAID_MAX + 1, last.p, last.n);
	return out;
}
