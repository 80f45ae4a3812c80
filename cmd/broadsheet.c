#include "base/clock.h"
#include "base/file.h"
#include "cmd.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct verb verbs[] = {
    {"run", "", "conqvNTIX", "collect, then print the pages: what cron calls",
	verb_run, 0, 0},
    {"collect", "", "cnqvNX", "ask every source that is due; print no page",
	verb_collect, 0, 0},
    {"render", "", "coqvNAL", "print the pages from what is stored",
	verb_render, 0, 0},
    {"snapshot", "", "coqNALPGSfpOKkEZY",
	"one page of a moment as a file that is complete in itself",
	verb_snapshot, 0, 0},
    {"verify", "FILE", "qWi", "is a snapshot whole, and if not, where",
	verb_verify, 1, 1},
    {"diff", "A [B]", "coNPGwCJ",
	"what differs between two moments or snapshots", verb_diff, 1, 2},
    {"check-config", "", "cq", "report every fault of the configuration",
	verb_check_config, 0, 0},
    {"test", "SOURCE", "cvNjro",
	"ask one source (or try a channel), store nothing", verb_test, 0, 1},
    {"ack", "RULE", "cqNyOQ",
	"somebody sees to an alert (of one SERIES): stop telling of it",
	verb_ack, 1, 2},
    {"auth", "SOURCE", "cNg", "give access to a service, once, in a browser",
	verb_auth, 1, 1},
    {"status", "", "cNJM", "how the last run went, source by source",
	verb_status, 0, 0},
    {"export", "SERIES", "cNFUf", "samples of the series, as CSV or JSON",
	verb_export, 1, 100},
    {"import", "FILE", "cqNdb",
	"store samples from elsewhere: CSV with series,ts,value", verb_import,
	1, 1},
    {"sql", "SELECT", "cNf", "ask the store with SQL that only reads", verb_sql,
	1, 1},
    {"forecast", "PANEL", "cnNFHRJ",
	"what is to come of a plan, or of a series", verb_forecast, 1, 20},
    {"init", "[FILE]", "q", "write a commented configuration to start from",
	verb_init, 0, 1},
    {"help", "[KIND]", "D", "this, or the options of a kind", verb_help, 0, 1},
    {"version", "", "", "the version", verb_version, 0, 0},
    {0},
};

int complain(const struct err *e, int status)
{
	fprintf(stderr, "broadsheet: %s\n", e->text);
	if (e->hint[0] != '\0')
		fprintf(stderr, "hint: %s\n", e->hint);
	return status;
}

void complain_faults(const struct faults *f)
{
	for (size_t i = 0; i < f->n; i++)
		fprintf(stderr, "%s:%d:%d: %s\n", f->items[i].file,
		    f->items[i].line, f->items[i].col, f->items[i].text);
	if (f->left_out > 0)
		fprintf(stderr, "and %zu more\n", f->left_out);
}

static const char *find_config(struct arena *a)
{
	const char *home = getenv("HOME"), *xdg = getenv("XDG_CONFIG_HOME");
	const char *places[3] = {
	    "broadsheet.yaml", NULL, "/etc/broadsheet/broadsheet.yaml"};

	if (xdg != NULL)
		places[1] =
		    arena_printf(a, "%s/broadsheet/broadsheet.yaml", xdg);
	else if (home != NULL)
		places[1] = arena_printf(
		    a, "%s/.config/broadsheet/broadsheet.yaml", home);
	for (size_t i = 0; i < 3; i++)
		if (places[i] != NULL && file_exists(places[i]))
			return places[i];
	return NULL;
}

/*
 * Templates and assets are beside the program: PREFIX/share/broadsheet once
 * it is installed in PREFIX/bin, the source tree above .build/MODE before.
 */
static const char *find_data(struct arena *a)
{
	char exe[4096];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	const char *dir, *share;

	exe[n > 0 ? n : 0] = '\0';
	dir = file_dir(a, exe);
	share = arena_printf(a, "%s/../share/broadsheet", dir);
	return file_exists(share) ? share : arena_printf(a, "%s/../..", dir);
}

int load_plan(struct invocation *in, struct plan *plan)
{
	struct faults faults = {.arena = in->arena};
	struct err e = {0};
	int rc;

	if (in->config == NULL)
		in->config = find_config(in->arena);
	if (in->config == NULL) {
		err_set(&e, "there is no configuration");
		err_hint(&e, "broadsheet init writes one to start from; "
			     "-c FILE names another");
		return complain(&e, EXIT_USAGE);
	}
	rc = plan_load(plan, in->config, in->data, &faults, &e);
	if (in->output != NULL)
		plan->common.output = in->output;
	if (rc == 0 && in->now_text != NULL)
		rc = clock_parse(in->now_text, clock_now(), &in->now, &e);
	if (rc == 0)
		return 0;
	if (in->verb->run == verb_run &&
	    run_notice(plan, faults.n > 0 ? &faults : NULL, &e) == 1)
		return EXIT_USAGE; /* said before, and on the page */
	complain_faults(&faults);
	return complain(&e, EXIT_USAGE);
}

int main(int argc, char **argv)
{
	struct invocation in = {.times = 1, .interval = 2};
	struct err e = {0};
	int status;

	in.arena = arena_new();
	in.now = clock_now();
	in.data = find_data(in.arena);
	if (clock_set_zone(NULL, &e) != 0 || args_parse(&in, argc, argv, &e))
		status = complain(&e, EXIT_USAGE);
	else
		status = in.verb->run(&in);
	arena_free(in.arena);
	return status;
}
