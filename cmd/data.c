/* export and sql: what is stored, for people and other programs. */
#include "base/clock.h"
#include "base/db.h"
#include "base/json.h"
#include "cmd.h"
#include "run/plan_sql.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SQL_STEPS 2000000000ull

/* A cell of CSV (RFC 4180), quoted where it must be. */
static void put_cell(const char *s)
{
	if (s[strcspn(s, ",\"\r\n")] == '\0') {
		fputs(s, stdout);
		return;
	}
	putchar('"');
	for (; *s != '\0'; s++) {
		if (*s == '"')
			putchar('"');
		putchar(*s);
	}
	putchar('"');
}

/* The fewest digits that read back as the same number. */
static void format_value(char *dst, size_t size, double v)
{
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(dst, size, "%.*g", digits, v);
		if (strtod(dst, NULL) == v)
			return;
	}
}

struct exporter {
	bool json;
	char series[4096]; /* that the last row was of */
	bool any;
};

static void next_series(struct exporter *x, const char *series)
{
	struct buf b;

	if (x->any && str_eq(x->series, series)) {
		putchar(',');
		return;
	}
	buf_init(&b, 65536);
	json_text(series, &b);
	printf("%s{\"series\":%s,\"points\":[", x->any ? "]},\n" : "",
	    buf_text(&b));
	snprintf(x->series, sizeof(x->series), "%s", series);
	buf_free(&b);
}

static int take(
    void *ctx, const char *series, int64_t ts, double value, struct err *e)
{
	struct exporter *x = ctx;
	char number[40];

	format_value(number, sizeof(number), value);
	if (x->json) {
		next_series(x, series);
		printf("[%lld,%s]", (long long)ts, number);
	} else {
		put_cell(series);
		printf(",%lld,%s\n", (long long)ts, number);
	}
	x->any = true;
	return ferror(stdout) ? err_set(e, "standard output: write error") : 0;
}

static int parse_range(
    struct invocation *in, int64_t *from, int64_t *to, struct err *e)
{
	*from = 0;
	*to = in->now;
	if (in->from != NULL && clock_parse(in->from, in->now, from, e) != 0)
		return err_context(e, "--from");
	if (in->to != NULL && clock_parse(in->to, in->now, to, e) != 0)
		return err_context(e, "--to");
	if (*from > *to)
		return err_set(e, "--from is later than --to");
	return 0;
}

int verb_export(struct invocation *in)
{
	struct strings globs = {0};
	struct exporter x = {.json = str_eq(in->format, "json")};
	struct store *store;
	struct plan plan;
	struct err e = {0};
	int64_t from, to;
	int rc;

	if ((rc = load_plan(in, &plan)) != 0)
		return rc;
	for (int i = 0; i < in->argc; i++)
		strings_add(in->arena, &globs, in->argv[i]);
	if (parse_range(in, &from, &to, &e) != 0)
		return complain(&e, EXIT_USAGE);
	if (store_open_read(&store, plan.common.store, &e) != 0)
		return complain(&e, EXIT_FATAL);
	fputs(x.json ? "[" : "series,ts,value\n", stdout);
	rc = store_each_sample(store, &globs, from, to, take, &x, &e);
	if (x.json)
		puts(x.any ? "]}]" : "]");
	store_close(store);
	return rc == 0 ? EXIT_WELL : complain(&e, EXIT_FATAL);
}

/* The rows of an answer as text; NULL cells are empty. */
struct printed {
	struct arena *arena;
	const char **cells;
	size_t n, cap;
	int columns;
};

static int read_answer(struct db_stmt *s, struct printed *a, struct err *e)
{
	int rc;

	a->columns = db_columns(s);
	for (int i = 0; i < a->columns; i++)
		*arena_push(a->arena, &a->cells, &a->n, &a->cap) =
		    arena_strdup(a->arena, db_column_name(s, i));
	while ((rc = db_step(s, e)) == 1) {
		for (int i = 0; i < a->columns; i++) {
			const char *text = db_text(s, i);

			*arena_push(a->arena, &a->cells, &a->n, &a->cap) =
			    text == NULL ? ""
					 : str_clean(a->arena, text,
					       strlen(text), 65536);
		}
	}
	return rc;
}

static void print_csv(const struct printed *a)
{
	for (size_t i = 0; i < a->n; i++) {
		put_cell(a->cells[i]);
		putchar((i + 1) % (size_t)a->columns == 0 ? '\n' : ',');
	}
}

static void print_json(const struct printed *a)
{
	size_t columns = (size_t)a->columns;
	struct json *rows = json_array_new();
	struct buf b;

	for (size_t i = columns; i < a->n; i += columns) {
		struct json *row = json_add_object(rows);

		for (size_t c = 0; c < columns; c++)
			json_put_text(row, a->cells[c], a->cells[i + c]);
	}
	buf_init(&b, 1024u * 1024 * 1024);
	json_write(rows, 1, &b);
	puts(buf_text(&b));
	buf_free(&b);
	json_free(rows);
}

static void print_aligned(const struct printed *a)
{
	size_t columns = (size_t)a->columns;
	size_t *widths = arena_array(a->arena, columns, sizeof(*widths));

	for (size_t i = 0; i < a->n; i++) {
		size_t n = strlen(a->cells[i]);

		if (n > widths[i % columns])
			widths[i % columns] = n;
	}
	for (size_t i = 0; i < a->n; i++) {
		size_t c = i % columns;

		if (c + 1 == columns)
			printf("%s\n", a->cells[i]);
		else
			printf("%-*s  ", (int)widths[c], a->cells[i]);
	}
}

static int answer(struct invocation *in, struct store_sql *sql, struct err *e)
{
	struct printed a = {.arena = in->arena};
	struct db_stmt *s;
	int rc;

	if (store_sql_prepare(sql, in->argv[0], &s, e) != 0)
		return -1;
	rc = read_answer(s, &a, e);
	db_finalize(s);
	if (rc != 0)
		return -1;
	if (str_eq(in->format, "csv"))
		print_csv(&a);
	else if (str_eq(in->format, "json"))
		print_json(&a);
	else
		print_aligned(&a);
	return 0;
}

int verb_sql(struct invocation *in)
{
	struct store_sql *sql;
	struct plan plan;
	struct err e = {0};
	int rc;

	if ((rc = load_plan(in, &plan)) != 0)
		return rc;
	rc = plan_open_sql(&plan, NULL, SQL_STEPS, 0, &sql, &e);
	if (rc == 0)
		rc = answer(in, sql, &e);
	store_sql_close(sql);
	return rc == 0 ? EXIT_WELL : complain(&e, EXIT_FATAL);
}
