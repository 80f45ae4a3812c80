#include "args.h"
#include "base/clock.h"
#include "base/str.h"

#include <float.h>
#include <getopt.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* A century, which is the longest period of a page, too. */
#define LAST_MAX (100 * 366 * 86400.0)

#define SNAPSHOT_MAX (256u * 1024 * 1024)

#define WEEK (7 * 86400.0)

/* What an option's value may be, and what becomes of it. */
enum kind {
	VERB,	  /* the option stands for the verb of its name */
	FLAG,	  /* bool */
	TEXT,	  /* const char * */
	TEXTS,	  /* struct strings: it may be given more than once */
	QUANTITY, /* const char *, of which a number can be made */
	COUNT,	  /* int64_t */
	SIZE,	  /* uint64_t, bytes */
	DURATION, /* double, seconds */
	MOMENT,	  /* int64_t, epoch seconds */
};

#define AT(member) offsetof(struct invocation, member)

/* Options in the order of the usage; `letter` is the short one where small. */
static const struct {
	char letter;
	const char *name, *argument, *help;
	enum kind kind;
	size_t at;	    /* of the invocation */
	size_t as_given;    /* const char *, for some that are no text; or 0 */
	double least, most; /* of numbers */
} names[] = {
    {'c', "config", "FILE", "the configuration", TEXT, .at = AT(config)},
    {'o', "output", "DIR", "print into this directory instead", TEXT,
	.at = AT(output)},
    {'n', "plan", NULL, "only say what would be asked", FLAG,
	.at = AT(plan_only)},
    {'q', "quiet", NULL, "no progress", FLAG, .at = AT(quiet)},
    {'v', "verbose", NULL, "say more", FLAG, .at = AT(verbose)},
    {'N', "now", "TIME", "take this for the time", MOMENT, .at = AT(now),
	.as_given = AT(now_text)},
    {'A', "at", "TIME", "as of this moment", TEXT, .at = AT(at)},
    {'L', "last", "D", "charts reach back so far, one page for all periods",
	DURATION, .at = AT(last), .as_given = AT(last_text), .least = 1,
	.most = LAST_MAX},
    {'P', "page", "NAME", "of this page instead of the first", TEXT,
	.at = AT(page)},
    {'G', "panels", "GLOB", "of these panels only", TEXT, .at = AT(panels)},
    {'p', "paper", "SIZE", "of a PDF: a4 or letter", TEXT, .at = AT(paper)},
    {'S', "max-size", "SIZE", "the file is no larger", SIZE, .at = AT(max_size),
	.least = 1, .most = SNAPSHOT_MAX},
    {'E', "mail", "ADDR", "send it there; may be given again", TEXTS,
	.at = AT(mail)},
    {'O', "note", "TEXT", "words to go with a snapshot, a mail or an ack", TEXT,
	.at = AT(note)},
    {'K', "mark", "FILE", "let this snapshot stay, whatever the limits", TEXT,
	.at = AT(mark)},
    {'k', "unmark", "FILE", "and no longer", TEXT, .at = AT(unmark)},
    {'Z', "redact", "PROFILE", "hide what this profile names", TEXT,
	.at = AT(redact)},
    {'Y', "sign", "KEY", "write FILE.sig with this SSH key", TEXT,
	.at = AT(sign)},
    {'W', "signers", "FILE", "who may have signed, as ssh-keygen -Y has it",
	TEXT, .at = AT(signers)},
    {'i', "identity", "WHO", "and that it was this one", TEXT,
	.at = AT(identity)},
    {'w', "window", "D", "compare so long before each moment", DURATION,
	.at = AT(window), .least = 60, .most = 30 * 86400.0},
    {'C', "force", NULL, "compare a snapshot that was changed, too", FLAG,
	.at = AT(force)},
    {'T', "times", "N", "sample so many times first", COUNT, .at = AT(times),
	.least = 1, .most = 1000},
    {'I', "interval", "D", "so long apart (with --times)", DURATION,
	.at = AT(interval), .least = 0.1, .most = 3600},
    {'X', "alert-exit", NULL, "end with status 4 while an alert fires", FLAG,
	.at = AT(alert_exit)},
    {'M', "max-age", "D", "fail if the last run is older", DURATION,
	.at = AT(max_age), .least = DBL_MIN, .most = INFINITY},
    {'H', "horizon", "D", "how far a plan is looked ahead, in weeks", DURATION,
	.at = AT(horizon), .least = WEEK, .most = 52 * WEEK},
    {'R', "reach", "LEVEL", "say when the series reach this", QUANTITY,
	.at = AT(reach)},
    {'J', "json", NULL, "as JSON", FLAG, .at = AT(json)},
    {'F', "from", "TIME", "not before this", TEXT, .at = AT(from)},
    {'U', "to", "TIME", "not after this", TEXT, .at = AT(to)},
    {'f', "format", "WORD",
	"csv or json; sql takes table, too, a snapshot html, pdf, "
	"zip or png",
	TEXT, .at = AT(format)},
    {'d', "dry-run", NULL, "only say what would be imported", FLAG,
	.at = AT(dry_run)},
    {'b', "skip-bad", NULL, "leave out rows that are bad, and list them", FLAG,
	.at = AT(skip_bad)},
    {'g', "forget", NULL, "forget the access that was given", FLAG,
	.at = AT(forget)},
    {'j', "notify", "NAME", "try this channel instead of a source", TEXT,
	.at = AT(notify)},
    {'r', "report", "NAME", "try this report: send it, or -o FILE", TEXT,
	.at = AT(report)},
    {'y', "for", "D", "for so long; else to the alert's end", DURATION,
	.at = AT(hold), .least = 60, .most = 366 * 86400.0},
    {'Q', "undo", NULL, "take it back", FLAG, .at = AT(undo)},
    {'D', "mdoc", NULL, "in the form of the manual", FLAG, .at = AT(mdoc)},
    {'V', "version", NULL, "the version", .kind = VERB},
    {'h', "help", NULL, "this", .kind = VERB},
};

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

