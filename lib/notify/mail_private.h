/*
 * The parts of sending mail, for each other only:
 *
 *	mail_conf.c	its options, and what is wrong with them
 *	mail.c		the fields of its head
 *	mail_mime.c	its body
 *	smtp.c		its way to the server
 */
#ifndef NOTIFY_MAIL_PRIVATE_H
#define NOTIFY_MAIL_PRIVATE_H

#include <curl/curl.h>

#include "notify/mail.h"

struct smtp_address {
	const char *server; /* "mail.example.net:587", as it is named */
	bool secure;	    /* smtps */
	bool here;	    /* on this machine */
};

must_use int smtp_address(
    struct arena *, const char *url, struct smtp_address *, struct err *);

/*
 * multipart/mixed of what is to be read (in related with its pictures, in
 * alternative where there is HTML) and of what is attached. -1 and
 * MAIL_NEVER if a part has no name that can be sent. *out is set, to be
 * freed, in any case; it points into the mail.
 */
must_use int mail_mime(
    struct arena *, CURL *, const struct mail *, curl_mime **out, struct err *);

#endif
