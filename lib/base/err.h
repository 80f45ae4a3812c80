/*
 * Errors as sentences.
 *
 * A function that can fail returns int, 0 or -1, and takes a struct err *
 * as its last parameter. Whoever finds the fault writes the sentence: lower
 * case, no full stop, the thing and its value named. Callers prepend what
 * they know with err_context(), so that a message reads from the outside in:
 *
 *	source sessions: postgres://db1/prod: connection refused
 *
 * A hint is a remedy, given only where there is one; it may be a command to
 * copy and so is never cut in the middle of a line: one that is too long is
 * left out.
 *
 * Parts of a message often come from outside (a server's banner, a command's
 * stderr). Everything that enters is made valid UTF-8 without control
 * characters (a hint keeps its line feeds), so that a message can be printed
 * on a terminal as it is. An argument may be the text of the error itself.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#define ERR_TEXT_MAX 1024
#define ERR_HINT_MAX 1024

struct err {
	int code; /* 0, or what the function that sets it documents */
	char text[ERR_TEXT_MAX];
	char hint[ERR_HINT_MAX];
};

#define must_use	  __attribute__((warn_unused_result))
#define printf_like(f, a) __attribute__((format(printf, f, a)))

/* Sets the message and clears code and hint. Always returns -1. */
int err_set(struct err *, const char *fmt, ...) printf_like(2, 3);

/* The same with a code. */
int err_code(struct err *, int code, const char *fmt, ...) printf_like(3, 4);

/* Puts "fmt: " before the message that is there. Always returns -1. */
int err_context(struct err *, const char *fmt, ...) printf_like(2, 3);

/* Adds a remedy to the message that is there. Always returns -1. */
int err_hint(struct err *, const char *fmt, ...) printf_like(2, 3);

void err_clear(struct err *);

#endif
