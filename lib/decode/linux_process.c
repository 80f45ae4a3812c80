#include "decode/linux.h"

#include "decode/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROCESSES_MAX 50000
#define PAGE_KB	      4
#define FLAG_KTHREAD  0x00200000 /* PF_KTHREAD */
#define COUNT_MAX     (INT64_MAX / 1024)

struct process {
	struct linux_ticks now;
	int64_t flags, pages, threads;
	double share; /* NaN: unknown */
	struct span comm;
};

struct list {
	struct process *items;
	size_t n, cap;
	int64_t count, threads, page_kb; /* of all, also of those not listed */
};

static const struct {
	const char *name, *unit;
} columns[] = {
    {"pid", ""},
    {"process", ""},
    {"user", ""},
    {"cpu", UNIT_PERCENT},
    {"memory", UNIT_BYTES},
    {"open_files", UNIT_COUNT},
    {"threads", UNIT_COUNT},
    {"up", UNIT_SECONDS},
};

#define N_COLUMNS (sizeof(columns) / sizeof(columns[0]))

/* Takes the next blank-separated count off the line. */
static bool count(struct span *line, int64_t *out)
{
	const char *end = line->n > 0 ? memchr(line->p, ' ', line->n) : NULL;
	struct span field = *line;

	if (end != NULL)
		field.n = (size_t)(end - line->p);
	if (!text_int(field, out) || *out < 0 || *out > COUNT_MAX)
		return false;
	line->p += field.n + (end != NULL);
	line->n -= field.n + (end != NULL);
	return true;
}

static bool parse(struct span line, struct process *p)
{
	if (!count(&line, &p->now.pid) || p->now.pid == 0 || line.n < 2 ||
	    line.p[1] != ' ')
		return false;
	line.p += 2;
	line.n -= 2;
	if (!count(&line, &p->flags) || !count(&line, &p->now.ticks) ||
	    !count(&line, &p->now.start) || !count(&line, &p->pages) ||
	    !count(&line, &p->threads))
		return false;
	p->comm = line;
	p->share = NAN;
	return true;
}

static struct list read_list(struct span rest, struct arena *a)
{
	struct list list = {.page_kb = PAGE_KB};
	struct process p = {0};
	struct span line;
	int64_t kb;

	if (!str_line(&rest, &line) || !count(&line, &list.count) ||
	    !count(&line, &list.threads))
		return (struct list){0};
	if (count(&line, &kb) && kb > 0 && kb <= 1024)
		list.page_kb = kb;
	while (list.n < PROCESSES_MAX && str_line(&rest, &line))
		if (parse(line, &p))
			*arena_push(a, &list.items, &list.n, &list.cap) = p;
	if (list.count < (int64_t)list.n)
		list.count = (int64_t)list.n;
	return list;
}

static void compare(struct list *list, const struct linux_state *last,
    struct linux_state *next, struct arena *a)
{
	double elapsed = (double)(next->clock - last->clock);

	next->processes = arena_array(a, list->n, sizeof(*next->processes));
	next->n = list->n;
	for (size_t i = 0; i < list->n; i++) {
		struct process *p = &list->items[i];
		int64_t used;

		next->processes[i] = p->now;
		if (!last->known || elapsed <= 0)
			continue;
		used = p->now.ticks - linux_state_ticks(last, &p->now);
		p->share = used > 0 ? 100 * (double)used / elapsed : 0;
	}
}

static int by_weight(const void *a, const void *b)
{
	const struct process *x = a, *y = b;
	double u = isnan(x->share) ? 0 : x->share;
	double v = isnan(y->share) ? 0 : y->share;

	if (u != v)
		return u < v ? 1 : -1;
	if (x->pages != y->pages)
		return x->pages < y->pages ? 1 : -1;
	return (x->now.pid > y->now.pid) - (x->now.pid < y->now.pid);
}

/* What "PID TEXT" says of a process, empty if nothing. */
static struct span told(struct span rest, int64_t pid)
{
	struct span line;
	int64_t v;

	while (str_line(&rest, &line))
		if (count(&line, &v) && v == pid)
			return line;
	return (struct span){"", 0};
}

