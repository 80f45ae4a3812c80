/*
 * Lines of text: the news of a log that is followed by a command of its own,
 * or each line of a body. How many there were, kept or not, is a sample,
 * `lines`.
 */
#include "decode/count.h"
#include "decode/decode.h"
#include "decode/tail.h"
#include "decode/timestamp.h"

#include <regex.h>
#include <stddef.h>
#include <string.h>

struct conf {
	const char *tail, *match;
	int64_t max_lines;
	uint64_t max_bytes;
	struct pairs count;
};

static const struct option options[] = {
    {"tail", OPTION_TEXT, offsetof(struct conf, tail),
	.help = "file to follow, for sources that run commands; it may be "
		"rotated, truncated or replaced"},
    {"match", OPTION_TEXT, offsetof(struct conf, match),
	.help = "extended regular expression of the lines to keep"},
    {"count", OPTION_MAP, offsetof(struct conf, count),
	.help = "names and extended regular expressions: how many lines of a "
		"run match each, kept or not, is a metric of that name, as in "
		"{errors: \"ERROR|FATAL\"}"},
    {"max_lines", OPTION_INT, offsetof(struct conf, max_lines), .min = 1,
	.max = READINGS_MAX, .deflt = "2000",
	.help = "lines kept of one run, the newest; the others are counted"},
    {"max_bytes", OPTION_SIZE, offsetof(struct conf, max_bytes), .min = 4096,
	.max = 64 << 20, .deflt = "1MB",
	.help = "bytes of a followed file that are sent in one run, the "
		"newest"},
    {0},
};

static void check(void *conf, const struct node *map, struct faults *faults)
{
	const struct conf *c = conf;
	const struct node *at = node_get(map, "match");
	regex_t re;
	char why[128];
	int rc;

	count_check(&c->count, map, faults);
	if (c->match == NULL || c->match[0] == '\0')
		return;
	rc = regcomp(&re, c->match, REG_EXTENDED | REG_NOSUB);
	if (rc == 0) {
		regfree(&re);
		return;
	}
	regerror(rc, &re, why, sizeof(why));
	fault_at(faults, at != NULL ? at : map,
	    "match: '%s' is not a regular expression: %s", c->match, why);
}

static bool follows(const struct conf *c)
{
	return c->tail != NULL && c->tail[0] != '\0';
}

static const char *command(const void *conf, struct span state, struct arena *a)
{
	const struct conf *c = conf;
	struct tail_place place;

	if (!follows(c))
		return NULL;
	place = tail_place(state, c->tail);
	return tail_command(a, &place, c->tail, c->max_bytes);
}

struct kept {
	struct span text;
	bool note; /* ours, not the log's */
};

/* The lines that match, in order; only the newest are kept. */
struct harvest {
	const struct conf *conf;
	struct readings *out;
	regex_t match;
	bool matching;
	struct counters *counters;
	struct kept *ring; /* max_lines of them */
	size_t seen;	   /* by the ring */
	uint64_t lines;	   /* that there were */
};

/* Counts a line; is it to be kept? */
static bool matches(const struct harvest *h, struct span line)
{
	char text[READING_TEXT_MAX + 1];

	if (!h->matching && h->conf->count.n == 0)
		return true;
	str_clean_into(text, sizeof(text), line.p, line.n);
	count_line(h->counters, text);
	return !h->matching || regexec(&h->match, text, 0, NULL, 0) == 0;
}

static void push(struct harvest *h, struct span line, bool note)
{
	size_t max = (size_t)h->conf->max_lines;
	struct kept *k = &h->ring[h->seen % max];

	if (h->seen++ >= max && !k->note)
		h->out->lines_left_out++;
	*k = (struct kept){line, note};
}

static void add(struct harvest *h, struct span line)
{
	h->lines++;
	if (matches(h, line))
		push(h, line, false);
}

static void add_lines(struct harvest *h, struct span text)
{
	struct span line;

	while (str_line(&text, &line))
		add(h, line);
}

/*
 * What was too much is said in its place. A line whose beginning was left
 * out is left out too, unless there is nothing else of it to show.
 */
