#include "decode/linux.h"

#include "decode/text.h"

#include <ctype.h>
#include <string.h>

#define MOUNTS_MAX   512
#define DEVICES_MAX  1024
#define DF_FIELDS    64
#define SECTOR_BYTES 512 /* in /proc/diskstats, whatever the disk's own is */

struct mount {
	const char *device, *path;
	double used, available; /* KiB */
};

struct device {
	struct span name;
	double read, written; /* sectors */
};

static bool percentage(struct span s)
{
	double v;

	if (span_eq(s, "-"))
		return true;
	if (s.n < 2 || s.p[s.n - 1] != '%')
		return false;
	s.n--;
	return text_number(s, &v);
}

/*
 * A line of `df -kP`. The device may have spaces in its name, as the mount
 * point may: the four figures between them are what is sure.
 */
static bool parse_mount(struct span line, struct arena *a, struct mount *m)
{
	struct span f[DF_FIELDS];
	size_t n = text_fields(line, f, DF_FIELDS);
	double total;

	n = n < DF_FIELDS ? n : DF_FIELDS;
	for (size_t i = 1; i + 4 < n; i++) {
		const char *end = f[i - 1].p + f[i - 1].n;
		const char *path = f[i + 4].p;

		if (!text_number(f[i], &total) ||
		    !text_number(f[i + 1], &m->used) ||
		    !text_number(f[i + 2], &m->available) ||
		    !percentage(f[i + 3]) || path[0] != '/')
			continue;
		m->device = str_clean(
		    a, line.p, (size_t)(end - line.p), READING_NAME_MAX);
		m->path = str_clean(a, path, line.n - (size_t)(path - line.p),
		    READING_NAME_MAX / 2);
		return m->used >= 0;
	}
	return false;
}

/* The type that /proc/mounts says of a mount point, "" if it doesn't. */
static const char *type_of(
    const struct linux_output *o, struct arena *a, const char *path)
{
	struct span rest = o->sections[LINUX_FILES], line, f[3];
	const char *type = "";

	/* The last one is on top. */
	while (linux_line(&rest, "proc/mounts", &line))
		if (text_fields(line, f, 3) >= 3 && span_eq(f[1], path))
			type = str_clean(a, f[2].p, f[2].n, 32);
	return type;
}

static bool any_of(const char *s, const char *const *words)
{
	for (; *words != NULL; words++)
		if (str_eq(s, *words))
			return true;
	return false;
}

/* Is it a place where files are kept, and not one that can't fill up? */
static bool holds_files(
    const struct mount *m, const struct linux_output *o, struct arena *a)
{
	/* Images that are always full, and other people's directories. */
	static const char *const types[] = {"squashfs", "iso9660", "udf",
	    "erofs", "cramfs", "romfs", "overlay", "tmpfs", "devtmpfs", NULL};
	/* The files that container engines put there from their host. */
	static const char *const files[] = {"/etc/hosts", "/etc/hostname",
	    "/etc/resolv.conf", "/dev/termination-log", NULL};
	const char *type = type_of(o, a, m->path);

	if (m->used + m->available <= 0 || any_of(m->path, files))
		return false;
	if (str_eq(m->path, "/"))
		return true;
	if (any_of(type, types) || str_starts(m->device, "/dev/loop"))
		return false;
	return m->device[0] == '/' || strchr(m->device, ':') != NULL ||
	       any_of(type, (const char *const[]){"zfs", "btrfs", "bcachefs",
				"virtiofs", "9p", NULL});
}

static void report(const struct mount *m, struct readings *out)
{
	const struct label label = {"mount", m->path};
	struct arena *a = out->arena;
	double available = m->available > 0 ? m->available : 0;

	readings_sample(out, metric_name(a, "disk", &label, 1),
	    100 * m->used / (m->used + available), UNIT_PERCENT);
	readings_sample(out, metric_name(a, "disk_used", &label, 1),
	    m->used * 1024, UNIT_BYTES);
	readings_sample(out, metric_name(a, "disk_free", &label, 1),
	    available * 1024, UNIT_BYTES);
}

