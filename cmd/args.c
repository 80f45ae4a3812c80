#include "args.h"
#include "base/clock.h"
#include "base/str.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

/* A century, which is the longest period of a page, too. */
#define LAST_MAX (100 * 366 * 86400.0)

#define SNAPSHOT_MAX (256u * 1024 * 1024)

/* Options in the order of the usage; `letter` is the short one where small. */
static const struct {
	char letter;
	const char *name, *argument, *help;
} names[] = {
    {'c', "config", "FILE", "the configuration"},
    {'o', "output", "DIR", "print into this directory instead"},
    {'n', "plan", NULL, "only say what would be asked"},
    {'q', "quiet", NULL, "no progress"},
    {'v', "verbose", NULL, "say more"},
    {'N', "now", "TIME", "take this for the time"},
    {'A', "at", "TIME", "as of this moment"},
    {'L', "last", "D", "charts reach back so far, one page for all periods"},
    {'P', "page", "NAME", "of this page instead of the first"},
    {'G', "panels", "GLOB", "of these panels only"},
    {'S', "max-size", "SIZE", "the file is no larger"},
    {'T', "times", "N", "sample so many times first"},
    {'I', "interval", "D", "so long apart (with --times)"},
    {'X', "alert-exit", NULL, "end with status 4 while an alert fires"},
    {'M', "max-age", "D", "fail if the last run is older"},
    {'H', "horizon", "D", "how far a plan is looked ahead, in weeks"},
    {'R', "reach", "LEVEL", "say when the series reach this"},
    {'J', "json", NULL, "as JSON"},
    {'F', "from", "TIME", "not before this"},
    {'U', "to", "TIME", "not after this"},
    {'f', "format", "WORD", "csv or json; sql also takes table"},
    {'d', "dry-run", NULL, "only say what would be imported"},
    {'b', "skip-bad", NULL, "leave out rows that are bad, and list them"},
    {'g', "forget", NULL, "forget the access that was given"},
    {'D', "mdoc", NULL, "in the form of the manual"},
    {'V', "version", NULL, "the version"},
    {'h', "help", NULL, "this"},
};

#define WEEK	(7 * 86400.0)
#define N_NAMES (sizeof(names) / sizeof(names[0]))

static const struct verb *find_verb(const char *name)
{
	for (const struct verb *v = verbs; v->name != NULL; v++)
		if (str_eq(v->name, name))
			return v;
	return NULL;
}

static int unknown_verb(struct arena *a, const char *name, struct err *e)
{
	struct strings known = {0};
	const char *near;

	for (const struct verb *v = verbs; v->name != NULL; v++)
		strings_add(a, &known, v->name);
	near = str_nearest(name, &known);
	err_set(e, "there is no '%.80s'", name);
	if (near != NULL)
		return err_hint(e, "did you mean 'broadsheet %s'?", near);
	return err_hint(e, "broadsheet help lists what there is");
}

static int bad_value(const char *option, const char *value, struct err *e)
{
	return err_set(e, "--%s: '%.80s' does not fit", option, value);
}

static int take(
    struct invocation *in, int letter, const char *value, struct err *e)
{
	double level;

	switch (letter) {
	case 'c':
		in->config = value;
		return 0;
	case 'o':
		in->output = value;
		return 0;
	case 'n':
		in->plan_only = true;
		return 0;
	case 'q':
		in->quiet = true;
		return 0;
	case 'v':
		in->verbose = true;
		return 0;
	case 'J':
		in->json = true;
		return 0;
	case 'X':
		in->alert_exit = true;
		return 0;
	case 'D':
		in->mdoc = true;
		return 0;
	case 'd':
		in->dry_run = true;
		return 0;
	case 'b':
		in->skip_bad = true;
		return 0;
	case 'g':
		in->forget = true;
		return 0;
	case 'A':
		in->at = value;
		return 0;
	case 'L':
		in->last_text = value;
		if (str_duration(value, &in->last) && in->last >= 1 &&
		    in->last <= LAST_MAX)
			return 0;
		return bad_value("last", value, e);
	case 'P':
		in->page = value;
		return 0;
	case 'G':
		in->panels = value;
		return 0;
	case 'S':
		if (str_size(value, &in->max_size) && in->max_size > 0 &&
		    in->max_size <= SNAPSHOT_MAX)
			return 0;
		return bad_value("max-size", value, e);
	case 'F':
		in->from = value;
		return 0;
	case 'U':
		in->to = value;
		return 0;
	case 'f':
		in->format = value;
		return 0;
	case 'N':
		in->now_text = value;
		return clock_parse(value, clock_now(), &in->now, e);
	case 'T':
		if (str_int(value, &in->times) && in->times >= 1 &&
		    in->times <= 1000)
			return 0;
		return bad_value("times", value, e);
	case 'I':
		if (str_duration(value, &in->interval) && in->interval >= 0.1 &&
		    in->interval <= 3600)
			return 0;
		return bad_value("interval", value, e);
	case 'H':
		if (str_duration(value, &in->horizon) && in->horizon >= WEEK &&
		    in->horizon <= 52 * WEEK)
			return 0;
		return bad_value("horizon", value, e);
	case 'R':
		in->reach = value;
		if (str_quantity(value, &level))
			return 0;
		return bad_value("reach", value, e);
	case 'M':
		if (str_duration(value, &in->max_age) && in->max_age > 0)
			return 0;
		return bad_value("max-age", value, e);
	default:
		in->verb = find_verb(letter == 'V' ? "version" : "help");
		return 0;
	}
}

