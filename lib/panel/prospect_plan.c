/* Plans as people write them, and faults of a forecast's options. */
#include <math.h>
#include <string.h>

#include "panel/prospect.h"

/* "2h05" */
static bool hours_minutes(const char *s, double *out)
{
	size_t hours = strspn(s, "0123456789"), minutes;
	int64_t h = 0, m = 0;

	if (hours == 0 || hours > 4 || s[hours] != 'h')
		return false;
	minutes = strspn(s + hours + 1, "0123456789");
	if (minutes != 2 || s[hours + 3] != '\0')
		return false;
	for (size_t i = 0; i < hours; i++)
		h = 10 * h + (s[i] - '0');
	m = 10 * (s[hours + 1] - '0') + (s[hours + 2] - '0');
	*out = (double)(3600 * h + 60 * m);
	return m < 60;
}

bool prospect_amount(const char *s, double *out)
{
	return (str_quantity(s, out) && fabs(*out) <= KNN_VALUE_MAX) ||
	       hours_minutes(s, out);
}

static bool has(const struct strings *s, const char *word)
{
	for (size_t i = 0; i < s->n; i++)
		if (str_eq(s->items[i], word))
			return true;
	return false;
}

static const struct node *place(const struct node *panel, const char *key)
{
	const struct node *n = node_get(panel, key);

	return n != NULL ? n : panel;
}

static void check_plan(const struct prospect_conf *c, const char *key,
    const struct node *plan, struct faults *faults)
{
	double ignored;

	if (plan->kind != NODE_MAP) {
		fault_at(faults, plan,
		    "%s: a mapping of inputs to amounts is wanted here", key);
		return;
	}
	for (size_t i = 0; i < plan->n; i++) {
		const char *name = plan->keys[i]->text;
		const char *value = plan->items[i]->kind == NODE_SCALAR
					? plan->items[i]->text
					: "";

		if (!has(&c->inputs, name))
			fault_at(faults, plan->keys[i],
			    "%s: '%.80s' is none of the inputs", key, name);
		else if (!prospect_amount(value, &ignored))
			fault_at(faults, plan->items[i],
			    "%s: %s: '%.80s' is no amount, such as 22, 90min "
			    "or 2h05",
			    key, name, value);
	}
}

static void check_plans(const struct prospect_conf *c, struct faults *faults)
{
	const struct node *plans = c->plans;

	if (plans->kind != NODE_MAP) {
		fault_at(faults, plans,
		    "plans: a mapping of names to plans is wanted here");
		return;
	}
	if (plans->n > PROSPECT_PLANS - 1)
		fault_at(faults, plans, "plans: %zu of them, at most %d fit",
		    plans->n, PROSPECT_PLANS - 1);
	for (size_t i = 0; i < plans->n; i++)
		check_plan(c, "plans", plans->items[i], faults);
}

static void check_count(const struct strings *s, const char *key, size_t most,
    const struct node *panel, struct faults *faults)
{
	if (s->n == 0)
		fault_at(faults, panel, "panel forecast: '%s' is missing", key);
	else if (s->n > most)
		fault_at(faults, place(panel, key), "%s: %zu, at most %zu fit",
		    key, s->n, most);
}

void prospect_check(const struct prospect_conf *c, const struct node *panel,
    struct faults *faults)
{
	const struct node *plan = node_get(panel, "plan");

	check_count(&c->inputs, "inputs", KNN_INPUTS_MAX, panel, faults);
	check_count(&c->targets, "targets", KNN_TARGETS_MAX, panel, faults);
	for (size_t i = 0; i < c->levels.n; i++)
		if (!has(&c->targets, c->levels.items[i].key))
			fault_at(faults, place(panel, "levels"),
			    "levels: '%.80s' is none of the targets",
			    c->levels.items[i].key);
	if (plan != NULL)
		check_plan(c, "plan", plan, faults);
	if (c->plans != NULL)
		check_plans(c, faults);
}

/* One "distance=22". */
static int set_one(struct prospect *p, char *word, struct err *e)
{
	char *value = strchr(word, '=');

	if (value == NULL)
		return err_set(
		    e, "plan: '%.80s' is not of the form input=amount", word);
	*value++ = '\0';
	for (size_t i = 0; i < p->knn->n_inputs; i++) {
		if (!str_eq(p->inputs[i].look.name, word))
			continue;
		if (prospect_amount(value, &p->plans[0].inputs[i]))
			return 0;
		return err_set(e,
		    "plan: %s: '%.80s' is no amount, such as 22, 90min or 2h05",
		    word, value);
	}
	return err_set(e, "plan: '%.80s' is none of the inputs", word);
}

int prospect_set_plan(
    struct arena *a, struct prospect *p, const char *text, struct err *e)
{
	char *rest = arena_strdup(a, text), *word;

	if (p->n_plans == 0)
		return 0; /* too few weeks for any plan */
	while ((word = strsep(&rest, ",")) != NULL)
		if (set_one(p, word, e) != 0)
			return -1;
	return 0;
}
