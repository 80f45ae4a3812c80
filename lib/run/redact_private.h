/*
 * For lib/run/redact*.c only.
 */
#ifndef RUN_REDACT_PRIVATE_H
#define RUN_REDACT_PRIVATE_H

#include "base/mask.h"
#include "run/redact.h"

struct redact {
	const struct plan *plan;
	const struct plan_redact *profile;
	struct arena *arena;
	struct mask *mask;
	struct names labels; /* of hosts: "app1" of app1.example.net */
};

/* --- redact_input.c */

/* In the order of their masked series; *all becomes a copy. */
void redact_alerts(
    struct redact *, const struct alert **all, size_t n, struct arena *);
void redact_lines(
    struct redact *, const struct log_line **, size_t n, struct arena *);
void redact_spells(
    struct redact *, const struct spell **, size_t n, struct arena *);
void redact_status(
    struct redact *, const struct source_status **, size_t n, struct arena *);

/* --- redact_conf.c */

/*
 * The panel's options, masked. Globs of sources and series become the masked
 * names of those that they match.
 */
void redact_conf(struct redact *, const struct plan_panel *,
    struct panel_input *, struct arena *);

/* --- redact_gist.c */

void redact_gist(struct redact *, struct gist *);

#endif
