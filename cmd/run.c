/* run, collect and render. */
#include "base/clock.h"
#include "base/file.h"
#include "cmd.h"
#include "run/damage.h"
#include "run/lock.h"
#include "run/reports.h"
#include "run/snap.h"
#include "run/tiles.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* How long notices may take, seconds. */
#define NOTIFY_SPARE_S 3 /* before the next run */
#define NOTIFY_LEAST_S 5
#define NOTIFY_MOST_S  60

/* What a run of the program holds from its start to its end. */
struct session {
	struct invocation *in;
	struct plan plan;
	struct store *store;
	int lock;
	double started;
	int64_t present; /* the time now, if pages are as of another */
	bool judged;	 /* what began and ended waits to be told */
	struct run_result result;
};

static void changed(void *ctx, const struct change *c)
{
	struct session *s = ctx;
	char *ago;

	if (c->fails) {
		fprintf(stderr, "source %s: %s\n", c->source, c->message);
		if (c->hint[0] != '\0')
			fprintf(stderr, "hint: %s\n", c->hint);
		return;
	}
	ago = clock_duration(s->in->arena, (double)(s->in->now - c->since));
	if (c->since > 0)
		fprintf(stderr, "source %s: answers again, after %s\n",
		    c->source, ago);
	else
		fprintf(stderr, "source %s: answers now\n", c->source);
}

static bool show_progress(const struct invocation *in)
{
	return !in->quiet && isatty(STDERR_FILENO);
}

static void progress(void *ctx, size_t ended, size_t all)
{
	struct session *s = ctx;

	if (s->in->times == 1 && show_progress(s->in))
		fprintf(stderr, "\r%zu of %zu sources%s", ended, all,
		    ended == all ? "\r\033[K" : "");
}

static int lock_and_open(struct session *s, struct err *e)
{
	const char *path = s->plan.common.store;
	int rc;

	if (file_make_dirs(file_dir(s->in->arena, path), e) != 0)
		return EXIT_FATAL;
	rc = lock_take(path, &s->lock, e);
	if (rc < 0 || store_open(&s->store, path, e) != 0)
		return EXIT_FATAL;
	if (rc > 0)
		return EXIT_WELL;
	if (store_run_overlap(s->store, s->in->now, e) != 0)
		return EXIT_FATAL;
	err_set(e, "another run holds the lock %s.lock", path);
	return EXIT_LOCKED;
}

static void close_session(struct session *s)
{
	store_close(s->store);
	if (s->lock >= 0)
		close(s->lock);
}

/* Another run is recorded and shown on the page, so cron need not mail it. */
static int end_badly(struct session *s, int status, const struct err *e)
{
	if (status == EXIT_LOCKED && !s->in->verbose)
		return status;
	if (status == EXIT_FATAL && run_notice(&s->plan, NULL, e) == 1)
		return status;
	return complain(e, status);
}

static void wait_for_next(const struct invocation *in, int64_t sample)
{
	struct timespec t = {
	    .tv_sec = (time_t)in->interval,
	    .tv_nsec =
		(long)((in->interval - (double)(time_t)in->interval) * 1e9),
	};

	if (show_progress(in))
		fprintf(stderr, "\rsample %lld of %lld", (long long)sample,
		    (long long)in->times);
	nanosleep(&t, NULL);
	if (show_progress(in) && sample + 1 == in->times)
		fprintf(stderr, "\r\033[K");
}

/* Of what collecting may take, tiles of maps included. */
static double time_left(const struct session *s)
{
	return s->plan.common.deadline - (clock_monotonic() - s->started);
}

/* One sample, or a handful some seconds apart to begin with. */
static int sample(struct session *s, struct err *e)
{
	struct run_watch watch = {changed, progress, s};
	struct invocation *in = s->in;

	for (int64_t i = 0; i < in->times; i++) {
		if (i > 0) {
			wait_for_next(in, i);
			in->now = clock_now();
			s->started = clock_monotonic();
		}
		if (store_run_begin(s->store, in->now, e) != 0 ||
		    run_collect(&s->plan, s->store, in->now, in->times > 1,
			&watch, &s->result, e) != 0 ||
		    tiles_fetch(&s->plan, s->store, in->now, time_left(s), e) !=
			0 ||
		    run_judge(&s->plan, s->store, in->now, &s->result, e) != 0)
			return -1;
		s->judged = true;
	}
	return 0;
}

static int print(struct session *s, struct err *e)
{
	struct run_print p = {
	    .data = s->in->data,
	    .now = s->in->now,
	    .started = s->started,
	    .past = s->present,
	};
	struct run_printed printed;

	if (run_print(&s->plan, s->store, &p, &printed, e) != 0)
		return -1;
	if (s->in->verbose)
		fprintf(stderr, "panels: %zu drawn, %zu kept, %zu shared\n",
		    printed.drawn, printed.kept, printed.shared);
	if (s->in->verbose || show_progress(s->in))
		fprintf(
		    stderr, "printed %s/index.html\n", s->plan.common.output);
	return 0;
}