static void add_piece(struct harvest *h, const struct tail_piece *piece)
{
	struct span text = piece->text;
	const char *note, *end;
	size_t drop = 0;

	if (piece->skipped > 0 || piece->midline) {
		end = text.n > 0 ? memchr(text.p, '\n', text.n) : NULL;
		if (end != NULL)
			drop = (size_t)(end - text.p) + 1;
		else if (piece->midline)
			drop = text.n;
	}
	if (piece->skipped > 0) {
		size_t lines = (size_t)piece->lines + (drop > 0);

		h->lines += lines;
		if (!h->matching)
			h->out->lines_left_out += lines;
		note = arena_printf(h->out->arena,
		    "(%lld bytes of %s left out: more than max_bytes)",
		    (long long)piece->skipped + (long long)drop, h->conf->tail);
		push(h, (struct span){note, strlen(note)}, true);
	}
	text.p += drop;
	text.n -= drop;
	add_lines(h, text);
}

static int add_news(
    struct harvest *h, const struct decode_input *in, struct err *e)
{
	const char *path = h->conf->tail;
	struct tail_place place = tail_place(in->state, path);
	struct tail_news news;

	if (tail_read(
		(struct span){in->body, in->len}, &place, path, &news, e) != 0)
		return -1;
	for (size_t i = 0; i < news.n; i++)
		add_piece(h, &news.pieces[i]);
	if (news.next.known)
		h->out->state = tail_state(h->out->arena, &news.next, path);
	return 0;
}

/*
 * A line without a time of its own belongs to the one before it, as those of
 * a stack trace do; before the first that has one, to that one.
 */
static int64_t *times(const struct harvest *h, size_t first, int64_t now)
{
	size_t max = (size_t)h->conf->max_lines, n = h->seen - first;
	int64_t *ts = arena_array(h->out->arena, n, sizeof(*ts));
	int64_t known = 0;

	for (size_t i = 0; i < n; i++) {
		ts[i] = timestamp_of(h->ring[(first + i) % max].text, now);
		if (ts[i] == 0)
			ts[i] = known;
		known = ts[i];
	}
	for (size_t i = n; i-- > 0; known = ts[i])
		if (ts[i] == 0)
			ts[i] = known;
	return ts;
}

static void keep_newest(struct harvest *h, int64_t now)
{
	size_t max = (size_t)h->conf->max_lines;
	size_t first = h->seen > max ? h->seen - max : 0;
	int64_t *ts = times(h, first, now);

	for (size_t i = first; i < h->seen; i++) {
		struct span line = h->ring[i % max].text;

		readings_line(h->out, ts[i - first], line.p, line.n);
	}
	readings_sample(h->out, "lines", (double)h->lines, "lines");
	count_samples(h->counters, h->out);
}

static int decode(
    const struct decode_input *in, struct readings *out, struct err *e)
{
	const struct conf *c = in->conf;
	struct harvest h = {.conf = c, .out = out};
	int rc = 0;

	h.ring = arena_array(out->arena, (size_t)c->max_lines, sizeof(*h.ring));
	h.matching = c->match != NULL && c->match[0] != '\0';
	if (h.matching &&
	    regcomp(&h.match, c->match, REG_EXTENDED | REG_NOSUB) != 0)
		return err_code(e, OUTCOME_PARSE,
		    "match: '%s' is not a regular expression", c->match);
	rc = count_begin(out->arena, &c->count, &h.counters, e);
	if (rc == 0 && follows(c))
		rc = add_news(&h, in, e);
	else if (rc == 0)
		add_lines(&h, (struct span){in->body, in->len});
	count_end(h.counters);
	if (h.matching)
		regfree(&h.match);
	if (rc == 0)
		keep_newest(&h, in->now);
	return rc;
}

const struct decoder decoder_lines = {
    .name = "lines",
    .help = "each line is one of a log",
    .options = options,
    .conf_size = sizeof(struct conf),
    .as = {AS_LINES},
    .check = check,
    .command = command,
    .decode = decode,
};
