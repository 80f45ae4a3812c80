/*
 * The one number that an output is about.
 */
#include "decode/decode.h"
#include "decode/text.h"

#include <regex.h>
#include <stddef.h>
#include <string.h>

#define SEARCHED_MAX (1 << 20)

struct conf {
	const char *pattern, *metric, *unit;
};

static const struct option options[] = {
    {"pattern", OPTION_TEXT, offsetof(struct conf, pattern),
	.help = "extended regular expression that finds the number: its "
		"first group, or all of it; by default the first number "
		"that is not part of a word"},
    {"metric", OPTION_TEXT, offsetof(struct conf, metric), .deflt = "value",
	.help = "what the number is called"},
    {"unit", OPTION_TEXT, offsetof(struct conf, unit), .deflt = "",
	.help = "its unit: percent, bytes, seconds, count or any word"},
    {0},
};

/* Group 2: a number with no letter, digit or dot before it. */
static const char first_number[] =
    "(^|[^[:alnum:]_.])([-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)?)";

static bool given(const struct conf *c)
{
	return c->pattern != NULL && c->pattern[0] != '\0';
}

static void check(void *conf, const struct node *map, struct faults *faults)
{
	const struct conf *c = conf;
	const struct node *at = node_get(map, "pattern");
	regex_t re;
	char why[128];
	int rc;

	if (!given(c))
		return;
	rc = regcomp(&re, c->pattern, REG_EXTENDED);
	if (rc == 0) {
		regfree(&re);
		return;
	}
	regerror(rc, &re, why, sizeof(why));
	fault_at(faults, at != NULL ? at : map,
	    "pattern: '%s' is not a regular expression: %s", c->pattern, why);
}

static bool found(const struct conf *c, const char *body, double *v)
{
	regmatch_t m[3];
	regex_t re;
	size_t group;
	bool ok;

	if (regcomp(&re, given(c) ? c->pattern : first_number,
		REG_EXTENDED | REG_NEWLINE) != 0)
		return false;
	ok = regexec(&re, body, 3, m, 0) == 0;
	group = !given(c) ? 2 : re.re_nsub > 0 ? 1 : 0;
	regfree(&re);
	if (!ok || m[group].rm_so < 0)
		return false;
	return text_number(str_trim((struct span){body + m[group].rm_so,
			       (size_t)(m[group].rm_eo - m[group].rm_so)}),
	    v);
}

/* Colours have numbers in them too: they are taken out first. */
static int decode(
    const struct decode_input *in, struct readings *out, struct err *e)
{
	const struct conf *c = in->conf;
	size_t max = in->len < SEARCHED_MAX ? in->len : SEARCHED_MAX;
	const char *body = str_clean(out->arena, in->body, max, SEARCHED_MAX);
	struct span text = str_trim((struct span){body, strlen(body)});
	double v;

	if (!text_number(text, &v) && !found(c, body, &v))
		return err_code(e, OUTCOME_PARSE,
		    "no number in the output: '%s'",
		    text_excerpt(out->arena, text));
	readings_sample(out, c->metric, v, c->unit != NULL ? c->unit : "");
	return 0;
}

const struct decoder decoder_number = {
    .name = "number",
    .help = "the one number in the output",
    .options = options,
    .conf_size = sizeof(struct conf),
    .as = {AS_SAMPLES},
    .check = check,
    .decode = decode,
};
