/*
 * A headline between panels.
 */
#include "panel/panel.h"

static const struct option options[] = {{0}};

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
    .needs = NEEDS_NOTHING,
    .build = build,
};
