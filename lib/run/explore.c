#include "run/explore.h"
#include "run/plan_public.h"

#include <string.h>
#include <sys/stat.h>

#include "output/explore.h"

#define HOUR 3600
#define DAY  (24 * HOUR)

/* What the newest points of a source reach back: an hour, some runs, and the
   time by which a turn may be late. */
#define NOW_SPAN_S     (HOUR + 600)
#define NOW_SPAN_MAX_S (2 * HOUR)
#define NOW_POINTS     150

#define FILE_MAX_BYTES (256u * 1024 * 1024)

/* Series in one run: at least so many, else what an hour needs twice over. */
#define TURNS_MIN 64

/* A series that is gone keeps its files for so long. */
#define GONE_S (2 * DAY)

static const struct level {
	const char *name;
	int64_t period; /* between two turns */
	int64_t span;	/* how far back; 0: everything */
	int64_t whole;	/* ends at a multiple of this */
	size_t points;
} levels[] = {
    {"day", HOUR, 25 * HOUR, 1, EXPLORE_POINTS},
    {"month", 12 * HOUR, 32 * DAY, HOUR, 800},
    {"all", DAY, 0, DAY, 1500},
};

#define N_LEVELS (sizeof(levels) / sizeof(levels[0]))

int explore_gather(const struct plan *plan, struct store *store, int64_t now,
    struct arena *a, struct explorer *x, struct err *e)
{
	struct strings all = {0};
	int64_t span = NOW_SPAN_S + 2 * plan->every;

	if (span > NOW_SPAN_MAX_S)
		span = NOW_SPAN_MAX_S;
	strings_add(a, &all, "*");
	*x = (struct explorer){.plan = plan, .store = store, .now = now};
	if (store_series(store, a, &all, now - span, now, NOW_POINTS,
		&x->series, &x->n, e) != 0)
		return -1;
	x->n = plan_shown(plan, x->series, x->n);
	return 0;
}

/* FNV-1a (Fowler, Noll, Vo): names that are alike get turns far apart. */
static uint32_t spread(const char *name)
{
	uint32_t h = 2166136261u;

	for (; *name != '\0'; name++)
		h = (h ^ (unsigned char)*name) * 16777619u;
	return h;
}

bool explore_due(const char *name, int64_t period, int64_t written, int64_t now)
{
	int64_t shift = spread(name) % period;

	return written <= 0 || written > now ||
	       written < now - (now + period - shift) % period;
}

struct turn {
	struct explorer *x;
	struct stage *stage;
	struct arena *arena; /* for one series */
	struct buf buf;
};

static int put(struct turn *t, const char *path, struct err *e)
{
	if (t->buf.failed)
		return err_set(
		    e, "%s: larger than %zu bytes", path, t->buf.max);
	return stage_put(t->stage, path, buf_text(&t->buf), t->buf.len, e);
}

static const char *file_of(struct turn *t, const char *name, const char *end)
{
	char id[EXPLORE_ID];

	explore_id(name, id);
	return arena_printf(t->arena, EXPLORE_FOLDER "/%s%s", id, end);
}

static int64_t written(struct turn *t, const char *path)
{
	const char *whole =
	    arena_printf(t->arena, "%s/%s", t->x->plan->common.output, path);
	struct stat st;

	return stat(whole, &st) == 0 ? (int64_t)st.st_mtime : 0;
}

static int put_index(struct turn *t, struct err *e)
{
	buf_reset(&t->buf);
	explore_index(t->x->series, t->x->n, t->x->plan->every, &t->buf);
	return put(t, EXPLORE_FOLDER "/index.js", e);
}

/* The series are sorted, so those of one source are together. */
static int put_now(struct turn *t, struct err *e)
{
	const struct explorer *x = t->x;

	for (size_t i = 0, k; i < x->n; i = k) {
		for (k = i; k < x->n &&
			    str_eq(x->series[k].source, x->series[i].source);)
			k++;
		buf_reset(&t->buf);
		explore_now(&x->series[i], k - i, &t->buf);
		if (put(t, file_of(t, x->series[i].source, "-now.js"), e) != 0)
			return -1;
	}
	return 0;
}