/* What was found in this run is on the page from the next one on. */
static int say_damage(struct session *s, struct err *e)
{
	const char *text;

	if (damage_sentence(s->store, s->in->arena, s->in->now, &text, e) != 0)
		return -1;
	if (text != NULL)
		fprintf(stderr,
		    "broadsheet: %s: %s\nhint: the rest is whole; check the "
		    "disk, or put back a copy of %s from before\n",
		    s->plan.common.store, text, s->plan.common.store);
	return 0;
}

static int end_run(struct session *s, struct err *e)
{
	double ms = (clock_monotonic() - s->started) * 1000;

	if (store_tend(s->store, &s->plan.keep, s->in->now, e) != 0 ||
	    say_damage(s, e) != 0)
		return -1;
	return store_run_end(s->store, s->in->now, ms, e);
}

/* Until the next run starts, about; a little in any case. */
static double time_to_notify(const struct session *s)
{
	double left = s->plan.common.every - NOTIFY_SPARE_S -
		      (clock_monotonic() - s->started);

	return left < NOTIFY_LEAST_S  ? NOTIFY_LEAST_S
	       : left > NOTIFY_MOST_S ? NOTIFY_MOST_S
				      : left;
}

/*
 * Also of a run that could not print: then more than ever. All is well, which
 * is what a ping says, once the pages are printed and the run is stored.
 */
static int notify(struct session *s, bool well, struct err *e)
{
	struct notify_watch watch = {say_notified, s->in};

	if (!s->judged)
		return 0;
	if (notify_send(&s->plan, s->store, s->in->now, well, time_to_notify(s),
		&watch, e) != 0)
		return -1;
	return reports_send(&s->plan, s->store, s->in->data, s->in->now,
	    time_to_notify(s), &watch, e);
}

/* What lasts is said once when it begins and once when it ends. */
static void snapped(void *ctx, const struct snap_event *x)
{
	const struct session *s = ctx;
	int64_t failing = x->was->failing;

	if (x->path == NULL && failing == 0) {
		fprintf(stderr, "snapshot of %s: %s\n", x->page, x->err->text);
		if (x->err->hint[0] != '\0')
			fprintf(stderr, "hint: %s\n", x->err->hint);
	} else if (x->path != NULL && failing != 0) {
		fprintf(stderr, "snapshot of %s: taken again, after %s\n",
		    x->page,
		    clock_duration(
			s->in->arena, (double)(s->in->now - failing)));
	} else if (x->path != NULL && s->in->verbose) {
		fprintf(stderr, "snapshot of %s: %s/%s\n", x->page,
		    s->plan.common.output, x->path);
	}
}

/* After the pages and before the notices, which lead to them. */
static int take_snapshots(struct session *s, struct err *e)
{
	const struct snap_watch watch = {snapped, s};

	return snap_take(
	    &s->plan, s->store, s->in->data, s->in->now, &watch, e);
}

static int run_all(struct session *s, bool pages, struct err *e)
{
	struct err ignored;
	int rc = sample(s, e);

	if (rc == 0 && pages)
		rc = print(s, e);
	if (rc == 0)
		rc = end_run(s, e);
	if (rc == 0 && pages)
		rc = take_snapshots(s, e);
	if (pages && notify(s, rc == 0, rc == 0 ? e : &ignored) != 0)
		rc = -1;
	return rc;
}

static int exit_status(const struct invocation *in, const struct run_result *r)
{
	if (in->alert_exit && r->hot > 0)
		return EXIT_ALERT;
	if (r->reauth)
		return EXIT_REAUTH;
	return r->failed > 0 ? EXIT_SOURCES : EXIT_WELL;
}

static int say_plan(const struct plan *plan)
{
	for (size_t i = 0; i < plan->n_sources; i++)
		printf("%-20s %-5s %-10s every %lld s\n", plan->sources[i].name,
		    plan->sources[i].kind->name, plan->sources[i].decoder->name,
		    (long long)plan->sources[i].every);
	return EXIT_WELL;
}

static int run(struct invocation *in, bool pages)
{
	struct session s = {.in = in, .lock = -1};
	struct err e = {0};
	int status;

	s.started = clock_monotonic();
	if ((status = load_plan(in, &s.plan)) != 0)
		return status;
	if (in->plan_only)
		return say_plan(&s.plan);
	status = lock_and_open(&s, &e);
	if (status == EXIT_WELL && run_all(&s, pages, &e) != 0)
		status = EXIT_FATAL;
	if (status != EXIT_WELL)
		status = end_badly(&s, status, &e);
	else
		status = exit_status(in, &s.result);
	close_session(&s);
	return status;
}

int verb_run(struct invocation *in)
{
	return run(in, true);
}

int verb_collect(struct invocation *in)
{
	return run(in, false);
}

int verb_render(struct invocation *in)
{
	struct session s = {.in = in, .lock = -1};
	struct err e = {0};
	int status;

	s.started = clock_monotonic();
	if ((status = load_plan(in, &s.plan)) != 0)
		return status;
	if (in->last > 0)
		plan_narrow(&s.plan, in->last, in->last_text);
	if (in->at != NULL) {
		s.present = in->now;
		if (clock_parse(in->at, in->now, &in->now, &e) != 0)
			return complain(&e, EXIT_USAGE);
	}
	if (store_open_read(&s.store, s.plan.common.store, &e) != 0 ||
	    print(&s, &e) != 0)
		status = complain(&e, EXIT_FATAL);
	close_session(&s);
	return status;
}
