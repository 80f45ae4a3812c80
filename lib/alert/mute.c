#include "alert/mute.h"

#include "base/clock.h"

static const char *until_words(struct arena *a, int64_t until, int64_t now)
{
	bool soon = until - now < 20 * 3600;

	return clock_format(a, soon ? "%H:%M" : "%-d %b %H:%M", until);
}

static bool silenced(const struct windows *w, const char *what, struct alert *x,
    const struct mute *m, struct arena *a)
{
	int64_t until;

	if (!windows_open(w, m->now, &until))
		return false;
	x->muted = true;
	x->why =
	    arena_printf(a, "%s until %s", what, until_words(a, until, m->now));
	return true;
}

static bool fails(const struct source_status *s)
{
	return s->tried != 0 && s->outcome != OUTCOME_OK &&
	       s->outcome != OUTCOME_NOT_DUE;
}

void alert_mute(struct alert *x, const struct mute *m,
    const struct alert_rule *rule, const struct source_status *status,
    struct arena *a)
{
	x->muted = false;
	x->why = "";
	if (rule != NULL && silenced(&rule->silence, "silent", x, m, a))
		return;
	for (size_t i = 0; i < m->n; i++)
		if (str_glob(m->items[i].sources, x->source) &&
		    silenced(&m->items[i].windows, "maintenance", x, m, a))
			return;
	if (x->test == ALERT_FAILED || status == NULL || !fails(status))
		return;
	x->muted = true;
	x->why = arena_printf(a, "%s does not answer: %s", x->source,
	    outcome_word(status->outcome));
}
