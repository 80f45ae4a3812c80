/*
 * Prometheus' text exposition (format 0.0.4), and what OpenMetrics 1.0 has
 * beyond it: "# EOF", "# UNIT", exemplars, times in seconds.
 *
 * As in Prometheus one malformed line costs the whole scrape, for what came
 * before it may be half of something.
 */
#include "decode/body.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#define LABELS_MAX 64
#define NUMBER_MAX 64
#define LATEST	   253402300799.0 /* 9999-12-31T23:59:59Z */

struct conf {
	bool buckets;
};

enum type { UNTYPED, COUNTER, GAUGE, HISTOGRAM, SUMMARY };

/* The metric that the last "# TYPE" or "# UNIT" was about. */
struct family {
	struct span name, unit;
	enum type type;
};

struct reader {
	const struct conf *conf;
	struct readings *out;
	struct family family;
	bool openmetrics;

	/* The line: what is left of it, and its texts, NUL-terminated. */
	const char *p, *end;
	char *text;
	size_t text_cap;
	const char *name;
	struct label labels[LABELS_MAX];
	size_t n_labels;
	double value;
	int64_t ts;
	char fault[128];
};

static bool fault(struct reader *r, const char *what)
{
	str_clean_into(r->fault, sizeof(r->fault), what, strlen(what));
	return false;
}

static void skip_blanks(struct reader *r)
{
	while (r->p < r->end && (*r->p == ' ' || *r->p == '\t'))
		r->p++;
}

static bool take(struct reader *r, char c)
{
	if (r->p == r->end || *r->p != c)
		return false;
	r->p++;
	return true;
}

static struct span take_word(struct reader *r)
{
	struct span word = {r->p, 0};

	while (r->p < r->end && *r->p != ' ' && *r->p != '\t')
		r->p++;
	word.n = (size_t)(r->p - word.p);
	skip_blanks(r);
	return word;
}

static bool is_name_char(char c, bool first, bool colon)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
	       (c == ':' && colon) || (!first && c >= '0' && c <= '9');
}

/* A name, copied to *text; NULL if there is none. */
static const char *take_name(struct reader *r, char **text, bool colon)
{
	char *name = *text;

	while (r->p < r->end && is_name_char(*r->p, *text == name, colon))
		*(*text)++ = *r->p++;
	if (*text == name)
		return NULL;
	*(*text)++ = '\0';
	return name;
}

/* Control characters and bad UTF-8 must not reach the quotes around. */
static const char *clean(struct reader *r, const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] < 0x20 || (unsigned char)s[i] >= 0x7f)
			return str_clean(r->out->arena, s, n, 3 * n);
	return s;
}

/* From behind the opening quote to behind the closing one. */
static const char *take_quoted(struct reader *r, char **text)
{
	char *value = *text;
	size_t n;

	while (r->p < r->end && *r->p != '"') {
		char c = *r->p++;

		if (c == '\\' && r->p < r->end &&
		    (*r->p == '\\' || *r->p == '"' || *r->p == 'n'))
			c = *r->p++ == 'n' ? '\n' : r->p[-1];
		*(*text)++ = c;
	}
	if (!take(r, '"'))
		return NULL;
	n = (size_t)(*text - value);
	*(*text)++ = '\0';
	return clean(r, value, n);
}

static bool is_known(const struct reader *r, const char *label)
{
	for (size_t i = 0; i < r->n_labels; i++)
		if (strcmp(r->labels[i].name, label) == 0)
			return true;
	return false;
}

static bool parse_label(struct reader *r, char **text)
{
	struct label *l = &r->labels[r->n_labels];

	if (r->n_labels == LABELS_MAX)
		return fault(r, "more than 64 labels");
	if ((l->name = take_name(r, text, false)) == NULL)
		return fault(r, "not the name of a label");
	skip_blanks(r);
	if (!take(r, '='))
		return fault(r, "a label without a value");
	skip_blanks(r);
	if (!take(r, '"'))
		return fault(r, "a label's value without quotes");
	if ((l->value = take_quoted(r, text)) == NULL)
		return fault(r, "a label's value without its end");
	if (is_known(r, l->name))
		return fault(r, "a label that is given twice");
	r->n_labels++;
	return true;
}

static bool parse_labels(struct reader *r, char **text)
{
	do {
		skip_blanks(r);
		if (take(r, '}'))
			return true;
		if (!parse_label(r, text))
			return false;
		skip_blanks(r);
	} while (take(r, ','));
	return take(r, '}') || fault(r, "labels without their end");
}

