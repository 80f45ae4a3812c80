#include "base/clock.h"
#include "base/file.h"
#include "run/plan_public.h"
#include "run/plan_sql.h"

#include <math.h>
#include <string.h>

#define CONFIG_MAX (16 * 1024 * 1024)
#define AGE_MAX	   (1000 * 365 * 86400.0)

/* Of a run, while it is not said how long collecting may take. */
#define DEADLINE_SHARE 0.75
#define DEADLINE_MAX   45

#define AT(member) offsetof(struct plan_common, member)

const struct option plan_common_options[] = {
    {"title", OPTION_TEXT, AT(title), .required = true,
	.help = "what stands at the head of every page"},
    {"every", OPTION_DURATION, AT(every), .deflt = "60s", .min = 1,
	.max = 86400,
	.help = "how often cron starts a run; a source may be asked less "
		"often, never more"},
    {"timezone", OPTION_TEXT, AT(timezone),
	.help = "IANA name of the zone that times are shown in; the "
		"machine's own if left out"},
    {"store", OPTION_PATH, AT(store), .deflt = "broadsheet.db",
	.help = "the database"},
    {"output", OPTION_PATH, AT(output), .deflt = "out",
	.help = "the directory that pages are printed into"},
    {"public", OPTION_PATH, AT(public),
	.help = "a directory for the same pages without what is private"},
    {"templates", OPTION_PATH, AT(templates),
	.help = "a directory of your own templates; those that it lacks are "
		"the shipped ones"},
    {"url", OPTION_TEXT, AT(url),
	.help = "where the output is seen, such as https://dash.example.net/: "
		"what leaves the machine links to it"},
    {"explore", OPTION_BOOL, AT(explore), .deflt = "yes",
	.help = "print explore.html, where viewers choose any series and any "
		"dates: everything that is stored can then be seen"},
    {"inline", OPTION_SIZE, AT(inline_max), .deflt = "1MB",
	.max = 1024.0 * 1024 * 1024,
	.help = "how much of its charts a page carries inside; the rest are "
		"images that load as they come into view"},
    {"deadline", OPTION_DURATION, AT(deadline), .min = 1, .max = 86400,
	.help = "when collecting stops and the page is printed with what is "
		"there; three quarters of every, at most 45s, if left out"},
    {"parallel", OPTION_INT, AT(parallel), .deflt = "32", .min = 1, .max = 1000,
	.help = "how many endpoints are asked at once"},
    {"keep", OPTION_NODE, AT(keep),
	.help = "how long things are remembered: a mapping of raw, 5m, 1h, "
		"1d, lines, tables, records, ledger and alerts to lengths of "
		"time or "
		"forever"},
    {"max_size", OPTION_SIZE, AT(max_size), .deflt = "0",
	.help = "how large the store may grow before it forgets the oldest "
		"numbers, lines and tables early; 0 for no limit"},
    {"views", OPTION_NODE, AT(views),
	.help = "a mapping of names to SELECTs, which queries and other views "
		"may use as tables"},
    {"sources", OPTION_NODE, AT(sources), .required = true,
	.help = "a mapping of names to sources"},
    {"alerts", OPTION_NODE, AT(alerts), .help = "a mapping of names to rules"},
    {"maintenance", OPTION_NODE, AT(maintenance),
	.help = "when all alerts of some sources are muted: a mapping of "
		"globs of sources to windows, as with an alert's silence"},
    {"mail", OPTION_NODE, AT(mail),
	.help = "how mail is sent: a mapping of smtp, from, user, "
		"password_file, tls, ca_file and timeout"},
    {"snapshots", OPTION_NODE, AT(snapshots),
	.help = "how many snapshots stay in the output directory: a mapping of "
		"keep, count and max_size"},
    {"redact", OPTION_NODE, AT(redact),
	.help = "a mapping of names to profiles: what a snapshot with "
		"--redact NAME does not show"},
    {"notify", OPTION_NODE, AT(notify),
	.help = "who is told when alerts begin and end: a mapping of names to "
		"channels"},
    {"ping", OPTION_NODE, AT(ping),
	.help = "what is told after each run that went well, for who watches "
		"the watcher: a URL to get, or a mapping as of a channel, "
		"such as {url_file: secrets/ping}"},
    {"reports", OPTION_NODE, AT(reports),
	.help = "letters that go out by the calendar, of the day, week or "
		"month that ended: a mapping of names to reports"},
    {"pages", OPTION_NODE, AT(pages), .required = true,
	.help = "a mapping of names to pages; index is the first page"},
    {0},
};

