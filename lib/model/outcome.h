/*
 * What became of a source in one run. The ledger of outcomes explains every
 * gap in every chart, so each way to fail that has a remedy of its own has a
 * name of its own. Fetching and decoding put one of these into err->code.
 */
#ifndef MODEL_OUTCOME_H
#define MODEL_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>

/* name, word for people and status.json */
#define OUTCOMES(X)                                                            \
	X(OK, "ok")                                                            \
	X(NOT_DUE, "not due")                                                  \
	X(FAILED, "failed") /* a command or file that did not work */          \
	X(TIMEOUT, "timeout")                                                  \
	X(REFUSED, "refused")	      /* nothing listens there */              \
	X(UNREACHABLE, "unreachable") /* no route, or dropped midway */        \
	X(DNS, "dns")                                                          \
	X(AUTH, "auth")                                                        \
	X(HOST_KEY, "host key")                                                \
	X(TLS, "tls")                                                          \
	X(PROTOCOL, "protocol") /* not what it should be talking */            \
	X(HTTP_STATUS, "http status")                                          \
	X(PARSE, "parse")                                                      \
	X(TOO_LARGE, "too large")                                              \
	X(RATE_LIMITED, "rate limited")                                        \
	X(REAUTH, "needs re-authorisation")                                    \
	X(CRASHED, "crashed")

enum outcome {
#define X(name, word) OUTCOME_##name,
	OUTCOMES(X)
#undef X
};

const char *outcome_word(enum outcome);
bool outcome_parse(const char *word, enum outcome *);

#endif
