#include "model/alert.h"

#include <string.h>

#define X(name, word) [ALERT_##name] = (word),

static const char *const states[] = {ALERT_STATES(X)};

static const char *const severities[] = {ALERT_SEVERITIES(X)};

static const char *const tests[] = {ALERT_TESTS(X)};

#undef X

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

const char *alert_state_word(enum alert_state s)
{
	return states[s];
}

const char *alert_severity_word(enum alert_severity s)
{
	return severities[s];
}

const char *alert_test_word(enum alert_test t)
{
	return tests[t];
}

bool alert_state_parse(const char *word, enum alert_state *out)
{
	for (size_t i = 0; i < COUNT(states); i++)
		if (strcmp(states[i], word) == 0) {
			*out = (enum alert_state)i;
			return true;
		}
	return false;
}

bool alert_severity_parse(const char *word, enum alert_severity *out)
{
	for (size_t i = 0; i < COUNT(severities); i++)
		if (strcmp(severities[i], word) == 0) {
			*out = (enum alert_severity)i;
			return true;
		}
	return false;
}

bool alert_test_parse(const char *word, enum alert_test *out)
{
	for (size_t i = 0; i < COUNT(tests); i++)
		if (strcmp(tests[i], word) == 0) {
			*out = (enum alert_test)i;
			return true;
		}
	return false;
}

bool alert_is_hot(const struct alert *a)
{
	return a->state == ALERT_FIRING && !a->muted;
}

bool alert_is_acked(const struct alert *a, int64_t now)
{
	return a->state == ALERT_FIRING && a->acked != 0 &&
	       (a->ack_until == 0 || now < a->ack_until);
}

size_t alerts_hot(const struct alert *a, size_t n)
{
	size_t hot = 0;

	for (size_t i = 0; i < n; i++)
		hot += alert_is_hot(&a[i]);
	return hot;
}

/* The smaller the worse. */
static int rank(const struct alert *a)
{
	return 4 * (int)a->state + 2 * a->muted +
	       (a->severity == ALERT_CRITICAL ? 0 : 1);
}

int alert_by_series(const void *x, const void *y)
{
	const struct alert *a = x, *b = y;
	int order = strcmp(a->series, b->series);

	if (order == 0)
		order = rank(a) - rank(b);
	if (order == 0)
		order = (a->since > b->since) - (a->since < b->since);
	return order != 0 ? order : (a->id > b->id) - (a->id < b->id);
}

const struct alert *alert_find(
    const struct alert *a, size_t n, const char *series)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(a[mid].series, series) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == n || strcmp(a[low].series, series) != 0 ||
	    a[low].state == ALERT_ENDED)
		return NULL;
	return &a[low];
}
