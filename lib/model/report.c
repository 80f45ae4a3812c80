#include "model/report.h"

#include <string.h>

static const struct {
	const char *word, *mark, *said;
} states[] = {
#define X(name, word, mark, said) [PANEL_##name] = {word, mark, said},
    PANEL_STATES(X)
#undef X
};

const char *panel_state_word(enum panel_state s)
{
	return states[s].word;
}

const char *panel_state_mark(enum panel_state s)
{
	return states[s].mark;
}

const char *panel_state_said(enum panel_state s)
{
	return states[s].said;
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
