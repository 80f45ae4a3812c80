#include "panel/level.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
	const char *word, *level;
} words[] = {
    {"ERROR", "error"},
    {"ERR", "error"},
    {"FATAL", "error"},
    {"SEVERE", "error"},
    {"CRIT", "error"},
    {"CRITICAL", "error"},
    {"PANIC", "error"},
    {"ALERT", "error"},
    {"EMERG", "error"},
    {"EMERGENCY", "error"},
    {"WARN", "warn"},
    {"WARNING", "warn"},
};

static const char *by_word(const char *word, size_t n)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strlen(words[i].word) == n &&
		    strncasecmp(words[i].word, word, n) == 0)
			return words[i].level;
	return "";
}

/*
 * In capitals a word counts wherever it stands; in small letters it is plain
 * English ("no error") unless it is marked as a level: [error], error:,
 * <error>, "error".
 */
static bool marked(const char *line, const char *word, size_t n)
{
	char before = word > line ? word[-1] : '\0', after = word[n];

	return (before == '[' && after == ']') ||
	       (before == '<' && after == '>') ||
	       (after == ':' && (word == line || before == ' ')) ||
	       before == '=' || (before == '"' && after == '"');
}

static bool capitals(const char *word, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!isupper((unsigned char)word[i]))
			return false;
	return true;
}

static const char *by_words(const char *line)
{
	const char *worst = "";

	for (const char *p = line; *p != '\0';) {
		size_t n = 0;
		const char *level = "";

		while (isalpha((unsigned char)p[n]))
			n++;
		if (n > 2 && (capitals(p, n) || marked(line, p, n)))
			level = by_word(p, n);
		if (level[0] == 'e')
			return level;
		if (level[0] != '\0')
			worst = level;
		p += n > 0 ? n : 1;
	}
	return worst;
}

/* 0 to 7 is syslog's, worst first; 10 to 60 is pino's and bunyan's. */
static const char *by_number(long n)
{
	if (n <= 7)
		return n <= 3 ? "error" : n == 4 ? "warn" : "";
	return n >= 50 ? "error" : n >= 40 ? "warn" : "";
}

/* What stands for a level behind its key, perhaps in quotes. */
static const char *by_value(const char *p)
{
	size_t n = 0;

	p += strspn(p, " \t");
	p += *p == '"';
	if (isdigit((unsigned char)*p))
		return by_number(strtol(p, NULL, 10));
	while (isalpha((unsigned char)p[n]))
		n++;
	return by_word(p, n);
}

static bool word_before(const char *line, const char *p)
{
	return p > line &&
	       (isalnum((unsigned char)p[-1]) || p[-1] == '_' || p[-1] == '-');
}

/* NULL: the line has no such field. */
static const char *by_field(const char *line)
{
	static const char *const keys[] = {"level", "severity", "lvl",
	    "loglevel", "levelname", "log.level", "priority"};
	bool json = line[strspn(line, " ")] == '{';

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		size_t n = strlen(keys[i]);
		const char *p = line;

		for (; (p = strcasestr(p, keys[i])) != NULL; p += n) {
			const char *end = p + n;

			if (word_before(line, p))
				continue;
			if (json && p[-1] == '"' && end[0] == '"' &&
			    end[1 + strspn(end + 1, " ")] == ':')
				return by_value(strchr(end, ':') + 1);
			if (!json && *end == '=')
				return by_value(end + 1);
		}
	}
	return NULL;
}

/* "<11>": facility × 8 + severity. */
static const char *by_priority(const char *line)
{
	char *end;
	long n;

	if (line[0] != '<' || !isdigit((unsigned char)line[1]))
		return NULL;
	n = strtol(line + 1, &end, 10);
	return *end == '>' && n < 192 ? by_number(n % 8) : NULL;
}

/* "E1122 03:14:05.678": glog and klog. */
static const char *by_letter(const char *line)
{
	if (strspn(line + (line[0] != '\0'), "0123456789") != 4 ||
	    line[5] != ' ')
		return NULL;
	return line[0] == 'E' || line[0] == 'F' ? "error"
	       : line[0] == 'W'			? "warn"
						: NULL;
}

const char *log_level(const char *line)
{
	const char *level = by_priority(line);

	if (level == NULL)
		level = by_letter(line);
	if (level == NULL)
		level = by_field(line);
	return level != NULL ? level : by_words(line);
}

/* In the order in which they are asked. */
static const struct {
	const char *key, *level;
} rule_names[LEVEL_RULES] = {
    {"plain", ""},
    {"error", "error"},
    {"warn", "warn"},
};

static int open_rule(struct level_rules *l, const struct pair *p, struct err *e)
{
	char why[128];
	int rc;

	for (size_t i = 0; i < LEVEL_RULES; i++) {
		struct level_rule *r = &l->rules[i];

		if (strcmp(rule_names[i].key, p->key) != 0)
			continue;
		rc = regcomp(&r->re, p->value, REG_EXTENDED | REG_NOSUB);
		r->set = rc == 0;
		if (rc == 0)
			return 0;
		regerror(rc, &r->re, why, sizeof(why));
		return err_set(e,
		    "levels: '%.80s' is not a regular expression: %s", p->value,
		    why);
	}
	return err_set(
	    e, "levels: '%.80s' is not one of error, warn, plain", p->key);
}

int level_rules_open(
    struct level_rules *l, const struct pairs *pairs, struct err *e)
{
	*l = (struct level_rules){0};
	for (size_t i = 0; i < pairs->n; i++) {
		if (open_rule(l, &pairs->items[i], e) != 0) {
			level_rules_close(l);
			return -1;
		}
	}
	return 0;
}

void level_rules_close(struct level_rules *l)
{
	for (size_t i = 0; i < LEVEL_RULES; i++)
		if (l->rules[i].set)
			regfree(&l->rules[i].re);
}

const char *level_by_rules(const struct level_rules *l, const char *line)
{
	for (size_t i = 0; i < LEVEL_RULES; i++)
		if (l->rules[i].set &&
		    regexec(&l->rules[i].re, line, 0, NULL, 0) == 0)
			return rule_names[i].level;
	return log_level(line);
}