/* One that is mounted in several places counts where the path is shortest. */
static void file_systems(const struct linux_output *o, struct readings *out)
{
	struct span rest = o->sections[LINUX_DF], line;
	struct mount mounts[MOUNTS_MAX], m;
	size_t n = 0, i;

	while (n < MOUNTS_MAX && str_line(&rest, &line)) {
		if (!parse_mount(line, out->arena, &m) ||
		    !holds_files(&m, o, out->arena))
			continue;
		for (i = 0; i < n; i++)
			if (str_eq(mounts[i].path, m.path) ||
			    str_eq(mounts[i].device, m.device))
				break;
		if (i == n)
			mounts[n++] = m;
		else if (strlen(m.path) < strlen(mounts[i].path))
			mounts[i] = m;
	}
	for (i = 0; i < n; i++)
		report(&mounts[i], out);
}

/* Made of memory, of files, or of other disks that are counted already. */
static bool is_virtual(struct span name)
{
	static const char *const prefixes[] = {"loop", "ram", "zram", "dm-",
	    "md", "sr", "fd", "drbd", "nbd", "bcache", "zd", NULL};

	for (size_t i = 0; prefixes[i] != NULL; i++) {
		struct span rest = name;

		if (text_after(&rest, prefixes[i]))
			return true;
	}
	return false;
}

/* sda1 of sda, nvme0n1p2 of nvme0n1, mmcblk0boot0 of mmcblk0. */
static bool is_part(struct span name, struct span disk)
{
	struct span rest = name;

	if (disk.n == 0 || name.n <= disk.n ||
	    memcmp(name.p, disk.p, disk.n) != 0)
		return false;
	rest.p += disk.n;
	rest.n -= disk.n;
	if (isdigit((unsigned char)disk.p[disk.n - 1]))
		return rest.p[0] == 'p' || rest.p[0] == 'b' || rest.p[0] == 'r';
	return isdigit((unsigned char)rest.p[0]);
}

static size_t read_devices(const struct linux_output *o, struct device *devices)
{
	struct span rest = o->sections[LINUX_FILES], line, f[10];
	size_t n = 0;

	while (n < DEVICES_MAX && linux_line(&rest, "proc/diskstats", &line)) {
		struct device *d = &devices[n];
		bool part = false;

		if (text_fields(line, f, 10) < 10 || is_virtual(f[2]) ||
		    !text_number(f[5], &d->read) ||
		    !text_number(f[9], &d->written))
			continue;
		d->name = f[2];
		/* Partitions come after their disk, if that is there. */
		for (size_t i = 0; i < n && !part; i++)
			part = is_part(d->name, devices[i].name);
		n += !part;
	}
	return n;
}

static void counter(struct readings *out, const char *metric, double sectors)
{
	struct sample *s =
	    readings_sample(out, metric, sectors * SECTOR_BYTES, UNIT_BYTES);

	if (s != NULL)
		s->counter = true;
}

static void throughput(const struct linux_output *o, struct readings *out)
{
	struct arena *a = out->arena;
	struct device *devices = arena_array(a, DEVICES_MAX, sizeof(*devices));
	size_t n = read_devices(o, devices);
	double read = 0, written = 0;

	for (size_t i = 0; i < n; i++) {
		const struct device *d = &devices[i];
		const struct label label = {"device",
		    str_clean(a, d->name.p, d->name.n, READING_NAME_MAX)};

		read += d->read;
		written += d->written;
		counter(out, metric_name(a, "disk_read", &label, 1), d->read);
		counter(
		    out, metric_name(a, "disk_written", &label, 1), d->written);
	}
	if (n == 0)
		return;
	counter(out, "disk_read", read);
	counter(out, "disk_written", written);
}

void linux_disks(const struct linux_output *o, struct readings *out)
{
	file_systems(o, out);
	throughput(o, out);
}