/* Where the arguments of a process begin: behind head's own heading. */
static bool heading(struct span *rest, int64_t pid)
{
	char text[64];
	int n = snprintf(
	    text, sizeof(text), "\n==> proc/%" PRId64 "/cmdline <==\n", pid);
	const char *at =
	    rest->n > 0 ? memmem(rest->p, rest->n, text, (size_t)n) : NULL;

	if (at == NULL)
		return false;
	rest->n -= (size_t)(at + n - rest->p);
	rest->p = at + n;
	return true;
}

/*
 * The arguments may hold what looks like a heading. One that is there twice
 * is not believed, nor one of a process that was not asked about.
 */
static struct span arguments(const struct linux_output *o, int64_t pid)
{
	struct span rest = o->sections[LINUX_NAMES], again, args = {"", 0};
	const char *end;

	if (told(o->sections[LINUX_OWNERS], pid).n == 0 || !heading(&rest, pid))
		return args;
	again = rest;
	if (heading(&again, pid))
		return args;
	end = rest.n > 0 ? memmem(rest.p, rest.n, "\n==> proc/", 10) : NULL;
	args.p = rest.p;
	args.n = end != NULL ? (size_t)(end - rest.p) : rest.n;
	return args;
}

static bool kernel_thread(const struct process *p)
{
	return (p->flags & FLAG_KTHREAD) != 0 || p->now.pid == 2;
}

static const char *name(
    const struct linux_output *o, const struct process *p, struct arena *a)
{
	const char *comm = str_clean(a, p->comm.p, p->comm.n, READING_NAME_MAX);
	const char *args;

	if (kernel_thread(p))
		return arena_printf(a, "[%s]", comm);
	args = linux_name(a, arguments(o, p->now.pid));
	return args[0] != '\0' ? args : comm;
}

static void cell(
    struct readings *out, const char **row, size_t i, const char *text)
{
	if (text[0] != '\0')
		table_cell(out, row, i, text, strlen(text));
}

static const char *number(struct arena *a, int64_t v)
{
	return arena_printf(a, "%" PRId64, v);
}

static void fill(const struct linux_output *o, const struct list *list,
    const struct process *p, int64_t clock, const char **row,
    struct readings *out)
{
	struct arena *a = out->arena;
	int64_t pid = p->now.pid, up = (clock - p->now.start) / LINUX_HZ;
	struct span user = told(o->sections[LINUX_OWNERS], pid);
	struct span files = told(o->sections[LINUX_FDS], pid);
	int64_t n_files;

	cell(out, row, 0, number(a, pid));
	cell(out, row, 1, name(o, p, a));
	if (user.n > 0)
		table_cell(out, row, 2, user.p, user.n);
	else if (kernel_thread(p))
		cell(out, row, 2, "root");
	if (!isnan(p->share))
		cell(out, row, 3, arena_printf(a, "%.1f", p->share));
	cell(out, row, 4,
	    arena_printf(
		a, "%.0f", (double)p->pages * (double)list->page_kb * 1024));
	if (text_int(files, &n_files) && n_files >= 0)
		cell(out, row, 5, number(a, n_files));
	cell(out, row, 6, number(a, p->threads));
	if (up >= 0)
		cell(out, row, 7, number(a, up));
}

void linux_processes(const struct linux_output *o, size_t max,
    const struct linux_state *last, struct linux_state *next,
    struct readings *out)
{
	struct list list = read_list(o->sections[LINUX_PROCESSES], out->arena);
	struct table *table;

	if (list.n == 0)
		return;
	readings_sample(out, "processes", (double)list.count, UNIT_COUNT);
	readings_sample(out, "threads", (double)list.threads, UNIT_COUNT);
	compare(&list, last, next, out->arena);
	qsort(list.items, list.n, sizeof(*list.items), by_weight);
	table = readings_table(out, "processes", N_COLUMNS);
	if (table == NULL)
		return;
	for (size_t i = 0; i < N_COLUMNS; i++)
		table_column(out, table, i, columns[i].name, columns[i].unit);
	for (size_t i = 0; i < list.n && i < max; i++) {
		fill(o, &list, &list.items[i], next->clock,
		    table_row(out, table), out);
		next->shown[next->n_shown++] = list.items[i].now.pid;
	}
	table->left_out = (size_t)list.count - table->n_rows;
}
