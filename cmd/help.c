/*
 * help, and the reference part of broadsheet.yaml(5): both are made from the
 * option tables, so that they can't disagree with the program.
 */
#include "cmd.h"

#include <stdio.h>

/* A table and what it belongs to. */
struct topic {
	const char *group, *name, *help;
	const struct option *options;
};

/* Visits every table until the visitor says so. */
static int each_topic(int (*visit)(const struct topic *, void *), void *ctx)
{
	struct topic t;
	int rc = 0;

	t = (struct topic){
	    "", "configuration", "the top level", plan_common_options};
	rc = visit(&t, ctx);
	t = (struct topic){"", "source", "every source", source_common_options};
	rc = rc != 0 ? rc : visit(&t, ctx);
	for (size_t i = 0; rc == 0 && source_kinds[i] != NULL; i++) {
		t = (struct topic){"source", source_kinds[i]->name,
		    source_kinds[i]->help, source_kinds[i]->options};
		rc = visit(&t, ctx);
	}
	for (size_t i = 0; rc == 0 && decoders[i] != NULL; i++) {
		t = (struct topic){"decode", decoders[i]->name,
		    decoders[i]->help, decoders[i]->options};
		rc = visit(&t, ctx);
	}
	t = (struct topic){"", "page", "every page", plan_page_options};
	rc = rc != 0 ? rc : visit(&t, ctx);
	t = (struct topic){"", "panel", "every panel", panel_common_options};
	rc = rc != 0 ? rc : visit(&t, ctx);
	for (size_t i = 0; rc == 0 && panel_kinds[i] != NULL; i++) {
		t = (struct topic){"panel", panel_kinds[i]->name,
		    panel_kinds[i]->help, panel_kinds[i]->options};
		rc = visit(&t, ctx);
	}
	return rc;
}

static int print_mdoc(const struct topic *t, void *ctx)
{
	struct buf *b = ctx;

	if (t->group[0] != '\0')
		buf_printf(b, ".Ss %s: %s\n", t->group, t->name);
	else
		buf_printf(b, ".Ss Options of the %s\n", t->name);
	buf_printf(b, "%s.\n.Bl -tag -width Ds\n", t->help);
	option_manual(t->options, b);
	buf_str(b, ".El\n");
	return 0;
}

static int print_text(const struct topic *t, void *ctx)
{
	const struct option *o = t->options;
	struct buf *b = ctx;

	buf_printf(b, "%s%s%s: %s\n", t->group, t->group[0] ? " " : "", t->name,
	    t->help);
	for (; o != NULL && o->key != NULL; o++) {
		buf_printf(b, "  %-14s %s", o->key, o->help);
		if (o->choices != NULL)
			buf_printf(b, " (%s)", o->choices);
		if (o->deflt != NULL && o->deflt[0] != '\0')
			buf_printf(b, " [%s]", o->deflt);
		buf_str(b, o->required ? " (required)\n" : "\n");
	}
	return 0;
}

struct wanted {
	const char *name;
	struct buf *out;
	bool found;
};

static int print_if_wanted(const struct topic *t, void *ctx)
{
	struct wanted *w = ctx;

	if (!str_eq(t->name, w->name))
		return 0;
	w->found = true;
	return print_text(t, w->out);
}

static int help_on(const char *name, struct buf *b)
{
	struct wanted w = {name, b, false};
	struct err e = {0};

	each_topic(print_if_wanted, &w);
	if (w.found)
		return EXIT_WELL;
	err_set(&e, "there is no kind '%.80s'", name);
	err_hint(&e, "the kinds are in broadsheet.yaml(5)");
	return complain(&e, EXIT_USAGE);
}

int verb_help(struct invocation *in)
{
	int status = EXIT_WELL;
	struct buf b;

	buf_init(&b, 4 * 1024 * 1024);
	if (in->mdoc)
		each_topic(print_mdoc, &b);
	else if (in->argc > 0)
		status = help_on(in->argv[0], &b);
	else
		args_usage();
	fputs(buf_text(&b), stdout);
	buf_free(&b);
	return status;
}
