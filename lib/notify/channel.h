/*
 * Channels: how a recipient is told. A kind is one file, which ends in its
 * `const struct channel_kind`, and one line in kinds.h.
 *
 * send() runs in a child process that may be killed at any moment, so it is
 * plain blocking code; it keeps its timeout and treats the service's answer
 * as hostile. A message that it cannot promise to deliver only once carries
 * its id, so that who gets it twice can tell.
 */
#ifndef NOTIFY_CHANNEL_H
#define NOTIFY_CHANNEL_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/option.h"
#include "model/alert.h"
#include "notify/mail.h"
#include "notify/message.h"

/* Options that every channel takes, whatever its kind. */
struct channel_common {
	const char *use;
	struct strings severities; /* words; none: all */
	double repeat;		   /* seconds; 0: never */
	double min_interval;
	double give_up;
	double timeout;
	bool grouped;
};

extern const struct option channel_common_options[];

struct channel {
	const char *name;
	const struct node *key, *node;
	const struct channel_kind *kind;
	void *conf;
	struct channel_common common;
	struct strings recipients; /* one that is "" where the kind has none */
	const struct mail_conf *mail; /* of the top level; empty if none */
};

/* One message to one recipient. */
struct sending {
	const struct channel *channel;
	const char *recipient;
	const struct message *message;
	int64_t now;
	double left; /* seconds that there are, whatever the timeout says */

	bool never;	  /* of one that failed: it is of no use to try again */
	int64_t retry_at; /* as the service wishes; 0: it has no wish */
};

struct channel_kind {
	const char *name; /* the key that chooses the kind: "http" */
	const char *also; /* another key that does, or NULL */
	const char *help; /* one line for the manual */
	const struct option *options;
	size_t conf_size;

	/* Faults that the table can't see; may complete conf. May be NULL. */
	void (*check)(void *conf, const struct node *, struct faults *);

	/* Faults of it together with what it needs beside it. May be NULL. */
	void (*complete)(const struct channel *, struct faults *);

	bool attaches; /* files go with its messages */

	/* Those that are told, each on its own; NULL: it is one. */
	const struct strings *(*recipients)(const void *conf);

	/* 0: it was taken. -1: the error says why not. */
	int (*send)(struct sending *, struct arena *, struct err *);
};

extern const struct channel_kind channel_mail;

/* The table ends with NULL. */
extern const struct channel_kind *const channel_kinds[];

/* The kind that a mapping names by its keys; NULL and a fault if none. */
const struct channel_kind *channel_kind_of(
    const struct node *, struct faults *);

/*
 * Binds it; what a recipe gives must be in the node already, and `more` binds
 * what only the recipe knows. The letters of mail_conf are the top level's.
 */
void channel_bind(struct channel *, const char *name, const struct node *,
    const struct mail_conf *, const struct binding *more, struct faults *);

/* Of the channel, as far as there is time. */
double channel_timeout(const struct sending *);

bool channel_takes(const struct channel *, enum alert_severity);

#endif