/* A length of time in whole seconds, or "forever". */
struct keep_conf {
	const char *raw, *m5, *h1, *d1, *lines, *tables, *records, *ledger;
	const char *alerts;
};

const struct option plan_keep_options[] = {
    {"raw", OPTION_TEXT, offsetof(struct keep_conf, raw), .deflt = "14d",
	.help = "numbers as they came"},
    {"5m", OPTION_TEXT, offsetof(struct keep_conf, m5), .deflt = "90d",
	.help = "numbers by five minutes"},
    {"1h", OPTION_TEXT, offsetof(struct keep_conf, h1), .deflt = "2y",
	.help = "numbers by the hour"},
    {"1d", OPTION_TEXT, offsetof(struct keep_conf, d1), .deflt = "forever",
	.help = "numbers by the day"},
    {"lines", OPTION_TEXT, offsetof(struct keep_conf, lines), .deflt = "14d",
	.help = "lines of logs"},
    {"tables", OPTION_TEXT, offsetof(struct keep_conf, tables), .deflt = "14d",
	.help = "tables"},
    {"records", OPTION_TEXT, offsetof(struct keep_conf, records), .deflt = "7d",
	.help = "what records were before they were replaced; the newest "
		"version of each stays"},
    {"ledger", OPTION_TEXT, offsetof(struct keep_conf, ledger), .deflt = "1y",
	.help = "outcomes of sources and runs"},
    {"alerts", OPTION_TEXT, offsetof(struct keep_conf, alerts), .deflt = "1y",
	.help = "alerts that ended"},
    {0},
};

void plan_bind_age(const struct node *map, const char *key, const char *text,
    int64_t *out, struct faults *faults)
{
	const struct node *n = node_get(map, key);
	double seconds;

	if (str_eq(text, "forever"))
		*out = 0;
	else if (str_duration(text, &seconds) && seconds >= 3600 &&
		 seconds <= AGE_MAX)
		*out = (int64_t)seconds;
	else
		fault_at(faults, n != NULL ? n : map,
		    "%s: '%.80s' is neither 'forever' nor a length of time "
		    "from 1h to 1000y",
		    key, text);
}

static void bind_keep(struct plan *plan, struct faults *faults)
{
	static const struct node none = {.kind = NODE_MAP, .text = ""};
	const struct node *n = plan->common.keep;
	struct keep_conf conf = {0};
	struct binding b = {plan_keep_options, &conf};

	if (n == NULL)
		n = &none;
	if (n->kind != NODE_MAP) {
		fault_at(faults, n, "keep: a mapping is wanted here");
		return;
	}
	option_bind(n, &b, 1, faults);
	plan_bind_age(n, "raw", conf.raw, &plan->keep.raw, faults);
	plan_bind_age(n, "5m", conf.m5, &plan->keep.m5, faults);
	plan_bind_age(n, "1h", conf.h1, &plan->keep.h1, faults);
	plan_bind_age(n, "1d", conf.d1, &plan->keep.d1, faults);
	plan_bind_age(n, "lines", conf.lines, &plan->keep.lines, faults);
	plan_bind_age(n, "tables", conf.tables, &plan->keep.tables, faults);
	plan_bind_age(n, "records", conf.records, &plan->keep.records, faults);
	plan_bind_age(n, "ledger", conf.ledger, &plan->keep.ledger, faults);
	plan_bind_age(n, "alerts", conf.alerts, &plan->keep.alerts, faults);
}