static bool word_number(struct span word, double *out)
{
	char text[NUMBER_MAX];

	if (word.n >= sizeof(text))
		return false;
	memcpy(text, word.p, word.n);
	text[word.n] = '\0';
	return str_real(text, out);
}

/* Milliseconds since 1970; seconds with a fraction in OpenMetrics. */
static bool parse_time(struct reader *r, struct span word)
{
	double t;

	if (!word_number(word, &t))
		return fault(r, "a time that is not a number");
	t = floor(r->openmetrics ? t : t / 1000);
	if (!(t >= -LATEST && t <= LATEST))
		return fault(r, "a time that is out of range");
	r->ts = (int64_t)t;
	return true;
}

/* name{labels} value [time] [# exemplar] */
static bool parse_sample(struct reader *r)
{
	char *text = r->text;
	struct span word;

	r->n_labels = 0;
	r->ts = 0;
	if ((r->name = take_name(r, &text, true)) == NULL)
		return fault(r, "not the name of a metric");
	skip_blanks(r);
	if (take(r, '{') && !parse_labels(r, &text))
		return false;
	skip_blanks(r);
	word = take_word(r);
	if (word.n == 0)
		return fault(r, "no value");
	if (!word_number(word, &r->value))
		return fault(r, "a value that is not a number");
	if (r->p == r->end || *r->p == '#')
		return true;
	if (!parse_time(r, take_word(r)))
		return false;
	return r->p == r->end || *r->p == '#' ||
	       fault(r, "text behind the value");
}

static void begin_family(struct reader *r, struct span name)
{
	struct span known = r->family.name;

	if (name.n > 0 && name.n == known.n &&
	    memcmp(name.p, known.p, name.n) == 0)
		return;
	r->family = (struct family){.name = name};
}

/* # TYPE name type, # UNIT name unit; all else is a comment. */
static void parse_comment(struct reader *r)
{
	static const char *const types[] = {
	    [COUNTER] = "counter",
	    [GAUGE] = "gauge",
	    [HISTOGRAM] = "histogram",
	    [SUMMARY] = "summary",
	};
	struct span word;

	r->p++;
	skip_blanks(r);
	word = take_word(r);
	if (!span_eq(word, "TYPE") && !span_eq(word, "UNIT"))
		return;
	begin_family(r, take_word(r));
	if (span_eq(word, "UNIT")) {
		r->family.unit = take_word(r);
		return;
	}
	r->family.type = UNTYPED;
	word = take_word(r);
	for (int t = COUNTER; t <= SUMMARY; t++)
		if (span_eq(word, types[t]))
			r->family.type = (enum type)t;
	if (r->family.type == UNTYPED && !span_eq(word, "untyped") &&
	    !span_eq(word, "unknown"))
		r->family.type = GAUGE;
}

static bool ends(const char *s, size_t n, const char *end)
{
	size_t len = strlen(end);

	return n >= len && memcmp(s + n - len, end, len) == 0;
}

/* What a name has behind that of its family; NULL if it is not of it. */
static const char *suffix(const struct reader *r, const char *name)
{
	static const char *const all[][5] = {
	    [UNTYPED] = {""},
	    [COUNTER] = {"", "_total", "_created"},
	    [GAUGE] = {""},
	    [HISTOGRAM] = {"_bucket", "_sum", "_count", "_created"},
	    [SUMMARY] = {"", "_sum", "_count", "_created"},
	};
	const char *const *known = all[r->family.type];
	const struct span f = r->family.name;

	if (f.n == 0 || strncmp(name, f.p, f.n) != 0)
		return NULL;
	for (size_t i = 0; i < 5 && known[i] != NULL; i++)
		if (strcmp(name + f.n, known[i]) == 0)
			return known[i];
	return NULL;
}

