#include "notify/channel.h"

#define X(name) extern const struct channel_kind channel_##name;
#include "notify/kinds.h"
#undef X

const struct channel_kind *const channel_kinds[] = {
#define X(name) &channel_##name,
#include "notify/kinds.h"
#undef X
    NULL,
};

#define AT(member) offsetof(struct channel_common, member)

const struct option channel_common_options[] = {
    {"use", OPTION_TEXT, AT(use),
	.help = "a recipe that the channel builds on: slack, matrix, "
		"pagerduty, ntfy or the path of your own"},
    {"severities", OPTION_LIST, AT(severities),
	.help = "only alerts that are so bad: warning, critical; all if left "
		"out"},
    {"repeat", OPTION_DURATION, AT(repeat), .deflt = "4h", .max = 366 * 86400.0,
	.help = "how often it is said again while an alert lasts and nobody "
		"has said that they see to it; 0s: never"},
    {"min_interval", OPTION_DURATION, AT(min_interval), .deflt = "5m",
	.max = 30 * 86400.0,
	.help = "an alert that fires again sooner after it was last told of "
		"is told of only then, if it still fires"},
    {"grouped", OPTION_BOOL, AT(grouped), .deflt = "yes",
	.help = "one message for all alerts of a run; no: one for each"},
    {"give_up", OPTION_DURATION, AT(give_up), .deflt = "2d", .min = 60,
	.max = 30 * 86400.0,
	.help = "how long a message is tried that is not taken: first after "
		"a minute, at last every hour"},
    {"timeout", OPTION_DURATION, AT(timeout), .deflt = "10s", .min = 0.1,
	.max = 600, .help = "how long each try may take"},
    {0},
};

static void no_kind(const struct node *n, struct faults *faults)
{
	struct strings known = {0};
	const char *near;

	for (size_t i = 0; channel_kinds[i] != NULL; i++)
		strings_add(faults->arena, &known, channel_kinds[i]->name);
	for (size_t i = 0; i < n->n; i++) {
		near = str_nearest(n->keys[i]->text, &known);
		if (near == NULL)
			continue;
		fault_at(faults, n->keys[i],
		    "no channel '%.80s'; did you mean '%s'?", n->keys[i]->text,
		    near);
		return;
	}
	fault_at(faults, n, "no channel: one of mail, http or exec is wanted");
}

static bool names(const struct node *n, const struct channel_kind *kind)
{
	return node_get(n, kind->name) != NULL ||
	       (kind->also != NULL && node_get(n, kind->also) != NULL);
}

const struct channel_kind *channel_kind_of(
    const struct node *n, struct faults *faults)
{
	const struct channel_kind *kind = NULL;

	for (size_t i = 0; channel_kinds[i] != NULL; i++) {
		if (!names(n, channel_kinds[i]))
			continue;
		if (kind != NULL) {
			fault_at(faults, n,
			    "both '%s' and '%s': a channel is of one kind",
			    kind->name, channel_kinds[i]->name);
			return NULL;
		}
		kind = channel_kinds[i];
	}
	if (kind == NULL)
		no_kind(n, faults);
	return kind;
}

static void check_severities(const struct channel *c, struct faults *faults)
{
	const struct strings *s = &c->common.severities;
	enum alert_severity ignored;

	for (size_t i = 0; i < s->n; i++)
		if (!alert_severity_parse(s->items[i], &ignored))
			fault_at(faults, node_get(c->node, "severities"),
			    "severities: '%.80s' is neither warning nor "
			    "critical",
			    s->items[i]);
}

void channel_bind(struct channel *c, const char *name, const struct node *n,
    const struct mail_conf *mail, const struct binding *more,
    struct faults *faults)
{
	struct binding tables[3] = {{channel_common_options, &c->common}};

	*c = (struct channel){.name = name, .node = n, .mail = mail};
	c->kind = channel_kind_of(n, faults);
	if (c->kind == NULL)
		return;
	c->conf = arena_alloc(faults->arena, c->kind->conf_size);
	tables[1] = (struct binding){c->kind->options, c->conf};
	if (more != NULL)
		tables[2] = *more;
	option_bind(n, tables, more != NULL ? 3 : 2, faults);
	check_severities(c, faults);
	if (c->kind->check != NULL)
		c->kind->check(c->conf, n, faults);
	if (c->kind->complete != NULL)
		c->kind->complete(c, faults);
	if (c->kind->recipients != NULL)
		c->recipients = *c->kind->recipients(c->conf);
	else
		strings_add(faults->arena, &c->recipients, "");
}

double channel_timeout(const struct sending *s)
{
	double timeout = s->channel->common.timeout;

	return timeout < s->left ? timeout : s->left;
}

bool channel_takes(const struct channel *c, enum alert_severity severity)
{
	const struct strings *s = &c->common.severities;

	for (size_t i = 0; i < s->n; i++)
		if (str_eq(s->items[i], alert_severity_word(severity)))
			return true;
	return s->n == 0;
}
