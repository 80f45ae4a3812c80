#include "panel/level.h"

#include <ctype.h>
#include <stdbool.h>
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
    {"WARN", "warn"},
    {"WARNING", "warn"},
};

/*
 * In capitals a word counts wherever it stands; in small letters it is plain
 * English ("no error") unless it is marked as a level: [error], error:,
 * level=error, "level":"error".
 */
static bool marked(const char *line, const char *word, size_t n)
{
	char before = word > line ? word[-1] : '\0', after = word[n];

	return (before == '[' && after == ']') ||
	       (before == '<' && after == '>') ||
	       (after == ':' && (word == line || before == ' ')) ||
	       before == '=' || (before == '"' && after == '"');
}

static const char *level_of(const char *line, const char *word, size_t n)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strlen(words[i].word) != n ||
		    strncasecmp(words[i].word, word, n) != 0)
			continue;
		if (memcmp(words[i].word, word, n) == 0 ||
		    marked(line, word, n))
			return words[i].level;
	}
	return "";
}

const char *log_level(const char *line)
{
	const char *worst = "";

	for (const char *p = line; *p != '\0';) {
		size_t n = 0;
		const char *level;

		while (isalpha((unsigned char)p[n]))
			n++;
		level = n > 2 ? level_of(line, p, n) : "";
		if (level[0] == 'e')
			return level;
		if (level[0] != '\0')
			worst = level;
		p += n > 0 ? n : 1;
	}
	return worst;
}
