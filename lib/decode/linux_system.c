#include "decode/linux.h"

#include "base/clock.h"
#include "decode/text.h"

#include <inttypes.h>
#include <string.h>

#define TICKS_MAX (INT64_MAX / 64)

bool linux_line(struct span *rest, const char *file, struct span *line)
{
	while (str_line(rest, line))
		if (text_after(line, file) && text_after(line, ":"))
			return true;
	return false;
}

/* The first line of a file, empty if it is not there. */
static struct span only_line(const struct linux_output *o, const char *file)
{
	struct span rest = o->sections[LINUX_FILES], line;

	return linux_line(&rest, file, &line) ? line : (struct span){"", 0};
}

/* Field i of the only line of a file as a number, NaN if there is none. */
static double field(const struct linux_output *o, const char *file, size_t i)
{
	struct span fields[8];
	double v;

	if (text_fields(only_line(o, file), fields, 8) <= i ||
	    !text_number(fields[i], &v))
		return NAN;
	return v;
}

static void gauge(
    struct readings *out, const char *metric, double v, const char *unit)
{
	if (!isnan(v))
		readings_sample(out, metric, v, unit);
}

/* Older kernels have fewer fields; those are 0. */
static bool cpu_ticks(struct span line, int64_t *ticks)
{
	struct span fields[LINUX_CPU_FIELDS];
	size_t n = text_fields(line, fields, LINUX_CPU_FIELDS);

	memset(ticks, 0, LINUX_CPU_FIELDS * sizeof(*ticks));
	if (n > LINUX_CPU_FIELDS)
		n = LINUX_CPU_FIELDS;
	for (size_t i = 0; i < n; i++)
		if (!text_int(fields[i], &ticks[i]) || ticks[i] < 0 ||
		    ticks[i] > TICKS_MAX)
			return false;
	return n >= 4;
}

static void shares(const int64_t *was, const int64_t *is, struct readings *out)
{
	double d[LINUX_CPU_FIELDS], all = 0;

	/* The kernel may take back a little of iowait and of guests' time. */
	for (size_t i = 0; i < LINUX_CPU_FIELDS; i++) {
		d[i] = is[i] > was[i] ? (double)(is[i] - was[i]) : 0;
		all += d[i];
	}
	if (all <= 0)
		return;
	readings_sample(
	    out, "cpu", 100 * (all - d[3] - d[4]) / all, UNIT_PERCENT);
	readings_sample(
	    out, "cpu_user", 100 * (d[0] + d[1]) / all, UNIT_PERCENT);
	readings_sample(
	    out, "cpu_system", 100 * (d[2] + d[5] + d[6]) / all, UNIT_PERCENT);
	readings_sample(out, "cpu_iowait", 100 * d[4] / all, UNIT_PERCENT);
	readings_sample(out, "cpu_steal", 100 * d[7] / all, UNIT_PERCENT);
}

static int cpu(const struct linux_output *o, const struct linux_state *last,
    struct linux_state *next, struct readings *out)
{
	struct span rest = o->sections[LINUX_FILES], line;
	int cores = 0;

	while (linux_line(&rest, "proc/stat", &line)) {
		if (text_after(&line, "cpu ")) {
			next->has_cpu = cpu_ticks(line, next->cpu);
			continue;
		}
		cores += text_after(&line, "cpu");
	}
	/* A machine that started again has counted from 0. */
	if (last->known && last->has_cpu && next->has_cpu &&
	    next->clock >= last->clock)
		shares(last->cpu, next->cpu, out);
	if (cores > 0)
		readings_sample(out, "cores", cores, UNIT_COUNT);
	return cores;
}

/* A line of /proc/meminfo in bytes, NaN if it is not there. */
static double amount(const struct linux_output *o, const char *name)
{
	struct span rest = o->sections[LINUX_FILES], line, fields[2];
	double kb;

	while (linux_line(&rest, "proc/meminfo", &line))
		if (text_after(&line, name) && text_after(&line, ":"))
			return text_fields(line, fields, 2) > 0 &&
				       text_number(fields[0], &kb) && kb >= 0
				   ? kb * 1024
				   : NAN;
	return NAN;
}

static double or_zero(double v)
{
	return isnan(v) ? 0 : v;
}

/* Before Linux 3.14 nobody says what is available: as free(1) reckons. */
static double available(const struct linux_output *o)
{
	double v = amount(o, "MemAvailable");

	if (!isnan(v))
		return v;
	v = amount(o, "MemFree") + or_zero(amount(o, "Buffers")) +
	    or_zero(amount(o, "Cached")) + or_zero(amount(o, "SReclaimable")) -
	    or_zero(amount(o, "Shmem"));
	return v < 0 ? 0 : v;
}

static bool memory(const struct linux_output *o, struct readings *out)
{
	double total = amount(o, "MemTotal"), left = available(o);
	double swap = amount(o, "SwapTotal");
	double swapped = swap - amount(o, "SwapFree");

	if (total > 0 && !isnan(left)) {
		left = left < total ? left : total;
		readings_sample(
		    out, "memory", 100 * (total - left) / total, UNIT_PERCENT);
		readings_sample(out, "memory_used", total - left, UNIT_BYTES);
		readings_sample(out, "memory_total", total, UNIT_BYTES);
	}
	if (!isnan(swapped)) {
		swapped = swapped > 0 ? swapped : 0;
		readings_sample(out, "swap",
		    swap > 0 ? 100 * swapped / swap : 0, UNIT_PERCENT);
		readings_sample(out, "swap_used", swapped, UNIT_BYTES);
	}
	return total > 0;
}

