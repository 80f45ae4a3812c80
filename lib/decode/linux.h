/*
 * The parts of the decoder of a Linux machine. What its command prints:
 *
 *	=== chosen PID...	whose names, owners and files are told
 *	=== files		lines of /proc and /etc, "proc/stat:LINE"
 *	=== processes		"COUNT THREADS PAGE_KB", then one a line:
 *				PID STATE FLAGS TICKS START PAGES THREADS COMM
 *	=== owners		PID USER
 *	=== df			as df -kP prints
 *	=== who			a line for each session
 *	=== fds			PID COUNT
 *	=== names		as head prints /proc/PID/cmdline; to the end
 *
 * Formats: proc(5).
 */
#ifndef DECODE_LINUX_H
#define DECODE_LINUX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/str.h"
#include "model/reading.h"

/* Clock ticks per second in /proc: USER_HZ, 100 on all that we know. */
#define LINUX_HZ 100

#define LINUX_SHOWN_MAX 100

enum linux_section {
	LINUX_FILES,
	LINUX_PROCESSES,
	LINUX_OWNERS,
	LINUX_DF,
	LINUX_WHO,
	LINUX_FDS,
	LINUX_NAMES,
	LINUX_SECTIONS,
};

struct linux_output {
	struct span sections[LINUX_SECTIONS];
};

/* user nice system idle iowait irq softirq steal, in ticks */
#define LINUX_CPU_FIELDS 8

struct linux_ticks {
	int64_t pid, start, ticks;
};

/*
 * What is remembered from one run to the next. Processes that never used a
 * tick are not in it; nor are those beyond a bound, none of which had used
 * more than `floor` ticks.
 */
struct linux_state {
	bool known;
	int64_t clock; /* ticks since the machine started */
	bool has_cpu;
	int64_t cpu[LINUX_CPU_FIELDS];
	int64_t shown[LINUX_SHOWN_MAX]; /* processes in the table */
	size_t n_shown;
	int64_t floor;
	struct linux_ticks *processes; /* by pid */
	size_t n;
};

/* linux_state.c: unknown if the bytes are not a state. */
struct linux_state linux_state_read(struct arena *, struct span);
struct span linux_state_write(struct arena *, const struct linux_state *);

/* What a process had used when the state was made. */
int64_t linux_state_ticks(
    const struct linux_state *, const struct linux_ticks *now);

/* The next line of a file in LINUX_FILES: *rest starts as the section. */
bool linux_line(struct span *rest, const char *file, struct span *line);

/* linux_system.c: the machine. False if there is nothing of /proc. */
bool linux_system(const struct linux_output *, const struct linux_state *last,
    struct linux_state *next, int64_t now, struct readings *);

/* linux_disk.c: file systems, disks. */
void linux_disks(const struct linux_output *, struct readings *);

/* linux_process.c: the table of processes. */
void linux_processes(const struct linux_output *, size_t max,
    const struct linux_state *last, struct linux_state *next,
    struct readings *);

/*
 * linux_name.c: a command line as a person would recognise it, from the
 * NUL-separated arguments; what looks like a secret is not shown.
 */
const char *linux_name(struct arena *, struct span cmdline);

#endif
