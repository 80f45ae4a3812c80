/*
 * A headline between panels.
 */
#include "panel/panel.h"

struct conf {
	const struct node *choose; /* the run's to understand */
};

static const struct option options[] = {
    {"choose", OPTION_NODE, offsetof(struct conf, choose),
	.help = "a page for each of some words: a mapping of name, and query "
		"(a SELECT of them) or values; queries of the page have the "
		"word as :NAME"},
    {0},
};

static int build(const struct panel_input *in, struct block *b, struct arena *a,
    struct err *e)
{
	(void)in;
	(void)a;
	(void)e;
	b->state = PANEL_OK;
	b->width = WIDTH_FULL;
	return 0;
}

const struct panel_kind panel_section = {
    .name = "section",
    .help = "a headline between panels",
    .options = options,
    .conf_size = sizeof(struct conf),
    .needs = NEEDS_NOTHING,
    .build = build,
};
