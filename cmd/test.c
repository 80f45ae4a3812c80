/* test SOURCE: what one source yields, or exactly why not. */
#include "base/file.h"
#include "cmd.h"
#include "run/lock.h"

#include <stdio.h>
#include <unistd.h>

#define ROWS_SHOWN 20
#define LOCK_S	   60.0 /* for a run that is going on */

/* Only a source that keeps something writes to the store. */
struct trial {
	int status;
	struct store *store; /* NULL: there is none yet, or need not be */
	int lock;
};

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
	if (collect_remember(store, job, in->arena, &e) != 0)
		job->memory = (struct memory){0};
	store_close(store);
}

/* A token that is changed for another must not be lost, nor changed twice. */
static int hold(struct invocation *in, const struct plan *plan, struct job *job,
    struct trial *t, struct err *e)
{
	const char *path = plan->common.store;

	if (file_make_dirs(file_dir(in->arena, path), e) != 0 ||
	    lock_wait(path, LOCK_S, &t->lock, e) != 0 ||
	    store_open(&t->store, path, e) != 0)
		return -1;
	return collect_remember(t->store, job, in->arena, e);
}

static int keep(void *ctx, const char *vault, struct span data, struct err *e)
{
	const struct trial *t = ctx;

	return store_vault_put(t->store, vault, data, e);
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
	struct trial *t = ctx;

	(void)n, (void)e;
	if (d->outcome != OUTCOME_OK) {
		fprintf(stderr, "source %s: %s\n", d->source, d->message);
		if (d->hint[0] != '\0')
			fprintf(stderr, "hint: %s\n", d->hint);
		t->status = EXIT_SOURCES;
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

int no_such_source(const struct plan *plan, const char *name)
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

static int try_source(
    struct invocation *in, const struct plan *plan, struct job *job)
{
	struct trial t = {.status = EXIT_WELL, .lock = -1};
	struct collect_sink sink = {.deliver = show, .keep = keep, .ctx = &t};
	const struct source_kind *kind = job->source->kind;
	struct err e = {0};
	int rc = 0;

	if (kind->vault != NULL &&
	    kind->vault(job->source->conf, in->arena) != NULL)
		rc = hold(in, plan, job, &t, &e);
	else
		remember(in, plan, job);
	if (rc == 0)
		rc = collect_jobs(
		    plan, job, 1, in->now, plan->common.deadline, &sink, &e);
	store_close(t.store);
	if (t.lock >= 0)
		close(t.lock);
	return rc == 0 ? t.status : complain(&e, EXIT_FATAL);
}

/* One thing at a time. */
static int check(const struct invocation *in, struct err *e)
{
	int n = (in->argc > 0) + (in->notify != NULL) + (in->report != NULL);

	if (n == 0)
		return err_set(e, "test: SOURCE is missing");
	if (n > 1)
		return err_set(
		    e, "test: either a source or --notify or --report");
	if (in->output != NULL && in->report == NULL)
		return err_set(e, "test: --output is for --report");
	return 0;
}

int verb_test(struct invocation *in)
{
	struct job job = {0};
	struct plan plan;
	struct err e = {0};
	int rc;

	if (check(in, &e) != 0)
		return complain(&e, EXIT_USAGE);
	if (in->notify != NULL)
		return test_channel(in);
	if (in->report != NULL)
		return test_report(in);
	if ((rc = load_plan(in, &plan)) != 0)
		return rc;
	job.source = plan_source(&plan, in->argv[0]);
	if (job.source == NULL)
		return no_such_source(&plan, in->argv[0]);
	return try_source(in, &plan, &job);
}
