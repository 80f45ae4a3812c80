/*
 * A configuration: whatever is in it, it is a plan or has faults with places.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "run/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_faults(const struct faults *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->items[i].line < 1 || f->items[i].col < 1 ||
		    f->items[i].text[0] == '\0' ||
		    !str_is_clean(f->items[i].text, strlen(f->items[i].text)))
			abort();
}

static void check_plan(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_sources; i++)
		if (plan_source(plan, plan->sources[i].name) !=
			&plan->sources[i] ||
		    plan->sources[i].every < plan->every)
			abort();
	for (size_t i = 0; i < plan->n_pages; i++)
		if (plan->pages[i].n_periods == 0 ||
		    plan->pages[i].periods[0] < 60)
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new();
	struct faults f = {.arena = a};
	/* A block of its own, so that a read past its end is seen. */
	char *copy = malloc(n + 1);
	struct err e = {0};
	struct plan plan;

	if (copy == NULL)
		abort();
	memcpy(copy, data, n);
	copy[n] = '\0';
	if (plan_parse(&plan, "fuzz.yaml", (struct span){copy, n}, &f, &e) == 0)
		check_plan(&plan);
	else if (f.n == 0 || e.text[0] == '\0')
		abort();
	check_faults(&f);
	free(copy);
	arena_free(a);
	return 0;
}
