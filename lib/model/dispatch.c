#include "model/dispatch.h"

#include "base/str.h"

#include <string.h>

#define X(name, word) [DISPATCH_##name] = (word),

static const char *const events[] = {DISPATCH_EVENTS(X)};

#undef X

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

const char *dispatch_event_word(enum dispatch_event event)
{
	return events[event];
}

const char *dispatch_words(struct arena *a, const char *channel)
{
	return str_starts(channel, DISPATCH_REPORT)
		   ? channel
		   : arena_printf(a, "notify %s", channel);
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
