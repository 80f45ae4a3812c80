/*
 * The plan: a configuration of which every line holds, bound to structs.
 * Nothing is fetched, stored or printed before there is one.
 */
#ifndef RUN_PLAN_H
#define RUN_PLAN_H

#include "alert/mute.h"
#include "alert/rule.h"
#include "base/arena.h"
#include "base/names.h"
#include "conf/node.h"
#include "decode/decode.h"
#include "notify/channel.h"
#include "notify/mail.h"
#include "panel/panel.h"
#include "run/schedule.h"
#include "source/source.h"
#include "store/store.h"

/* Options that every source takes, whatever its kind. */
struct source_common {
	const char *use;
	const struct node *each; /* of a family, replaced before binding */
	double every;		 /* 0: the run's own */
	double timeout;
	uint64_t limit;
	const char *decode;
	int as; /* enum decode_as */
	const char *run;
	bool private;	     /* not in the public output */
	bool whole;	     /* records: what it lists is all that there is */
	struct strings keep; /* globs of metrics; none: all */
};

extern const struct option source_common_options[];

struct plan_source {
	const char *name;
	const struct node *key, *node;
	struct source_common common;
	const struct source_kind *kind;
	void *conf;
	const struct decoder *decoder;
	void *decode_conf;
	enum decode_as as;
	int64_t every; /* seconds */
};

struct plan_panel {
	const struct panel_kind *kind;
	const struct node *node;
	void *conf;
	struct panel_common common;
	const struct node *query; /* as it is written; NULL: none */
	const char *title;
	const char *page; /* its name */
	const char *id;	  /* unique in its page */
};

/* What a period of a page is: a length of time, or of the calendar. */
enum plan_span { SPAN_LENGTH, SPAN_ALL, SPAN_YEARS, SPAN_MONTHS };

/* A page for each of some words, which its queries have as :NAME. */
struct plan_choose {
	const char *name;  /* NULL: there is no choice */
	const char *query; /* of its first column, or else: */
	struct strings values;
	const char *section; /* the id of the panel that shows it */
	const struct node *node;
};

struct plan_page {
	const char *name; /* the file is NAME.html */
	const char *title;
	const struct node *key, *node;
	double *periods;	   /* seconds; the first is the page's own */
	const char **period_names; /* as written: "24h" */
	enum plan_span *spans;
	struct plan_choose choose;
	bool private; /* not in the public output */
	size_t n_periods;
	struct plan_panel *panels;
	size_t n_panels, cap_panels;
};

/* A SELECT with a name, for panels and other views. */
struct plan_view {
	const char *name, *sql;
	const struct node *node;
};

/* How many snapshots the archive keeps (run/archive.h); 0: any. */
struct plan_snapshots {
	int64_t keep; /* seconds */
	int64_t count;
	uint64_t max_size;    /* bytes */
	int64_t min_interval; /* seconds: see snap.h */
};

/* What a snapshot does not show: see redact.h. */
struct plan_redact {
	const char *name;
	bool hosts, addresses, users, places;
	struct strings words, patterns;
	struct strings keep;  /* words that stay */
	const char *key_file; /* NULL: the configuration is the key */
};

extern const struct option plan_redact_options[];

/* A letter that goes out by the calendar. */
struct plan_report {
	const char *name;
	const char *channel; /* in the queue: DISPATCH_REPORT and its name */
	const char *page;
	struct schedule schedule;
	int empty; /* enum plan_empty */
	bool snapshot;
	struct channel *channels; /* one for each who gets it */
	size_t n_channels, cap_channels;

	/* as they are written */
	int every;
	double period;
	const char *at, *on;
	struct strings to;
	const struct node *mail;
};

enum plan_empty { EMPTY_SEND, EMPTY_SKIP };

extern const struct option plan_report_options[];

/* What the ping is called where channels have names. */
#define PLAN_PING "ping"

/* And the snapshots that alerts take, where what fails is remembered. */
#define PLAN_SNAPSHOTS "snapshots"

/* The page that plan_common.explore asks for. */
#define PLAN_EXPLORER "explore.html"

/* Top-level options. */
struct plan_common {
	const char *title;
	double every;
	const char *timezone;
	const char *store, *output;
	const char *public;    /* a second output; NULL: none */
	const char *url;       /* of the output, ends in '/'; NULL: none */
	bool explore;	       /* the page where any series can be chosen */
	const char *templates; /* the user's own, or NULL */
	uint64_t inline_max;   /* bytes of charts inside a page */
	uint64_t max_size;     /* of the store, bytes; 0: any */
	double deadline;       /* seconds that collecting may take */
	int64_t parallel;      /* most children at once */
	const struct node *keep, *views, *sources, *alerts, *maintenance;
	const struct node *notify, *ping, *reports;
	const struct node *mail, *snapshots, *redact, *pages;
};