static void set_zone(
    const struct plan *plan, const struct node *root, struct faults *faults)
{
	const struct node *n = node_get(root, "timezone");
	struct err e;

	if (clock_set_zone(plan->common.timezone, &e) != 0)
		fault_at(faults, n != NULL ? n : root, "timezone: %s", e.text);
}

static void bind_all(
    struct plan *plan, const struct node *root, struct faults *faults)
{
	struct binding b = {plan_common_options, &plan->common};

	if (root->kind != NODE_MAP) {
		fault_at(faults, root, "a mapping (title: …) is wanted here");
		return;
	}
	option_bind(root, &b, 1, faults);
	plan->every = (int64_t)plan->common.every;
	if (plan->common.deadline == 0)
		plan->common.deadline =
		    fmin(DEADLINE_MAX, plan->common.every * DEADLINE_SHARE);
	plan->keep.max_size = plan->common.max_size;
	set_zone(plan, root, faults);
	bind_keep(plan, faults);
	plan_bind_snapshots(plan, faults);
	if (plan->common.sources != NULL)
		plan_bind_sources(plan, faults);
	plan_bind_mail(plan, root, faults);
	plan_bind_notify(plan, faults);
	plan_bind_alerts(plan, faults);
	plan_bind_views(plan, faults);
	if (plan->common.redact != NULL)
		plan_bind_redact(plan, faults);
	if (plan->common.pages != NULL)
		plan_bind_pages(plan, faults);
	plan_bind_reports(plan, faults);
	plan_check_public(plan, faults);
	plan_check_sql(plan, faults);
}

/*
 * Where the pages of a file are that is not even YAML: they are to say so.
 * A line of its own is how nearly everybody writes it.
 */
static const char *find_output(struct plan *plan, struct span text)
{
	const struct node none = {
	    .kind = NODE_MAP, .file = plan->file, .text = ""};
	struct faults ignored = {.arena = plan->arena};
	struct plan_common common = {0};
	struct binding b = {plan_common_options, &common};
	const struct node *n = NULL;
	struct span line;

	while (n == NULL && str_line(&text, &line))
		if (line.n > 7 && memcmp(line.p, "output:", 7) == 0)
			n = node_parse(
			    plan->arena, plan->file, line.p, line.n, &ignored);
	if (n == NULL || n->kind != NODE_MAP)
		n = &none;
	option_bind(n, &b, 1, &ignored);
	return common.output;
}

static int parse(
    struct plan *plan, struct span text, struct faults *faults, struct err *e)
{
	struct node *root =
	    node_parse(plan->arena, plan->file, text.p, text.n, faults);

	if (root != NULL)
		bind_all(plan, root, faults);
	else
		plan->common.output = find_output(plan, text);
	fault_sort(faults);
	if (faults->n == 0)
		return 0;
	return err_set(e, "%s: %zu %s in the configuration", plan->file,
	    faults->n + faults->left_out,
	    faults->n + faults->left_out == 1 ? "fault" : "faults");
}

int plan_parse(struct plan *plan, const char *file, struct span text,
    struct faults *faults, struct err *e)
{
	*plan = (struct plan){.arena = faults->arena, .file = file};
	return parse(plan, text, faults, e);
}

int plan_load(struct plan *plan, const char *file, const char *data,
    struct faults *faults, struct err *e)
{
	struct span text;

	*plan =
	    (struct plan){.arena = faults->arena, .file = file, .data = data};
	if (file_read(plan->arena, file, CONFIG_MAX, &text, e) != 0)
		return -1;
	return parse(plan, text, faults, e);
}

const struct plan_source *plan_source(const struct plan *plan, const char *name)
{
	size_t i;

	return names_find(&plan->source_names, name, &i) ? &plan->sources[i]
							 : NULL;
}

bool plan_has_source(const struct plan *plan, const char *glob)
{
	size_t i;

	if (names_find(&plan->source_names, glob, &i))
		return true;
	for (i = 0; i < plan->n_sources; i++)
		if (str_glob(glob, plan->sources[i].name))
			return true;
	return false;
}
