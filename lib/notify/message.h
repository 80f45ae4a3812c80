/*
 * What is said to a recipient, ready in all the forms that channels take: a
 * plain struct, made by output/news.h, sent by the kinds of channels.
 */
#ifndef NOTIFY_MESSAGE_H
#define NOTIFY_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

struct mail_part;

struct message {
	int64_t made;	/* when; the same at each try */
	const char *id; /* of the message, the same at each try */

	const char *title;   /* of the page */
	const char *url;     /* of the page, or "" */
	const char *subject; /* one line */
	const char *text;    /* a line or more for each alert */
	const char *html;    /* the same */
	const char *json;    /* all of it, one object */
	const char *time;    /* when, in epoch seconds */

	const char *snapshot;	       /* its address, or "" */
	const struct mail_part *parts; /* of a letter, files at the end */
	size_t n_parts;

	/* Of the alert, or of the worst of several. */
	const char *key; /* the same from its begin to its end */
	const char *event, *severity;
	const char *rule, *series, *source;
	const char *value;  /* as people read it, "" if there is none */
	const char *advice; /* the rule's own words, or "" */
};

/*
 * What a template may hold in braces: {subject}. The name, the member and
 * what it stands for.
 */
#define MESSAGE_FIELDS(X)                                                      \
	X(subject, "one line that says it all")                                \
	X(text, "a line or more for each alert")                               \
	X(title, "the title of the page")                                      \
	X(url, "the address of the page, if the configuration has it")         \
	X(event, "begins, lasts or ended; or the word that events has for it") \
	X(severity, "warning or critical")                                     \
	X(level, "the word that levels has for the severity")                  \
	X(rule, "the name of the alert's rule")                                \
	X(series, "the series")                                                \
	X(source, "its source")                                                \
	X(value, "the value, with its unit")                                   \
	X(message, "the rule's message")                                       \
	X(snapshot, "the address of the snapshot, if there is one")            \
	X(time, "when, in seconds since 1970")                                 \
	X(id, "of the message, the same each time it is tried")                \
	X(key, "of the alert, the same from its begin to its end")             \
	X(token, "what token_file holds")                                      \
	X(json, "all of it as one JSON object, not within quotes")

#endif
