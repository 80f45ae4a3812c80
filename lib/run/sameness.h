/*
 * Is what a panel shows the same as when it was printed last? Told from the
 * newest value of each series, which is read once for all panels, so that a
 * panel that stays as it is costs no query of its own.
 */
#ifndef RUN_SAMENESS_H
#define RUN_SAMENESS_H

#include "base/crypto.h"
#include "base/names.h"
#include "run/plan.h"

/* The longest that a panel stays as it was printed. */
#define SAMENESS_MAX_S 3600

struct sameness {
	const struct plan *plan;
	const char *stamp;	     /* of everything that all panels share */
	const struct series *series; /* all, with their newest values */
	size_t n;
	struct names names; /* of series */
};

/* The stamp: of this program, the zone, the configuration and `templates`. */
void sameness_open(struct sameness *, struct arena *, const struct plan *,
    const char *templates, const struct series *, size_t n);

/* The series that a panel shows, without points, into its input. */
void sameness_series(
    const struct sameness *, struct arena *, struct panel_input *);

/*
 * A key for all that the panel, with those series, shows on a page of so many
 * seconds, in files of this name; it
 * changes at the latest when the newest bucket moves on, which panels do at
 * different moments. False: it has to be printed anew in every run, as while
 * an alert on it goes on.
 */
bool sameness_key(const struct sameness *, struct arena *,
    const struct plan_panel *, const struct panel_input *, double period,
    const char *name, char key[CRYPTO_SHA256_HEX]);

#endif
