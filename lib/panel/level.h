/*
 * How bad a line of a log is: "error", "warn" or "".
 *
 * A line says so itself, by a syslog priority (<3>, RFC 5424), a field of
 * JSON or logfmt ("level":"warn", "severity":50, level=error), glog's letter
 * (E1122) or the words that programs use.
 */
#ifndef PANEL_LEVEL_H
#define PANEL_LEVEL_H

#include <regex.h>
#include <stdbool.h>

#include "base/err.h"
#include "conf/option.h"

const char *log_level(const char *line);

/*
 * The user's own: extended regular expressions by "error", "warn" and
 * "plain", which is neither. They come before what the line says, and of
 * them plain comes first, then error.
 */
#define LEVEL_RULES 3

struct level_rules {
	struct level_rule {
		regex_t re;
		bool set;
	} rules[LEVEL_RULES];
};

/* -1: an unknown level or a bad expression; nothing is left open then. */
must_use int level_rules_open(
    struct level_rules *, const struct pairs *, struct err *);
void level_rules_close(struct level_rules *);

const char *level_by_rules(const struct level_rules *, const char *line);

#endif