/* False: it is not of the kind, or out of its bounds. */
static bool take_number(size_t name, const char *value, void *at)
{
	double x;

	switch (names[name].kind) {
	case COUNT:
		if (!str_int(value, at))
			return false;
		x = (double)*(int64_t *)at;
		break;
	case SIZE:
		if (!str_size(value, at))
			return false;
		x = (double)*(uint64_t *)at;
		break;
	default:
		if (!str_duration(value, at))
			return false;
		x = *(double *)at;
	}
	return x >= names[name].least && x <= names[name].most;
}

static int take(
    struct invocation *in, size_t name, const char *value, struct err *e)
{
	void *at = (char *)in + names[name].at;
	double ignored;

	if (names[name].as_given != 0)
		*(const char **)(void *)((char *)in + names[name].as_given) =
		    value;
	switch (names[name].kind) {
	case VERB:
		in->verb = find_verb(names[name].name);
		return 0;
	case FLAG:
		*(bool *)at = true;
		return 0;
	case TEXT:
	case QUANTITY:
		*(const char **)at = value;
		if (names[name].kind == TEXT || str_quantity(value, &ignored))
			return 0;
		break;
	case TEXTS:
		strings_add(in->arena, at, value);
		return 0;
	case MOMENT:
		return clock_parse(value, clock_now(), at, e);
	default:
		if (take_number(name, value, at))
			return 0;
	}
	return bad_value(names[name].name, value, e);
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

/* Of a letter that getopt_long() or a verb's list has. */
static size_t find_name(int letter)
{
	size_t i = 0;

	while (i + 1 < N_NAMES && names[i].letter != letter)
		i++;
	return i;
}

/* A snapshot has kinds of its own (output/capsule.h). */
static bool takes_format(const struct verb *v, const char *format)
{
	return str_eq(v->name, "snapshot") || str_eq(format, "csv") ||
	       str_eq(format, "json") ||
	       (str_eq(format, "table") && str_eq(v->name, "sql"));
}

static int check(const struct invocation *in, const char *given, struct err *e)
{
	const struct verb *v = in->verb;

	for (; *given != '\0'; given++)
		if (strchr(v->options, *given) == NULL)
			return err_set(e, "%s takes no --%s", v->name,
			    names[find_name(*given)].name);
	if (in->format != NULL && !takes_format(v, in->format))
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
		if (take(in, find_name(c), optarg, e) != 0)
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
