/* JSON documents: what may be asked of them. json_read.c asks. */
#include "base/json.h"
#include "decode/body.h"
#include "decode/json_read.h"
#include "decode/moment.h"

#include <string.h>

static enum decode_as which(const struct json_conf *c, enum decode_as as)
{
	if ((as == AS_DEFAULT || as == AS_SAMPLES) && c->deflt != AS_DEFAULT)
		return c->deflt;
	return as == AS_DEFAULT ? AS_SAMPLES : as;
}

/* SQLite would take the document to end there. */
static int refuse_nul(struct span body, struct err *e)
{
	const char *nul = memchr(body.p, '\0', body.n);
	size_t line = 1;

	if (nul == NULL)
		return 0;
	for (const char *p = body.p; p < nul; p++)
		line += *p == '\n';
	return err_set(e, "not JSON: line %zu: a NUL byte", line);
}

static int decode(
    const struct decode_input *in, struct readings *out, struct err *e)
{
	const struct json_conf *c = in->conf;
	struct span body = body_text(in);
	const char *zone;
	int rc;

	if (body_check(body, "JSON", e) != 0)
		return -1;
	if (refuse_nul(body, e) != 0 || json_check(body.p, body.n, e) != 0) {
		e->code = OUTCOME_PARSE;
		return -1;
	}
	zone = rows_enter(&c->rules, out->arena);
	rc = json_read(c, which(c, in->as), body.p, out, e);
	rows_leave(zone);
	return rc;
}

/* Behind one step of a path, as SQLite reads them; NULL if it is none. */
static const char *path_step(const char *p)
{
	static const char digits[] = "0123456789";
	const char *end;
	size_t n;

	if (p[0] == '.' && p[1] == '"') {
		end = strchr(p + 2, '"');
		return end != NULL ? end + 1 : NULL;
	}
	if (p[0] == '.') {
		n = strcspn(p + 1, ".[");
		return n > 0 ? p + 1 + n : NULL;
	}
	if (p[0] != '[')
		return NULL;
	p += strncmp(p, "[#-", 3) == 0 ? 3 : 1;
	n = strspn(p, digits);
	return n > 0 && p[n] == ']' ? p + n + 1 : NULL;
}

/* SQLite would say it only of a document that has what leads there. */
static void check_path(const char *key, const char *path, const struct node *n,
    struct faults *faults)
{
	const char *p = path + 1;

	if (path[0] != '$') {
		fault_at(faults, n,
		    "%s: a path begins with '$', as in $.users.online", key);
		return;
	}
	while (p != NULL && *p != '\0')
		p = path_step(p);
	if (p == NULL)
		fault_at(faults, n,
		    "%s: '%.80s' is not a path such as $.disks[0].used", key,
		    path);
}

void json_check_extract(
    const char *sql, const struct node *n, struct faults *faults)
{
	struct db_stmt *s = NULL;
	struct db *db;
	struct err e;

	if (json_open(&db, "extract", &e) != 0 ||
	    db_prepare(db, sql, &s, &e) != 0)
		fault_at(faults, n, "%s", e.text);
	else if (db_parameter(s, ":body") != 1)
		fault_at(faults, n,
		    "extract: the document is :body, as in "
		    "json_each(:body, '$.items')");
	db_finalize(s);
	db_close(db);
}

static void check_paths(
    const struct json_conf *c, const struct node *n, struct faults *faults)
{
	const struct node *values = node_get(n, "values");

	for (size_t i = 0; i < c->values.n; i++) {
		const char *key = c->values.items[i].key;

		check_path(key, c->values.items[i].value, node_get(values, key),
		    faults);
	}
	if (c->items != NULL)
		check_path("items", c->items, node_get(n, "items"), faults);
}

/* Ways to ask that exclude each other. */
static void check_ways(
    const struct json_conf *c, const struct node *n, struct faults *faults)
{
	static const char *const others[] = {"values", "items", "key", "time"};
	const char *one = c->extract != NULL ? "extract"
			  : c->values.n > 0  ? "values"
					     : NULL;

	for (size_t i = 0; one != NULL && i < 4; i++)
		if (!str_eq(one, others[i]) && node_get(n, others[i]) != NULL)
			fault_at(faults, node_get(n, others[i]),
			    "%s: is not used with '%s'", others[i], one);
}

static void check_as(
    const struct json_conf *c, const struct node *n, struct faults *faults)
{
	const struct node *as = node_get(n, "as");
	bool keyed = c->key != NULL || c->time != NULL;
	bool unsaid = decode_as_unsaid(n);
	bool samples =
	    unsaid ? c->deflt == AS_SAMPLES : str_eq(as->text, "samples");

	if (c->extract != NULL)
		return;
	if (c->values.n > 0 && !samples)
		fault_at(faults, as, "as: 'values' make samples");
	else if (samples && c->values.n == 0 && c->items == NULL && !keyed)
		fault_at(faults, n,
		    "nothing is asked of the document: "
		    "'values', 'extract' or 'key' is wanted");
	else if (!samples && !keyed && (unsaid || str_eq(as->text, "records")))
		fault_at(faults, n, "records need a 'key' or a 'time'");
}

static enum decode_as unsaid(const void *conf)
{
	return which(conf, AS_DEFAULT);
}

static void check(void *conf, const struct node *n, struct faults *faults)
{
	struct json_conf *c = conf;

	if (decode_as_unsaid(n))
		c->deflt = c->key != NULL || c->time != NULL || c->items != NULL
			       ? AS_RECORDS
			       : AS_SAMPLES;
	check_ways(c, n, faults);
	check_as(c, n, faults);
	check_paths(c, n, faults);
	if (c->extract != NULL)
		json_check_extract(c->extract, node_get(n, "extract"), faults);
	rows_check(&c->rules, n, faults);
	if (!moment_format(c->time_format))
		fault_at(faults, node_get(n, "time_format"), MOMENT_FAULT,
		    c->time_format);
}

#define AT(member) offsetof(struct json_conf, member)

static const struct option options[] = {
    {"values", OPTION_MAP, AT(values),
	.help = "metrics, with the path of each: connected: $.users.online"},
    {"unit", OPTION_TEXT, AT(unit), .help = "of every metric or column"},
    {"units", OPTION_MAP, AT(units),
	.help = "metrics or columns, with the unit of each"},
    {"counters", OPTION_LIST, AT(counters),
	.help = "patterns of the metrics that only ever grow"},
    {"extract", OPTION_TEXT, AT(extract),
	.help = "a SELECT over the document, which is :body"},
    {"items", OPTION_TEXT, AT(items),
	.help = "path of an array of objects, or of arrays of which the "
		"first names the columns"},
    {"optional", OPTION_BOOL, AT(optional), .deflt = "no",
	.help = "whether nothing at 'items' is a warning, and no failure: "
		"there are none"},
    {"key", OPTION_TEXT, AT(key),
	.help = "member with the key of a record; a label of samples"},
    {"time", OPTION_TEXT, AT(time), .help = "member with the time"},
    {"time_format", OPTION_TEXT, AT(time_format),
	.help = "iso, epoch, epoch_ms, serial (days, as in spreadsheets) or a "
		"strptime(3) pattern"},
    ROWS_RULES(struct json_conf, rules),
    {0},
};

const struct decoder decoder_json = {
    .name = "json",
    .help = "JSON, by paths or by SQL",
    .options = options,
    .conf_size = sizeof(struct json_conf),
    .as = {AS_SAMPLES, AS_RECORDS, AS_TABLE, AS_LINES},
    .unsaid = unsaid,
    .check = check,
    .decode = decode,
};