static void counter(struct readings *out, const char *metric,
    const char *interface, struct span number)
{
	const struct label label = {"interface", interface};
	struct sample *s;
	double v;

	if (!text_number(number, &v))
		return;
	s = readings_sample(
	    out, metric_name(out->arena, metric, &label, 1), v, UNIT_BYTES);
	if (s != NULL)
		s->counter = true;
}

/*
 * The loopback and the halves of containers' cables, which come and go, are
 * left out, and so is what has never carried a byte.
 */
static void network(const struct linux_output *o, struct readings *out)
{
	struct span rest = o->sections[LINUX_FILES], line, f[16];

	while (linux_line(&rest, "proc/net/dev", &line)) {
		const char *colon =
		    line.n > 0 ? memrchr(line.p, ':', line.n) : NULL;
		struct span name = line, numbers = line;
		const char *interface;

		if (colon == NULL)
			continue;
		name.n = (size_t)(colon - line.p);
		name = str_trim(name);
		numbers.p = colon + 1;
		numbers.n = line.n - (size_t)(numbers.p - line.p);
		if (text_fields(numbers, f, 16) < 16 || span_eq(name, "lo") ||
		    (span_eq(f[0], "0") && span_eq(f[8], "0")))
			continue;
		interface =
		    str_clean(out->arena, name.p, name.n, READING_NAME_MAX);
		if (str_starts(interface, "veth"))
			continue;
		counter(out, "network_in", interface, f[0]);
		counter(out, "network_out", interface, f[8]);
	}
}

static void users(const struct linux_output *o, struct readings *out)
{
	struct span rest = o->sections[LINUX_WHO], line;
	int n = 0;

	/* An empty section is no user, none at all is not known. */
	if (rest.p == NULL)
		return;
	while (str_line(&rest, &line))
		n += line.n > 0;
	readings_sample(out, "users", n, UNIT_COUNT);
}

/* The value of a line of /etc/os-release. */
static struct span distribution(const struct linux_output *o)
{
	struct span rest = o->sections[LINUX_FILES], line;

	while (linux_line(&rest, "etc/os-release", &line))
		if (text_after(&line, "PRETTY_NAME="))
			return text_unquoted(str_trim(line));
	return only_line(o, "etc/redhat-release");
}

static void fact(
    struct readings *out, struct table *t, const char *name, struct span value)
{
	const char **row;

	if (value.n == 0)
		return;
	row = table_row(out, t);
	if (row == NULL)
		return;
	table_cell(out, row, 0, name, strlen(name));
	table_cell(out, row, 1, value.p, value.n);
}

static struct span text(const char *s)
{
	return (struct span){s, strlen(s)};
}

static void facts(const struct linux_output *o, int cores, struct readings *out)
{
	struct table *t = readings_table(out, "system", 2);
	struct span rest = o->sections[LINUX_FILES], line;
	int64_t booted;

	if (t == NULL)
		return;
	table_column(out, t, 0, "name", "");
	table_column(out, t, 1, "value", "");
	fact(out, t, "hostname", only_line(o, "proc/sys/kernel/hostname"));
	fact(out, t, "distribution", distribution(o));
	fact(out, t, "kernel", only_line(o, "proc/sys/kernel/osrelease"));
	if (cores > 0)
		fact(out, t, "cores",
		    text(arena_printf(out->arena, "%d", cores)));
	while (linux_line(&rest, "proc/stat", &line))
		if (text_after(&line, "btime ") && text_int(line, &booted) &&
		    booted > 0 && booted < INT64_C(1) << 40)
			fact(out, t, "booted",
			    text(clock_format(
				out->arena, "%Y-%m-%d %H:%M", booted)));
}

bool linux_system(const struct linux_output *o, const struct linux_state *last,
    struct linux_state *next, int64_t now, struct readings *out)
{
	double uptime = field(o, "proc/uptime", 0);
	int cores;
	bool any;

	/* Where the machine doesn't say how long it is up, ours will do. */
	next->clock = (uptime >= 0 && uptime < 1e12)
			  ? (int64_t)(uptime * LINUX_HZ)
			  : now * LINUX_HZ;
	cores = cpu(o, last, next, out);
	any = memory(o, out) || next->has_cpu;
	gauge(out, "load1", field(o, "proc/loadavg", 0), "");
	gauge(out, "load5", field(o, "proc/loadavg", 1), "");
	gauge(out, "load15", field(o, "proc/loadavg", 2), "");
	network(o, out);
	gauge(out, "uptime", uptime, UNIT_SECONDS);
	gauge(
	    out, "open_files", field(o, "proc/sys/fs/file-nr", 0), UNIT_COUNT);
	users(o, out);
	if (any)
		facts(o, cores, out);
	return any;
}
