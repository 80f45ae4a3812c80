/*
 * What the overview's files share: for lib/panel/tiles*.c only.
 */
#ifndef PANEL_TILES_H
#define PANEL_TILES_H

#include "panel/panel.h"

enum tiles_sort { TILES_BY_NAME, TILES_WORST_FIRST };

struct tiles_metric {
	const char *title, *glob; /* of metrics within a source */
};

struct tiles_group {
	const char *name;
	struct strings globs; /* of sources */
};

struct tiles_conf {
	const struct node *metrics, *group;
	int sort; /* enum tiles_sort */
	bool spark;
	/* Made of the nodes by check(). */
	struct tiles_metric figures[TILE_FIGURES];
	size_t n_figures;
	struct tiles_group *groups;
	size_t n_groups;
	bool by_prefix;
};

/* A tile and what is behind it. */
struct tiles_source {
	struct tile tile;
	const struct source_status *status;
	/* The series of each figure, the worst of those that fit; or NULL. */
	const struct series *series[TILE_FIGURES];
	size_t fitting[TILE_FIGURES]; /* so many did */
	const struct alert *alert;    /* the worst that goes on, or NULL */
	size_t hot;		      /* so many fire */
	size_t group;
};

/* Name, state and words; and figures, but for what takes all tiles. */
void tiles_describe(
    const struct panel_input *, struct tiles_source *, struct arena *);

/* The smaller the worse. */
int tiles_rank(const struct tiles_source *);

#endif
