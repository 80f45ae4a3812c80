/* test SOURCE: what one source yields, or exactly why not. */
#include "base/file.h"
#include "cmd.h"

#include <stdio.h>

#define ROWS_SHOWN 20

/*
 * What the source remembers makes rates and shares possible; without a store
 * yet, it starts from nothing.
 */
static void remember(
    struct invocation *in, const struct plan *plan, struct job *job)
{
	const char *path = plan->common.store;
	struct store *store;
	struct err e;

	if (!file_exists(path) || store_open_read(&store, path, &e) != 0)
		return;
	if (store_memory(
		store, in->arena, job->source->name, &job->memory, &e) != 0)
		job->memory = (struct memory){0};
	store_close(store);
}

static void print_samples(const struct readings *r)
{
	for (size_t i = 0; i < r->n_samples; i++) {
		const struct sample *s = &r->samples[i];

		printf("%-40s %14.12g %s%s\n", s->metric, s->value, s->unit,
		    s->counter ? " (counter)" : "");
	}
}

static void print_records(const struct readings *r)
{
	for (size_t i = 0; i < r->n_records; i++) {
		const struct record *rec = &r->records[i];

		if (i == ROWS_SHOWN) {
			printf("and %zu more records\n", r->n_records - i);
			return;
		}
		printf("record %s:", rec->key);
		for (size_t j = 0; j < rec->n; j++)
			printf(" %s=%s", rec->fields[j].name,
			    rec->fields[j].value != NULL ? rec->fields[j].value
							 : "");
		printf("\n");
	}
}

static void print_table(const struct table *t)
{
	size_t shown = t->n_rows < ROWS_SHOWN ? t->n_rows : ROWS_SHOWN;

	printf("table %s\n", t->name);
	for (size_t i = 0; i < t->n_columns; i++)
		printf("%-16.40s%s", t->columns[i].name,
		    i + 1 < t->n_columns ? " " : "\n");
	for (size_t i = 0; i < shown; i++)
		for (size_t j = 0; j < t->n_columns; j++)
			printf("%-16.40s%s",
			    t->rows[i][j] != NULL ? t->rows[i][j] : "",
			    j + 1 < t->n_columns ? " " : "\n");
	if (t->n_rows + t->left_out > shown)
		printf("and %zu more\n", t->n_rows + t->left_out - shown);
}

static void print_lines(const struct readings *r)
{
	for (size_t i = 0; i < r->n_lines && i < ROWS_SHOWN; i++)
		printf("line: %s\n", r->lines[i].text);
	if (r->n_lines + r->lines_left_out > ROWS_SHOWN)
		printf("and %zu more lines\n",
		    r->n_lines + r->lines_left_out - ROWS_SHOWN);
}

static int show(void *ctx, const struct delivery *d, size_t n, struct err *e)
{
	int *status = ctx;

	(void)n, (void)e;
	if (d->outcome != OUTCOME_OK) {
		fprintf(stderr, "source %s: %s\n", d->source, d->message);
		if (d->hint[0] != '\0')
			fprintf(stderr, "hint: %s\n", d->hint);
		*status = EXIT_SOURCES;
		return 0;
	}
	print_samples(d->readings);
	print_records(d->readings);
	for (size_t i = 0; i < d->readings->n_tables; i++)
		print_table(&d->readings->tables[i]);
	print_lines(d->readings);
	if (d->message[0] != '\0')
		fprintf(stderr, "source %s: %s\n", d->source, d->message);
	fprintf(stderr, "source %s: ok: %llu bytes in %.0f ms\n", d->source,
	    (unsigned long long)d->bytes, d->ms);
	return 0;
}

static int no_such_source(const struct plan *plan, const char *name)
{
	struct strings known = {0};
	struct err e = {0};
	const char *near;

	for (size_t i = 0; i < plan->n_sources; i++)
		strings_add(plan->arena, &known, plan->sources[i].name);
	near = str_nearest(name, &known);
	err_set(&e, "%s: there is no source '%.80s'", plan->file, name);
	if (near != NULL)
		err_hint(&e, "did you mean '%s'?", near);
	return complain(&e, EXIT_USAGE);
}

int verb_test(struct invocation *in)
{
	int status = EXIT_WELL;
	struct collect_sink sink = {.deliver = show, .ctx = &status};
	struct job job = {0};
	struct plan plan;
	struct err e = {0};
	int rc;

	if ((rc = load_plan(in, &plan)) != 0)
		return rc;
	job.source = plan_source(&plan, in->argv[0]);
	if (job.source == NULL)
		return no_such_source(&plan, in->argv[0]);
	remember(in, &plan, &job);
	if (collect_jobs(
		&plan, &job, 1, in->now, plan.common.deadline, &sink, &e) != 0)
		return complain(&e, EXIT_FATAL);
	return status;
}
