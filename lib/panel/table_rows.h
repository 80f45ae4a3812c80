/*
 * Rows of tables: in order, and turned to columns.
 */
#ifndef PANEL_TABLE_ROWS_H
#define PANEL_TABLE_ROWS_H

#include "panel/panel.h"

/* A cell as a number, NaN if it is none. */
double table_number(const char *cell);

/*
 * By a column, sign 1 or -1: numbers by size, before text by letters; what is
 * empty comes last. Rows that are equal keep their order.
 */
void table_sort(
    struct arena *, const char ***rows, size_t n, size_t column, int sign);

/* A row for each column but the first, whose cells are the headings. */
struct grid *table_turn(struct arena *, const struct grid *);

#endif