/* The conventions of Prometheus, "Metric and label naming": base units. */
static const char *unit_by_name(const char *name, size_t n)
{
	static const struct {
		const char *end, *unit;
	} units[] = {
	    {"timestamp_seconds", ""},
	    {"start_time_seconds", ""},
	    {"boot_time_seconds", ""},
	    {"_seconds", UNIT_SECONDS},
	    {"_bytes", UNIT_BYTES},
	    {"_percent", UNIT_PERCENT},
	    {"_ratio", "ratio"},
	    {"_celsius", "°C"},
	    {"_meters", "m"},
	    {"_volts", "V"},
	    {"_amperes", "A"},
	    {"_joules", "J"},
	    {"_grams", "g"},
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (ends(name, n, units[i].end))
			return units[i].unit;
	return "";
}

static const char *unit_of(struct reader *r, const char *end)
{
	size_t n = strlen(r->name);
	struct span unit = r->family.unit;

	if (end != NULL && unit.n > 0) {
		const char *word = arena_strndup(r->out->arena, unit.p, unit.n);

		return str_eq(word, "celsius") ? "°C" : word;
	}
	if (ends(r->name, n, "_total"))
		n -= strlen("_total");
	else if (str_eq(end, "_sum"))
		n -= strlen("_sum");
	return unit_by_name(r->name, n);
}

static bool is_bucket(const struct reader *r)
{
	return ends(r->name, strlen(r->name), "_bucket") && is_known(r, "le");
}

static bool is_counter(const struct reader *r, const char *end)
{
	bool total = ends(r->name, strlen(r->name), "_total");

	switch (end != NULL ? r->family.type : UNTYPED) {
	case COUNTER:
		return true;
	case HISTOGRAM:
	case SUMMARY:
		return end[0] != '\0';
	case GAUGE:
		return false;
	default:
		return total || is_bucket(r);
	}
}

/* Holes, the birthdays of counters, and buckets unless they are wanted. */
static bool is_dropped(const struct reader *r, const char *end)
{
	return !isfinite(r->value) || str_eq(end, "_created") ||
	       (is_bucket(r) && !r->conf->buckets);
}

static int put_sample(struct reader *r, size_t line, struct err *e)
{
	const char *end = suffix(r, r->name), *metric, *unit;
	struct sample *s;
	bool of_events = str_eq(end, "_count") || is_bucket(r);

	if (is_dropped(r, end))
		return 0;
	metric = metric_name(r->out->arena, r->name, r->labels, r->n_labels);
	if (strlen(metric) > READING_NAME_MAX) {
		readings_warn(r->out,
		    "line %zu: %.60s with its labels is longer than %d bytes",
		    line, r->name, READING_NAME_MAX);
		return 0;
	}
	unit = of_events ? "" : unit_of(r, end);
	s = readings_sample(r->out, metric, r->value, unit);
	if (s == NULL)
		return err_code(
		    e, OUTCOME_TOO_LARGE, "more than %d samples", READINGS_MAX);
	s->ts = r->ts;
	s->counter = is_counter(r, end);
	return 0;
}

/* Each name and value is followed by a delimiter: a line's length is room. */
static void make_room(struct reader *r, size_t n)
{
	if (n < r->text_cap)
		return;
	r->text_cap = 2 * n + 256;
	r->text = arena_alloc(r->out->arena, r->text_cap);
}

static int bad_line(
    const struct reader *r, size_t at, struct span line, struct err *e)
{
	return err_code(e, OUTCOME_PARSE, "line %zu: %s: '%.*s%s'", at,
	    r->fault, (int)(line.n < 80 ? line.n : 80), line.p,
	    line.n > 80 ? "..." : "");
}

static int read_line(
    struct reader *r, size_t at, struct span line, struct err *e)
{
	line = str_trim(line);
	if (line.n == 0)
		return 0;
	r->p = line.p;
	r->end = line.p + line.n;
	if (*r->p == '#') {
		parse_comment(r);
		return 0;
	}
	make_room(r, line.n);
	if (memchr(line.p, '\0', line.n) != NULL)
		fault(r, "a NUL byte");
	else if (parse_sample(r))
		return put_sample(r, at, e);
	return bad_line(r, at, line, e);
}

static bool is_openmetrics(struct span body)
{
	body = str_trim(body);
	return ends(body.p, body.n, "# EOF");
}

static int decode(
    const struct decode_input *in, struct readings *out, struct err *e)
{
	struct span body = body_text(in), line;
	struct reader *r = arena_make(out->arena, struct reader);

	if (body_check(body, "metrics", e) != 0)
		return e->text[0] == 'a' ? err_hint(e, "they are often at "
						       "/metrics")
					 : -1;
	r->conf = in->conf;
	r->out = out;
	r->openmetrics = is_openmetrics(body);
	for (size_t at = 1; str_line(&body, &line); at++)
		if (read_line(r, at, line, e) != 0)
			return -1;
	return 0;
}

static const struct option options[] = {
    {"buckets", OPTION_BOOL, offsetof(struct conf, buckets), .deflt = "no",
	.help = "whether the buckets of histograms are stored, too"},
    {0},
};

const struct decoder decoder_prometheus = {
    .name = "prometheus",
    .help = "Prometheus' text format, as exporters write it",
    .options = options,
    .conf_size = sizeof(struct conf),
    .as = {AS_SAMPLES},
    .decode = decode,
};
