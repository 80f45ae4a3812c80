/*
 * help, and the reference part of broadsheet.yaml(5): both are made from the
 * option tables, so that they can't disagree with the program.
 */
#include "cmd.h"

#include <ctype.h>
#include <stdio.h>

/* A table and what it belongs to. */
struct topic {
	const char *name, *title, *help;
	const struct option *options;
};

struct topics {
	struct arena *arena;
	struct topic *items;
	size_t n, cap;
};

static void add(struct topics *t, const char *group, const char *name,
    const char *help, const struct option *options)
{
	const char *title = group[0] == '\0'
				? name
				: arena_printf(t->arena, "%s %s", group, name);

	*arena_push(t->arena, &t->items, &t->n, &t->cap) =
	    (struct topic){name, title, help, options};
}

static void add_source(struct topics *t, const struct source_kind *kind)
{
	const struct source_part *p = kind->parts;

	add(t, "source", kind->name, kind->help, kind->options);
	for (; p != NULL && p->name != NULL; p++)
		add(t, arena_printf(t->arena, "source %s,", kind->name),
		    p->name, p->help, p->options);
}

/* Every table, in the order of the manual. */
static void gather(struct topics *t)
{
	add(t, "", "configuration", "the top level of the file",
	    plan_common_options);
	add(t, "", "keep", "under keep: at the top level; what is older goes",
	    plan_keep_options);
	add(t, "", "mail", "under mail: at the top level", mail_options);
	add(t, "", "snapshots",
	    "under snapshots: at the top level; the oldest go first, marked "
	    "ones stay",
	    plan_snapshot_options);
	add(t, "", "source", "every source, whatever its kind",
	    source_common_options);
	for (size_t i = 0; source_kinds[i] != NULL; i++)
		add_source(t, source_kinds[i]);
	for (size_t i = 0; decoders[i] != NULL; i++)
		add(t, "decode:", decoders[i]->name, decoders[i]->help,
		    decoders[i]->options);
	add(t, "", "alert", "every rule under alerts: at the top level",
	    alert_rule_options);
	add(t, "", "redact", "every profile under redact: at the top level",
	    plan_redact_options);
	add(t, "", "channel", "every channel under notify: at the top level",
	    channel_common_options);
	for (size_t i = 0; channel_kinds[i] != NULL; i++)
		add(t, "channel", channel_kinds[i]->name,
		    channel_kinds[i]->help, channel_kinds[i]->options);
	add(t, "", "report", "every report under reports: at the top level",
	    plan_report_options);
	add(t, "", "page", "every page", plan_page_options);
	add(t, "", "panel", "every panel, whatever its kind",
	    panel_common_options);
	for (size_t i = 0; panel_kinds[i] != NULL; i++)
		add(t, "panel", panel_kinds[i]->name, panel_kinds[i]->help,
		    panel_kinds[i]->options);
}

static void put_mdoc(const struct topic *t, struct buf *b)
{
	buf_printf(
	    b, ".Ss %c%s\n", toupper((unsigned char)t->title[0]), t->title + 1);
	buf_printf(
	    b, "%c%s.\n", toupper((unsigned char)t->help[0]), t->help + 1);
	if (t->options == NULL || t->options->key == NULL)
		return;
	buf_str(b, ".Bl -tag -width Ds\n");
	option_manual(t->options, b);
	buf_str(b, ".El\n");
}

static void put_text(const struct topic *t, struct buf *b)
{
	const struct option *o = t->options;

	buf_printf(b, "%s: %s\n", t->title, t->help);
	for (; o != NULL && o->key != NULL; o++) {
		buf_printf(b, "  %-14s %s", o->key, o->help);
		if (o->choices != NULL)
			buf_printf(b, " (%s)", o->choices);
		if (o->deflt != NULL && o->deflt[0] != '\0')
			buf_printf(b, " [%s]", o->deflt);
		buf_str(b, o->required ? " (required)\n" : "\n");
	}
}

static int help_on(const struct topics *t, const char *name, struct buf *b)
{
	struct strings known = {0};
	struct err e = {0};
	const char *near;

	for (size_t i = 0; i < t->n; i++) {
		strings_add(t->arena, &known, t->items[i].name);
		if (str_eq(t->items[i].name, name))
			put_text(&t->items[i], b);
	}
	if (b->len > 0)
		return EXIT_WELL;
	err_set(&e, "there is no kind '%.80s'", name);
	near = str_nearest(name, &known);
	if (near != NULL)
		err_hint(&e, "did you mean 'broadsheet help %s'?", near);
	return complain(&e, EXIT_USAGE);
}

int verb_help(struct invocation *in)
{
	struct topics t = {.arena = in->arena};
	int status = EXIT_WELL;
	struct buf b;

	gather(&t);
	buf_init(&b, 4 * 1024 * 1024);
	if (in->argc > 0)
		status = help_on(&t, in->argv[0], &b);
	else if (!in->mdoc)
		args_usage();
	for (size_t i = 0; in->mdoc && i < t.n; i++)
		put_mdoc(&t.items[i], &b);
	fputs(buf_text(&b), stdout);
	buf_free(&b);
	return status;
}
