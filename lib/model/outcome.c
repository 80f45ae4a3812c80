#include "model/outcome.h"

#include <string.h>

static const char *const words[] = {
#define X(name, word) [OUTCOME_##name] = (word),
    OUTCOMES(X)
#undef X
};

#define N_WORDS (sizeof(words) / sizeof(words[0]))

const char *outcome_word(enum outcome o)
{
	return (size_t)o < N_WORDS ? words[o] : "unknown";
}

bool outcome_parse(const char *word, enum outcome *o)
{
	for (size_t i = 0; i < N_WORDS; i++) {
		if (strcmp(words[i], word) == 0) {
			*o = (enum outcome)i;
			return true;
		}
	}
	return false;
}
