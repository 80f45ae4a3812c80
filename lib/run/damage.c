#include "run/damage.h"
#include "base/clock.h"

static const char *minute(struct arena *a, int64_t ts)
{
	return clock_format(a, "%Y-%m-%d %H:%M", ts);
}

int damage_sentence(struct store *store, struct arena *a, int64_t since,
    const char **text, struct err *e)
{
	struct damage *all;
	const struct damage *newest = NULL;
	size_t n, found = 0;

	*text = NULL;
	if (store_damages(store, a, &all, &n, e) != 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (all[i].found != 0 && all[i].found < since)
			continue;
		newest = newest == NULL ? &all[i] : newest;
		found++;
	}
	if (newest == NULL)
		return 0;
	*text = arena_printf(a,
	    "%zu %s of the store %s damaged and left out: %s%s from %s to %s",
	    found, found == 1 ? "part" : "parts", found == 1 ? "is" : "are",
	    found == 1 ? "" : "the newest ", newest->what,
	    minute(a, newest->from), minute(a, newest->to));
	return 0;
}