extern const struct option plan_common_options[];
extern const struct option plan_keep_options[];
extern const struct option plan_snapshot_options[];

extern const struct option plan_page_options[];

struct plan {
	struct arena *arena;
	bool public; /* made by plan_public() */
	const char *file;
	struct plan_common common;
	int64_t every;
	struct keep keep;
	struct plan_snapshots snapshots;
	const char *data;	     /* where shipped recipes are, or NULL */
	const struct node **recipes; /* those that are used, once read */
	size_t n_recipes, cap_recipes;
	struct names recipe_names; /* by path, their positions */
	struct plan_source *sources;
	size_t n_sources, cap_sources;
	struct names source_names; /* their positions */
	struct alert_rule *rules;
	size_t n_rules, cap_rules;
	struct channel *channels;
	size_t n_channels, cap_channels;
	const struct channel *ping; /* NULL: none */
	struct plan_report *reports;
	size_t n_reports, cap_reports;
	struct maintenance *maintenance;
	size_t n_maintenance, cap_maintenance;
	struct mail_conf mail; /* from NULL: none */
	struct strings record_sources;
	struct plan_view *views;
	size_t n_views, cap_views;
	struct plan_redact *redacts;
	size_t n_redacts, cap_redacts;
	struct plan_page *pages;
	size_t n_pages, cap_pages;
	struct names page_files; /* positions of their pages */
};

/*
 * Reads and checks a configuration. -1 with faults (and err, if the file
 * could not be read at all); the plan lives in the arena of the faults.
 * Sets the process's time zone. Whatever is wrong, common.output is where
 * pages would be, if that can be told, and else NULL. Shipped recipes are in
 * data/assets/recipes; without data there are none.
 */
must_use int plan_load(struct plan *, const char *file, const char *data,
    struct faults *, struct err *);

/* The same of the file's text, without shipped recipes; only time zones, the
 * files of `each` and recipes with a path are looked for on disk. */
must_use int plan_parse(struct plan *, const char *file, struct span text,
    struct faults *, struct err *);

const struct plan_source *plan_source(const struct plan *, const char *name);
bool plan_has_source(const struct plan *, const char *glob);
const struct alert_rule *plan_rule(const struct plan *, const char *name);
const struct channel *plan_channel(const struct plan *, const char *name);
const struct plan_report *plan_report(const struct plan *, const char *name);

/* Of a channel or a report the one that this recipient is told by. */
const struct channel *plan_channel_to(
    const struct plan *, const char *name, const char *recipient);

/* The file of a page and one of its periods: "index.html", "index-24h.html". */
const char *plan_page_file(
    struct arena *, const struct plan_page *, size_t period);

/*
 * Each page has one period, `last` seconds, which is called so; panels with a
 * longer one of their own have it, too.
 */
void plan_narrow(struct plan *, double last, const char *name);
void plan_narrow_to(struct plan_page *, double last, const char *name);

/*
 * Of one page (NULL: the first) with one period, and of it only the panels
 * whose titles or ids match a glob, or all without any. In the arena. What is
 * not there is an error with its name.
 */
must_use int plan_narrow_page(const struct plan *, const char *page,
    const struct strings *panels, struct arena *, struct plan *out,
    struct err *);

/* Parts of plan_load(). */
void plan_bind_sources(struct plan *, struct faults *);
void plan_bind_alerts(struct plan *, struct faults *);
void plan_bind_notify(struct plan *, struct faults *);
void plan_check_notify(
    const struct plan *, const struct alert_rule *, struct faults *);
void plan_bind_pages(struct plan *, struct faults *);
void plan_bind_reports(struct plan *, struct faults *);
bool plan_channel_name(const char *); /* can one be called so? */
/* The channel that a key names; NULL and a fault if there is none. */
const struct channel *plan_named_channel(const struct plan *, const char *key,
    const char *name, const struct node *at, struct faults *);
void plan_bind_mail(struct plan *, const struct node *root, struct faults *);
void plan_bind_snapshots(struct plan *, struct faults *);

/* "forever", which is 0, or a length of time, as the map has it. */
void plan_bind_age(const struct node *map, const char *key, const char *text,
    int64_t *out, struct faults *);
void plan_bind_redact(struct plan *, struct faults *);

#endif