/* A pattern that matches this name and no other. */
static const char *only(struct arena *a, const char *name)
{
	char *quoted = arena_alloc(a, 2 * strlen(name) + 1), *out = quoted;

	if (strpbrk(name, "*?[\\") == NULL)
		return name;
	for (; *name != '\0'; name++) {
		if (strchr("*?[]\\", *name) != NULL)
			*out++ = '\\';
		*out++ = *name;
	}
	return quoted;
}

static int read_series(struct turn *t, const char *name, int64_t from,
    int64_t to, size_t points, struct series *out, struct err *e)
{
	struct strings globs = {0};
	struct series *found;
	size_t n;

	strings_add(t->arena, &globs, only(t->arena, name));
	*out = (struct series){.name = name, .unit = ""};
	if (store_series(t->x->store, t->arena, &globs, from, to, points,
		&found, &n, e) != 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (str_eq(found[i].name, name))
			*out = found[i];
	return 0;
}

static int64_t round_down(int64_t ts, int64_t whole)
{
	return ts - ts % whole;
}

/*
 * A few wide buckets tell where everything begins, so that the buckets need
 * not be as wide as if it were 1970.
 */
static int beginning(
    struct turn *t, const char *name, int64_t to, int64_t *from, struct err *e)
{
	struct series s;

	if (read_series(t, name, 0, to, EXPLORE_POINTS, &s, e) != 0)
		return -1;
	*from = s.n > 0 ? s.points[0].ts : to;
	return 0;
}

static int put_level(
    struct turn *t, const char *name, const struct level *level, struct err *e)
{
	int64_t to = round_down(t->x->now, level->whole);
	int64_t from = round_down(to - level->span, level->whole);
	struct series s;

	if (level->span == 0 && beginning(t, name, to, &from, e) != 0)
		return -1;
	if (read_series(t, name, from, to - 1, level->points, &s, e) != 0)
		return -1;
	if (level->span == 0)
		from = 0;
	buf_reset(&t->buf);
	explore_level(&s, level->name, from, to, &t->buf);
	if (put(t,
		file_of(t, name, arena_printf(t->arena, "-%s.js", level->name)),
		e) != 0)
		return -1;
	if (level->span != 0)
		return 0;
	buf_reset(&t->buf);
	explore_csv(&s, &t->buf);
	return put(t, file_of(t, name, ".csv"), e);
}

/* If the hour's turn has not come, neither has that of a longer level. */
static int take_turn(
    struct turn *t, const char *name, bool *taken, struct err *e)
{
	*taken = false;
	for (size_t i = 0; i < N_LEVELS; i++) {
		const char *end =
		    arena_printf(t->arena, "-%s.js", levels[i].name);
		bool due = explore_due(name, levels[i].period,
		    written(t, file_of(t, name, end)), t->x->now);

		if (i == 0 && !due)
			return 0;
		if (due && put_level(t, name, &levels[i], e) != 0)
			return -1;
	}
	*taken = true;
	return 0;
}

static size_t most_turns(const struct explorer *x)
{
	int64_t every = x->plan->every < HOUR ? x->plan->every : HOUR;
	size_t hour = 2 * x->n * (size_t)every / HOUR;

	return hour > TURNS_MIN ? hour : TURNS_MIN;
}

static int put_levels(struct turn *t, struct err *e)
{
	size_t most = most_turns(t->x), n = 0;

	for (size_t i = 0; i < t->x->n && n < most; i++) {
		bool taken;

		arena_reset(t->arena);
		if (take_turn(t, t->x->series[i].name, &taken, e) != 0)
			return -1;
		n += taken;
	}
	t->x->left = n == most;
	return 0;
}

int explore_put(struct explorer *x, struct stage *stage, struct err *e)
{
	struct turn t = {.x = x, .stage = stage, .arena = arena_new()};
	int rc = -1;

	buf_init(&t.buf, FILE_MAX_BYTES);
	stage_date(stage, x->now);
	if (put_index(&t, e) == 0 && put_now(&t, e) == 0)
		rc = put_levels(&t, e);
	stage_date(stage, 0);
	buf_free(&t.buf);
	arena_free(t.arena);
	return rc;
}

/* Not while what is old only waits to be written anew. */
int explore_sweep(const struct explorer *x, struct stage *stage, struct err *e)
{
	if (x->left || x->now / HOUR == (x->now - x->plan->every) / HOUR)
		return 0;
	return stage_sweep(stage, EXPLORE_FOLDER, x->now - GONE_S, NULL, e);
}
