/*
 * Tables of several sources as one, so that thirty hosts can be compared.
 */
#ifndef PANEL_TABLE_MERGE_H
#define PANEL_TABLE_MERGE_H

#include "panel/panel.h"

/* The name of the first column of a merged table. */
#define MERGED_SOURCE "source"

/*
 * One table of all: the source's name in front, then the columns of any of
 * them by name, those of the first one first. NULL if there is none.
 */
struct table *table_merge(struct arena *, const struct found_table *, size_t n);

/*
 * For each cell of a merged table, whether it is another than most sources
 * have for the same thing: the thing is named by the column behind the
 * source's, or is the source itself where each has but one row. n_rows ×
 * n_columns; *n is how many differ.
 */
bool *table_differences(struct arena *, const struct table *, size_t *n);

#endif
