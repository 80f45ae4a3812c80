#include "panel/pace.h"

#include <stdlib.h>

#include "panel/gaps.h"

/* A source that was away once or twice is no rarer for it. */
#define GAPS_LEAST 3

static int rising(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

int64_t series_pace(struct arena *a, const struct series *s)
{
	int64_t *apart;

	if (s->n < 2)
		return 0;
	apart = arena_array(a, s->n - 1, sizeof(*apart));
	for (size_t i = 1; i < s->n; i++)
		apart[i - 1] = s->points[i].ts - s->points[i - 1].ts;
	qsort(apart, s->n - 1, sizeof(*apart), rising);
	return apart[(s->n - 2) * 9 / 10];
}

/* Most series have next to no gaps, and are not sorted for that. */
void series_keep_pace(struct arena *a, struct series *s)
{
	int64_t least = gap_least(s);
	size_t gaps = 0;

	for (size_t i = 1; i < s->n; i++)
		gaps += s->points[i].ts - s->points[i - 1].ts > least;
	if (gaps >= GAPS_LEAST && gaps * 10 > s->n)
		s->every = series_pace(a, s);
}
