/*
 * The parts of a session (http_session.c), for each other only.
 */
#ifndef SOURCE_HTTP_SESSION_H
#define SOURCE_HTTP_SESSION_H

#include "source/http.h"

/* All the sources of one login, in one child. */
struct session {
	struct arena *arena;
	struct http_login login;
	CURLSH *share;
	const struct fetch_sink *sink;
};

/* One source's turn. */
struct turn {
	struct session *s;
	struct fetch *job;
	const struct http_conf *conf;
	struct http_place place;
	const char *secret; /* a token or a key; NULL: none */
	const char *url;    /* of the page at hand */
	double begun;
	size_t largest; /* page so far */
	size_t *ends;
	size_t n, cap;
	bool renewed; /* tokens are asked for once in a turn */
};

/* A request of this turn, with the time that is left. */
struct http_exchange session_exchange(struct turn *);

/* --- http_renew.c: each -1 with the job's err */

/* What the pages are to be asked with: t->secret. */
must_use int session_equip(struct turn *);

/* New tokens, durable when it returns. */
must_use int session_renew(struct turn *);

/* Makes it durable; only then does the session know of it. */
must_use int session_keep(struct turn *, const struct http_login *);

/* Makes the job's error one that a person can end; returns -1. */
int session_ask_person(struct turn *);

#endif
