/*
 * Lines of "key: value" or "key=value": /proc/meminfo, os-release, a jar's
 * MANIFEST.MF, what many tools print.
 */
#include "decode/decode.h"
#include "decode/text.h"

#include <stddef.h>
#include <string.h>

struct conf {
	const char *separator, *key, *unit;
};

static const struct option options[] = {
    {"separator", OPTION_TEXT, offsetof(struct conf, separator), .deflt = "",
	.help = "what stands between key and value; by default whichever of "
		": and = comes first"},
    {"key", OPTION_TEXT, offsetof(struct conf, key), .deflt = "",
	.help = "as records: the key whose value is the key of the record"},
    {"unit", OPTION_TEXT, offsetof(struct conf, unit), .deflt = "",
	.help = "unit of the values that bring none"},
    {0},
};

/*
 * A manifest's lines are 72 bytes at most, and what is longer goes on in the
 * next, behind a space (JAR file specification). Elsewhere a line that
 * begins with a space may well be indented.
 */
#define MANIFEST_LINE 70

struct line_pair {
	struct span key, value;
};

struct pairs_read {
	struct line_pair *items;
	size_t n, cap;
};

static bool split(const struct conf *c, struct span line, struct line_pair *p)
{
	size_t n = strlen(c->separator);
	const char *at = NULL;

	if (n > 0)
		at = memmem(line.p, line.n, c->separator, n);
	for (size_t i = 0; n == 0 && at == NULL && i < line.n; i++)
		if (line.p[i] == ':' || line.p[i] == '=')
			at = line.p + i;
	if (at == NULL)
		return false;
	n = n > 0 ? n : 1;
	p->key = str_trim((struct span){line.p, (size_t)(at - line.p)});
	p->value =
	    str_trim((struct span){at + n, line.n - (size_t)(at - line.p) - n});
	p->value = text_unquoted(p->value);
	return p->key.n > 0;
}

static void go_on(struct arena *a, struct line_pair *p, struct span line)
{
	char *joined;
	size_t n = p->value.n + line.n;

	if (n > READING_TEXT_MAX)
		return;
	joined = arena_alloc(a, n + 1);
	if (p->value.n > 0)
		memcpy(joined, p->value.p, p->value.n);
	memcpy(joined + p->value.n, line.p, line.n);
	p->value = (struct span){joined, n};
}

static struct pairs_read read_pairs(
    const struct conf *c, struct span body, struct arena *a)
{
	struct pairs_read all = {0};
	struct line_pair pair;
	struct span line;
	size_t before = 0;

	for (; str_line(&body, &line); before = line.n) {
		bool is_pair =
		    line.n > 0 && line.p[0] != '#' && split(c, line, &pair);

		if (all.n > 0 && line.n > 1 && line.p[0] == ' ' &&
		    (before >= MANIFEST_LINE || !is_pair))
			go_on(a, &all.items[all.n - 1],
			    (struct span){line.p + 1, line.n - 1});
		else if (is_pair && all.n < READINGS_MAX)
			*arena_push(a, &all.items, &all.n, &all.cap) = pair;
	}
	return all;
}

static const char *clean(struct readings *out, struct span s)
{
	return str_clean(out->arena, s.p, s.n, READING_TEXT_MAX);
}

static int samples(
    const struct conf *c, const struct pairs_read *all, struct readings *out)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct line_pair *p = &all->items[i];
		const char *unit;
		double v;

		if (text_quantity(p->value, &v, &unit))
			readings_sample(out, text_metric(out->arena, p->key), v,
			    unit[0] != '\0' ? unit : c->unit);
	}
	return out->n_samples > 0 ? 0 : -1;
}

static int table(const struct pairs_read *all, struct readings *out)
{
	struct table *t = readings_table(out, "", 2);

	if (t == NULL)
		return -1;
	table_column(out, t, 0, "name", "");
	table_column(out, t, 1, "value", "");
	for (size_t i = 0; i < all->n; i++) {
		const struct line_pair *p = &all->items[i];
		const char **row = table_row(out, t);

		if (row == NULL)
			return -1;
		table_cell(out, row, 0, p->key.p, p->key.n);
		table_cell(out, row, 1, p->value.p, p->value.n);
	}
	return 0;
}

static int record(
    const struct conf *c, const struct pairs_read *all, struct readings *out)
{
	const char *key = "";
	struct record *r;
	double v;

	for (size_t i = 0; i < all->n; i++)
		if (span_eq(all->items[i].key, c->key))
			key = clean(out, all->items[i].value);
	r = readings_record(out, key, all->n);
	if (r == NULL)
		return -1;
	for (size_t i = 0; i < all->n; i++)
		record_field(out, r, i, clean(out, all->items[i].key),
		    clean(out, all->items[i].value),
		    text_number(all->items[i].value, &v));
	return 0;
}

static int decode(
    const struct decode_input *in, struct readings *out, struct err *e)
{
	const struct conf *c = in->conf;
	struct span body = {in->body, in->len};
	struct pairs_read all = read_pairs(c, body, out->arena);
	const char *said = text_excerpt(out->arena, str_trim(body));

	if (all.n == 0)
		return err_code(e, OUTCOME_PARSE,
		    "no line with a key and a value in the output: '%s'", said);
	if (in->as == AS_TABLE	   ? table(&all, out) != 0
	    : in->as == AS_RECORDS ? record(c, &all, out) != 0
				   : false)
		return err_code(
		    e, OUTCOME_TOO_LARGE, "%zu keys are too many", all.n);
	if (in->as != AS_TABLE && in->as != AS_RECORDS &&
	    samples(c, &all, out) != 0)
		return err_code(e, OUTCOME_PARSE,
		    "no key with a number in the output: '%s'", said);
	return 0;
}

const struct decoder decoder_keyvalue = {
    .name = "keyvalue",
    .help = "lines of key: value or key=value",
    .options = options,
    .conf_size = sizeof(struct conf),
    .as = {AS_SAMPLES, AS_TABLE, AS_RECORDS},
    .decode = decode,
};