static void fill_tables(struct option *longs, char *shorts)
{
	size_t n = 0;

	for (size_t i = 0; i < N_NAMES; i++) {
		longs[i] = (struct option){names[i].name,
		    names[i].argument != NULL ? required_argument : no_argument,
		    NULL, names[i].letter};
		if (strchr("conqvVh", names[i].letter) == NULL)
			continue;
		shorts[n++] = names[i].letter;
		if (names[i].argument != NULL)
			shorts[n++] = ':';
	}
	shorts[n] = '\0';
}

static const char *option_name(int letter)
{
	for (size_t i = 0; i < N_NAMES; i++)
		if (names[i].letter == letter)
			return names[i].name;
	return "?";
}

static int check(const struct invocation *in, const char *given, struct err *e)
{
	const struct verb *v = in->verb;

	for (; *given != '\0'; given++)
		if (strchr(v->options, *given) == NULL)
			return err_set(e, "%s takes no --%s", v->name,
			    option_name(*given));
	if (in->format != NULL && !str_eq(in->format, "csv") &&
	    !str_eq(in->format, "json") &&
	    (!str_eq(in->format, "table") || !str_eq(v->name, "sql")))
		return bad_value("format", in->format, e);
	if (in->argc < v->min_args)
		return err_set(e, "%s: %s is missing", v->name, v->arguments);
	if (in->argc > v->max_args)
		return err_set(e, "%s: '%.80s' is one argument too many",
		    v->name, in->argv[v->max_args]);
	return 0;
}

int args_parse(struct invocation *in, int argc, char **argv, struct err *e)
{
	struct option longs[N_NAMES + 1] = {0};
	char shorts[2 * N_NAMES + 1], given[64] = "";
	size_t n_given = 0;
	int c;

	fill_tables(longs, shorts);
	opterr = 0;
	while ((c = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (c == '?') {
			err_set(e,
			    "%.80s: no such option, or its value is "
			    "missing",
			    argv[optind - 1]);
			return err_hint(
			    e, "broadsheet help lists what there is");
		}
		if (strchr("Vh", c) == NULL && n_given + 1 < sizeof(given))
			given[n_given++] = (char)c;
		if (take(in, c, optarg, e) != 0)
			return -1;
	}
	if (in->verb == NULL && optind >= argc) {
		err_set(e, "what is to be done?");
		return err_hint(e, "broadsheet help lists what there is");
	}
	if (in->verb == NULL) {
		in->verb = find_verb(argv[optind]);
		if (in->verb == NULL)
			return unknown_verb(in->arena, argv[optind], e);
		optind++;
		in->argc = argc - optind;
		in->argv = argv + optind;
	}
	return check(in, given, e);
}

void args_usage(void)
{
	printf("usage: broadsheet [options] VERB\n\nverbs:\n");
	for (const struct verb *v = verbs; v->name != NULL; v++)
		printf("  %-12s %-8s %s\n", v->name, v->arguments, v->help);
	printf("\noptions:\n");
	for (size_t i = 0; i < N_NAMES; i++) {
		bool small = strchr("conqvVh", names[i].letter) != NULL;
		char dash[4] = {'-', names[i].letter, ',', '\0'};

		printf("  %-3s --%-8s %-5s %s\n", small ? dash : "",
		    names[i].name,
		    names[i].argument != NULL ? names[i].argument : "",
		    names[i].help);
	}
	printf("\nThe configuration is looked for at ./broadsheet.yaml, "
	       "$XDG_CONFIG_HOME/broadsheet/\nand /etc/broadsheet/. "
	       "Manual: broadsheet(1), broadsheet.yaml(5).\n");
}
