#include "panel/panel.h"

#define X(name) extern const struct panel_kind panel_##name;
#include "panel/kinds.h"
#undef X

const struct panel_kind *const panel_kinds[] = {
#define X(name) &panel_##name,
#include "panel/kinds.h"
#undef X
    NULL,
};

const struct panel_kind *panel_kind(const char *name)
{
	for (size_t i = 0; panel_kinds[i] != NULL; i++)
		if (str_eq(panel_kinds[i]->name, name))
			return panel_kinds[i];
	return NULL;
}

#define AT(member) offsetof(struct panel_common, member)

const struct option panel_common_options[] = {
    {"series", OPTION_LIST, AT(series),
	.help = "globs of the series to show, such as \"*/cpu\""},
    {"query", OPTION_TEXT, AT(query),
	.help = "a SELECT instead of series or a source: for lines its first "
		"column is ts, every other one a line (or ts, series, value)"},
    {"source", OPTION_TEXT, AT(source),
	.help =
	    "the source of a table or of records; SOURCE/TABLE where it has "
	    "several"},
    {"sources", OPTION_LIST, AT(sources),
	.help = "globs of the sources of lines or states"},
    {"width", OPTION_CHOICE, AT(width), .choices = "full|half|third|quarter",
	.deflt = "full", .help = "how much of the page's width it takes"},
    {"unit", OPTION_TEXT, AT(unit),
	.help = "percent, bytes, seconds, count, any of them with /s, or any "
		"word; by default that of the data"},
    {"period", OPTION_DURATION, AT(period), .min = 60,
	.max = 100 * 366 * 86400.0,
	.help = "how far back it shows; by default as far as the page"},
    {"derive", OPTION_CHOICE, AT(derive), .choices = "no|rate|delta",
	.deflt = "no",
	.help = "of series: what they change per second, or from one value to "
		"the next"},
    {"smooth", OPTION_DURATION, AT(smooth), .min = 1,
	.max = 100 * 366 * 86400.0,
	.help = "of series: their mean over so long, such as 7d; their values "
		"are dots"},
    {"private", OPTION_BOOL, AT(private), .deflt = "no",
	.help = "not in the public output; where a source is private, panels "
		"of SQL are so unless this says no"},
    {"embed", OPTION_LIST, AT(embed),
	.help = "pictures under a stable name as well: svg, png, pdf"},
    {"each", OPTION_NODE, AT(each),
	.help = "repeats the panel, or in place of it a list of panels:, for "
		"each of these words, which stand for {each}"},
    {0},
};
