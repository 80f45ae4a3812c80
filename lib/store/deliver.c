#include "store/store_private.h"

/* The readings of a run that went well, and what they account for. */
static int append(struct store *st, const struct source_row *source,
    const struct delivery *d, struct err *e)
{
	struct retractions gone = {.arena = arena_new()};
	int rc = records_append(st, source, d, &gone, e);

	if (rc == 0)
		rc = samples_append(st, source, d, &gone, e);
	arena_free(gone.arena);
	if (rc != 0 || tables_append(st, source, d, e) != 0 ||
	    lines_append(st, source, d, e) != 0)
		return -1;
	return memory_replace(st, source, d, e);
}

static int deliver_one(
    struct store *st, const struct delivery *d, struct err *e)
{
	struct source_row source;

	if (source_find_or_make(st, d->source, &source, e) != 0)
		return -1;
	if (d->outcome == OUTCOME_OK && d->readings != NULL &&
	    append(st, &source, d, e) != 0)
		return -1;
	return ledger_append(st, &source, d, e);
}

struct batch {
	const struct delivery *deliveries;
	size_t n;
};

static int deliver_all(struct store *st, void *ctx, struct err *e)
{
	const struct batch *b = ctx;

	for (size_t i = 0; i < b->n; i++)
		if (deliver_one(st, &b->deliveries[i], e) != 0)
			return -1;
	return 0;
}

/* A source that was not due was not asked: the ledger says nothing new. */
static int check(const struct delivery *d, struct err *e)
{
	if (d->outcome == OUTCOME_NOT_DUE)
		return err_set(
		    e, "source %s: not due, so nothing to store", d->source);
	return 0;
}

int store_deliver(
    struct store *st, const struct delivery *d, size_t n, struct err *e)
{
	struct batch b = {d, n};

	for (size_t i = 0; i < n; i++)
		if (check(&d[i], e) != 0)
			return -1;
	return n == 0 ? 0 : store_write(st, deliver_all, &b, e);
}
