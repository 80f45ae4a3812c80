/*
 * Mail: what a letter is made of, and its way to one server.
 *
 * A letter is MIME (RFC 2045 to 2049): text, the same as HTML with pictures
 * inside (RFC 2392), and files beside it. All of it travels as short lines of
 * ASCII. Whatever a field of its head is made from, it
 * cannot begin another field.
 *
 * curl speaks SMTP (RFC 5321) and composes the MIME; only this folder and the
 * http source know it.
 */
#ifndef NOTIFY_MAIL_H
#define NOTIFY_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "conf/option.h"

/* A file in a letter. */
struct mail_part {
	const char *cid; /* the HTML shows it as cid:…; NULL: an attachment */
	const char *name; /* of the file */
	const char *type; /* "image/png" */
	struct span bytes;
};

struct mail {
	/*
	 * What makes it this one: with the same id and recipient it has the
	 * same Message-ID, so that a second copy is known as one.
	 */
	const char *id;
	const char *thread; /* the id of the one that it follows, or NULL */
	int64_t date;	    /* shown in the page's zone */
	const char *from;   /* "broadsheet <dash@example.net>" */
	const char *to;	    /* one recipient, written the same way */
	const char *subject;
	const char *text;
	const char *html; /* or NULL */
	const struct mail_part *parts;
	size_t n_parts;
};

enum smtp_tls {
	SMTP_AUTO, /* STARTTLS, but plain to this machine without a login */
	SMTP_STARTTLS,
	SMTP_PLAIN, /* also the password: whoever wants it must say so */
};

/* A server that takes mail. smtps:// is TLS from the first byte on. */
struct smtp {
	const char *url;	   /* smtp://host:587, smtps://host */
	const char *user;	   /* NULL: no login */
	const char *password_file; /* see file_read_secret() */
	int tls;		   /* enum smtp_tls, of smtp:// */
	const char *ca_file;	   /* PEM; NULL: the machine's own */
	double timeout;		   /* seconds, for all of one letter */
};

/* `mail:` of the configuration. */
struct mail_conf {
	const char *from;
	struct smtp smtp;
};

extern const struct option mail_options[];

/* Finds what the table cannot: a URL, a sender, a login that is not whole. */
void mail_check(const struct mail_conf *, const struct node *, struct faults *);

/* A fault if it is no smtp:// or smtps:// URL. */
void smtp_check(const struct smtp *, const struct node *, struct faults *);

/* What became of a letter that was not sent; in err->code. */
enum mail_outcome {
	MAIL_LATER =
	    1,	    /* no connection, no login, 4xx: it can be tried again */
	MAIL_NEVER, /* 5xx, or a letter that is none: it will not go */
};

/*
 * Hands it to the server. 0: the server has taken it. -1: it has not, or the
 * connection broke before it said so; the error names the server and has its
 * reply. Plain blocking code, bounded by the timeout.
 */
must_use int mail_send(const struct smtp *, const struct mail *, struct err *);

/* --- mail.c: the fields of its head, each as it is sent */

struct mailbox {
	const char *name; /* "" if it has none */
	const char *address;
};

/* "ops@example.net", "Ops <ops@example.net>"; ASCII addresses only. */
must_use int mailbox_parse(
    struct arena *, const char *text, struct mailbox *, struct err *);

/* "Subject: …", encoded and folded (RFC 2047) where that is needed. */
char *mail_header(struct arena *, const char *name, const char *text);
/* "To: …" */
char *mail_header_mailbox(
    struct arena *, const char *name, const struct mailbox *);
/* "Date: Sun, 22 Nov 2026 03:14:00 +0000" */
char *mail_header_date(struct arena *, int64_t date);
/* "<…@example.net>": of the letter with this id from and to these. */
char *mail_message_id(struct arena *, const char *id,
    const struct mailbox *from, const struct mailbox *to);

#endif
