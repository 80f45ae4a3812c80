#include "decode/linux.h"

#include "base/buf.h"
#include "decode/text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/*
 *	linux 1 CLOCK
 *	cpu USER NICE ...		or "cpu" alone
 *	shown PID...
 *	floor TICKS
 *	PID START TICKS			by pid
 */
#define KEPT_MAX  4096
#define STATE_MAX (1 << 20)
#define COUNT_MAX (INT64_MAX / 1024) /* no sum of ours overflows */

static bool counts(const struct span *fields, size_t n, int64_t *out)
{
	for (size_t i = 0; i < n; i++)
		if (!text_int(fields[i], &out[i]) || out[i] < 0 ||
		    out[i] > COUNT_MAX)
			return false;
	return true;
}

/* "word COUNT..." with at most max counts; -1 if it is something else. */
static int line_of(
    struct span *rest, const char *word, int64_t *out, size_t max)
{
	struct span line, fields[LINUX_SHOWN_MAX + 1];
	size_t n;

	if (!str_line(rest, &line) || !text_after(&line, word))
		return -1;
	n = text_fields(line, fields, max);
	return n <= max && counts(fields, n, out) ? (int)n : -1;
}

static bool read_processes(
    struct arena *a, struct span rest, struct linux_state *s)
{
	struct span line, f[3];
	int64_t v[3], last = 0;

	s->processes = arena_array(a, KEPT_MAX, sizeof(*s->processes));
	while (str_line(&rest, &line)) {
		if (text_fields(line, f, 3) != 3 || !counts(f, 3, v) ||
		    v[0] <= last || s->n == KEPT_MAX)
			return false;
		last = v[0];
		s->processes[s->n++] = (struct linux_ticks){v[0], v[1], v[2]};
	}
	return true;
}

struct linux_state linux_state_read(struct arena *a, struct span text)
{
	struct linux_state s = {0};
	int n_cpu, n_shown;

	if (text.n > STATE_MAX || line_of(&text, "linux 1 ", &s.clock, 1) != 1)
		return (struct linux_state){0};
	n_cpu = line_of(&text, "cpu", s.cpu, LINUX_CPU_FIELDS);
	n_shown = line_of(&text, "shown", s.shown, LINUX_SHOWN_MAX);
	if ((n_cpu != 0 && n_cpu != LINUX_CPU_FIELDS) || n_shown < 0 ||
	    line_of(&text, "floor", &s.floor, 1) != 1 ||
	    !read_processes(a, text, &s))
		return (struct linux_state){0};
	s.has_cpu = n_cpu > 0;
	s.n_shown = (size_t)n_shown;
	s.known = true;
	return s;
}

static int by_ticks(const void *a, const void *b)
{
	const struct linux_ticks *x = a, *y = b;

	return (x->ticks < y->ticks) - (x->ticks > y->ticks);
}

static int by_pid(const void *a, const void *b)
{
	const struct linux_ticks *x = a, *y = b;

	return (x->pid > y->pid) - (x->pid < y->pid);
}

/* The busiest, by pid, each once. */
static size_t kept(struct linux_ticks *all, size_t n, int64_t *floor_of_others)
{
	size_t used = 0, unique = 0;

	for (size_t i = 0; i < n; i++)
		if (all[i].ticks > 0)
			all[used++] = all[i];
	if (used > KEPT_MAX) {
		qsort(all, used, sizeof(*all), by_ticks);
		*floor_of_others = all[KEPT_MAX].ticks;
		used = KEPT_MAX;
	}
	qsort(all, used, sizeof(*all), by_pid);
	for (size_t i = 0; i < used; i++)
		if (unique == 0 || all[unique - 1].pid != all[i].pid)
			all[unique++] = all[i];
	return unique;
}

struct span linux_state_write(struct arena *a, const struct linux_state *s)
{
	struct linux_ticks *all =
	    arena_copy(a, s->processes, s->n * sizeof(*all));
	int64_t floor_of_others = 0;
	size_t n = kept(all, s->n, &floor_of_others);
	struct buf b;
	struct span out;

	buf_init(&b, STATE_MAX);
	buf_printf(&b, "linux 1 %" PRId64 "\ncpu", s->clock);
	for (size_t i = 0; s->has_cpu && i < LINUX_CPU_FIELDS; i++)
		buf_printf(&b, " %" PRId64, s->cpu[i]);
	buf_str(&b, "\nshown");
	for (size_t i = 0; i < s->n_shown; i++)
		buf_printf(&b, " %" PRId64, s->shown[i]);
	buf_printf(&b, "\nfloor %" PRId64 "\n", floor_of_others);
	for (size_t i = 0; i < n; i++)
		buf_printf(&b, "%" PRId64 " %" PRId64 " %" PRId64 "\n",
		    all[i].pid, all[i].start, all[i].ticks);
	out.n = b.failed ? 0 : b.len;
	out.p = arena_strndup(a, buf_text(&b), out.n);
	buf_free(&b);
	return out;
}

int64_t linux_state_ticks(
    const struct linux_state *s, const struct linux_ticks *now)
{
	const struct linux_ticks *was =
	    s->n == 0 ? NULL
		      : bsearch(now, s->processes, s->n, sizeof(*now), by_pid);

	if (was != NULL && was->start == now->start)
		return was->ticks;
	return now->start > s->clock ? 0 : s->floor;
}
