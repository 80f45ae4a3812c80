/*
 * The views of a page: each of its periods, the years or months that there
 * are data of, and each of these for every choice. A view is a file.
 */
#ifndef RUN_VIEWS_H
#define RUN_VIEWS_H

#include "run/query.h"
#include "store/store.h"

#define VIEWS_YEARS   40 /* the newest; so are months */
#define VIEWS_MONTHS  36
#define VIEWS_CHOICES 50

struct view {
	const char *file;
	const char *words; /* "6 hours", "2025", "March 2025" */
	double period;	   /* seconds before `to` */
	int64_t to;
	bool past;	    /* it ended before now */
	bool calendar;	    /* a year or a month */
	size_t span;	    /* those of one time have the same */
	const char *choose; /* the name of the choice */
	const char *choice; /* NULL: none */
};

struct views {
	struct view *items; /* by span, then choice; the first is the page */
	size_t n, cap;
	const char **choices;
	size_t n_choices;
	const char *note; /* why there are no choices, or not all; or NULL */
};

/* Files that are taken, by all pages. */
struct view_files {
	struct names known;
};

void views_files(struct view_files *, const struct plan *, struct arena *);

/*
 * `first` is the time of the oldest data. The query of choices is asked with
 * :from and :to of everything; if it fails the page has none, and says so.
 */
void views_of(struct query *, const struct plan_page *, int64_t first,
    int64_t now, struct view_files *, struct arena *, struct views *);

/* "2 weeks" of "2w". */
const char *views_period_words(struct arena *, const char *);

#endif
