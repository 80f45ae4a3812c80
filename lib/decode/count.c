#include "decode/count.h"

#include <regex.h>
#include <string.h>

#include "model/outcome.h"

/* What a log's source has of its own. */
#define LINES "lines"

struct counter {
	const char *name;
	regex_t re;
	uint64_t n;
};

struct counters {
	struct counter *items;
	size_t n;
};

static bool is_metric(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && n < READING_NAME_MAX && str_is_clean(name, n) &&
	       strpbrk(name, "{}\"\\\n") == NULL && !str_eq(name, LINES);
}

static void check_one(
    const struct pair *p, const struct node *at, struct faults *faults)
{
	char why[128];
	regex_t re;
	int rc;

	if (!is_metric(p->key)) {
		fault_at(faults, at, "count: '%.80s' is no name for a count",
		    p->key);
		return;
	}
	rc = regcomp(&re, p->value, REG_EXTENDED | REG_NOSUB);
	if (rc == 0) {
		regfree(&re);
		return;
	}
	regerror(rc, &re, why, sizeof(why));
	fault_at(faults, at, "count: '%.80s' is not a regular expression: %s",
	    p->value, why);
}

void count_check(
    const struct pairs *pairs, const struct node *map, struct faults *faults)
{
	const struct node *all = node_get(map, "count");

	for (size_t i = 0; i < pairs->n; i++) {
		const struct node *at = node_get(all, pairs->items[i].key);

		check_one(&pairs->items[i], at != NULL ? at : all, faults);
	}
}

int count_begin(struct arena *a, const struct pairs *pairs,
    struct counters **out, struct err *e)
{
	struct counters *c = arena_make(a, struct counters);

	*out = c;
	c->items = arena_array(a, pairs->n, sizeof(*c->items));
	for (; c->n < pairs->n; c->n++) {
		const struct pair *p = &pairs->items[c->n];

		c->items[c->n].name = p->key;
		if (regcomp(&c->items[c->n].re, p->value,
			REG_EXTENDED | REG_NOSUB) != 0)
			return err_code(e, OUTCOME_PARSE,
			    "count: '%s' is not a regular expression",
			    p->value);
	}
	return 0;
}

void count_line(struct counters *c, const char *line)
{
	for (size_t i = 0; i < c->n; i++)
		c->items[i].n +=
		    regexec(&c->items[i].re, line, 0, NULL, 0) == 0;
}

void count_samples(const struct counters *c, struct readings *out)
{
	for (size_t i = 0; i < c->n; i++)
		readings_sample(
		    out, c->items[i].name, (double)c->items[i].n, LINES);
}

void count_end(struct counters *c)
{
	for (size_t i = 0; i < c->n; i++)
		regfree(&c->items[i].re);
}
