/* auth SOURCE: a person gives access, once, in a browser. */
#include "base/clock.h"
#include "base/file.h"
#include "base/loopback.h"
#include "cmd.h"
#include "run/lock.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define WAIT_S	   900.0 /* for the person */
#define LOCK_S	   600.0 /* for a run that is going on */
#define ANSWER_MAX 16384

struct asking {
	struct invocation *in;
	const struct plan *plan;
	const struct plan_source *source;
	const char *vault;
	struct consent consent;
	struct loopback *lb; /* NULL: only what is pasted */
	int input;	     /* -1: nothing can be pasted any more */
};

static const char *vault_of(const struct plan_source *s, struct arena *a)
{
	return s->kind->vault != NULL ? s->kind->vault(s->conf, a) : NULL;
}

static void invite(struct asking *q)
{
	struct err e;

	printf(
	    "Open this address in a browser and give access there:\n\n%s\n\n",
	    q->consent.address);
	if (q->consent.port != 0 &&
	    loopback_open(&q->lb, q->consent.port, &e) != 0)
		fprintf(stderr, "broadsheet: %s\n", e.text);
	if (q->lb != NULL)
		printf("The browser is then sent back to %s, where this "
		       "waits.\nIf that is on another machine, paste here the "
		       "address that it was sent to:\n",
		    q->consent.redirect);
	else
		printf("The browser is then sent back to %s.\nPaste here the "
		       "address that it was sent to, or the code in it:\n",
		    q->consent.redirect);
	fflush(stdout);
}

/* A line of what is pasted; NULL: there is none. */
static const char *pasted(struct asking *q)
{
	char line[ANSWER_MAX];
	ssize_t n = read(q->input, line, sizeof(line) - 1);

	if (n <= 0) {
		q->input = -1;
		return NULL;
	}
	line[n] = '\0';
	line[strcspn(line, "\r\n")] = '\0';
	return line[0] != '\0' ? arena_strdup(q->in->arena, line) : NULL;
}

/* What came back, by either way; -1: nothing did. */
static int answer(struct asking *q, const char **out, struct err *e)
{
	double until = clock_monotonic() + WAIT_S, left;

	*out = NULL;
	while (*out == NULL && (q->lb != NULL || q->input >= 0)) {
		left = until - clock_monotonic();
		if (left <= 0)
			break;
		switch (loopback_wait(q->lb, q->in->arena, q->consent.path,
		    q->input, left, out)) {
		case LOOPBACK_OTHER:
			*out = pasted(q);
			break;
		default:
			break;
		}
	}
	return *out != NULL ? 0 : err_set(e, "nobody has given access");
}

static void say_in_browser(struct asking *q, bool good)
{
	if (q->lb != NULL)
		loopback_answer(q->lb, good,
		    good ? "Access is given. This window can be closed."
			 : "Access was not given: the terminal says why.");
}

/* The code may live for seconds only, so it is exchanged before the lock. */
static int exchange(
    struct asking *q, struct consent_given *given, struct err *e)
{
	const char *text;
	int rc = answer(q, &text, e);

	if (rc != 0)
		return -1;
	rc = q->source->kind->login->end(q->source->conf, q->in->arena,
	    &q->consent, text,
	    q->in->now_text != NULL ? q->in->now : clock_now(), given, e);
	say_in_browser(q, rc == 0);
	return rc;
}

/*
 * A run that is going on may renew the old tokens: it ends before these take
 * their place.
 */
static int put(struct asking *q, struct span data, struct err *e)
{
	const char *path = q->plan->common.store;
	struct store *store = NULL;
	int lock = -1, rc;

	rc = file_make_dirs(file_dir(q->in->arena, path), e);
	if (rc == 0)
		rc = lock_wait(path, LOCK_S, &lock, e);
	if (rc == 0)
		rc = store_open(&store, path, e);
	if (rc == 0)
		rc = store_vault_put(store, q->vault, data, e);
	store_close(store);
	if (lock >= 0)
		close(lock);
	return rc;
}

static void say_given(struct asking *q, const struct consent_given *given)
{
	const char *own = q->source->name;

	printf("source %s: access is given and kept", own);
	if (given->refresh_until != 0)
		printf(", until %s at least",
		    clock_format(
			q->in->arena, "%Y-%m-%d", given->refresh_until));
	printf("\n");
	for (size_t i = 0; i < q->plan->n_sources; i++) {
		const struct plan_source *s = &q->plan->sources[i];

		if (s != q->source &&
		    str_eq(vault_of(s, q->in->arena), q->vault))
			printf("source %s: shares it\n", s->name);
	}
	if (given->missing != NULL)
		fprintf(stderr,
		    "source %s: this was asked for and not given: %s\nhint: "
		    "what needs it stays away; tick it, and give access "
		    "again\n",
		    own, given->missing);
}

static int forget(struct asking *q)
{
	struct err e;

	if (put(q, (struct span){0}, &e) != 0)
		return complain(&e, EXIT_FATAL);
	printf("source %s: access is forgotten; to withdraw it, tell the "
	       "service\n",
	    q->source->name);
	return EXIT_WELL;
}

static int ask(struct asking *q)
{
	struct consent_given given = {0};
	int status = EXIT_WELL;
	struct err e = {0};

	buf_init(&given.vault, FETCH_VAULT_MAX);
	invite(q);
	if (exchange(q, &given, &e) != 0) {
		if (e.code == OUTCOME_REAUTH && e.hint[0] == '\0')
			err_hint(&e,
			    "a code may live for seconds only, and works once; "
			    "for another one: broadsheet auth %s",
			    q->source->name);
		status = complain(&e, EXIT_REAUTH);
	} else if (put(q, (struct span){given.vault.data, given.vault.len},
		       &e) != 0) {
		status = complain(&e, EXIT_REAUTH);
	} else {
		say_given(q, &given);
	}
	buf_free(&given.vault);
	loopback_close(q->lb);
	return status;
}

int verb_auth(struct invocation *in)
{
	struct asking q = {.in = in, .input = STDIN_FILENO};
	const struct source_login *login;
	struct plan plan;
	struct err e = {0};
	int rc;

	if ((rc = load_plan(in, &plan)) != 0)
		return rc;
	q.plan = &plan;
	q.source = plan_source(&plan, in->argv[0]);
	if (q.source == NULL)
		return no_such_source(&plan, in->argv[0]);
	q.vault = vault_of(q.source, in->arena);
	login = q.source->kind->login;
	if (login == NULL || q.vault == NULL)
		err_set(
		    &e, "source %s: it needs nobody's consent", q.source->name);
	else if (login->begin(q.source->conf, in->arena, &q.consent, &e) == 0)
		return in->forget ? forget(&q) : ask(&q);
	else
		err_context(&e, "source %s", q.source->name);
	return complain(&e, EXIT_USAGE);
}
