#include "model/report.h"

#include <string.h>

static const char *const state_words[] = {
#define X(name, word) [PANEL_##name] = (word),
    PANEL_STATES(X)
#undef X
};

const char *panel_state_word(enum panel_state s)
{
	return state_words[s];
}

char *block_name(
    struct arena *a, const struct page *page, const struct block *block)
{
	static const char ending[] = ".html";
	size_t n = strlen(page->file), tail = sizeof(ending) - 1;

	if (n > tail && strcmp(page->file + n - tail, ending) == 0)
		n -= tail;
	return arena_printf(a, "%.*s.%s", (int)n, page->file, block->id);
}
