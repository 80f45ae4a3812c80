#include "model/dispatch.h"

#include <string.h>

#define X(name, word) [DISPATCH_##name] = (word),

static const char *const events[] = {DISPATCH_EVENTS(X)};

#undef X

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

const char *dispatch_event_word(enum dispatch_event event)
{
	return events[event];
}

bool dispatch_event_parse(const char *word, enum dispatch_event *out)
{
	for (size_t i = 0; i < COUNT(events); i++)
		if (strcmp(events[i], word) == 0) {
			*out = (enum dispatch_event)i;
			return true;
		}
	return false;
}
