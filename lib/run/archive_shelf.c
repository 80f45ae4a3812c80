#include "run/archive_shelf.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"

#define SHAPE	       "dddd-dd-ddTddddZ-" /* d: a digit */
#define NAME_BYTES_MAX 120
#define FRESH	       ".new"
#define SIGNED	       ".sig"

static bool has_shape(const char *name)
{
	for (const char *s = SHAPE; *s != '\0'; s++, name++)
		if (*s == 'd' ? *name < '0' || *name > '9' : *name != *s)
			return false;
	return true;
}

/* Of the name before the suffix; 0: it is none of ours. */
static size_t name_length(const char *file)
{
	size_t n = strlen(SHAPE);

	if (!has_shape(file))
		return 0;
	n += strspn(file + n, "abcdefghijklmnopqrstuvwxyz0123456789-");
	return n > strlen(SHAPE) && n <= NAME_BYTES_MAX && file[n] == '.' ? n
									  : 0;
}

bool shelf_moment(const char *name, int64_t *moment)
{
	char iso[] = "0000-00-00T00:00:00Z";
	struct err ignored;

	if (!has_shape(name))
		return false;
	memcpy(iso, name, 13);
	memcpy(iso + 14, name + 13, 2);
	return clock_parse(iso, 0, moment, &ignored) == 0;
}

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), len = strlen(end);

	return n > len && str_eq(s + n - len, end);
}

static const struct capsule_kind *kind_of(const char *suffix)
{
	for (size_t i = 0; capsule_kinds[i] != NULL; i++)
		if (str_eq(capsule_kinds[i]->suffix, suffix))
			return capsule_kinds[i];
	return NULL;
}

static bool is_signature(struct arena *a, const char *suffix)
{
	return ends_with(suffix, SIGNED) &&
	       kind_of(arena_strndup(
		   a, suffix, strlen(suffix) - strlen(SIGNED))) != NULL;
}

/* What it has by this file; false: that is none of ours. */
static bool sort_in(struct arena *a, const char *suffix, struct shelf_item *has)
{
	if (kind_of(suffix) != NULL)
		has->formats = true;
	else if (str_eq(suffix, SHELF_FACTS))
		has->facts = true;
	else if (str_eq(suffix, SHELF_LIGHT))
		has->light = true;
	else if (str_eq(suffix, SHELF_DARK))
		has->dark = true;
	else if (str_eq(suffix, SHELF_MARK))
		has->marked = true;
	else
		return is_signature(a, suffix);
	return true;
}

static struct shelf_item *item_of(struct shelf *s, const char *name)
{
	size_t at = s->n;

	if (names_add(s->arena, &s->names, name, at))
		arena_push(s->arena, &s->items, &s->n, &s->cap)->name = name;
	else
		names_find(&s->names, name, &at);
	return &s->items[at];
}

static const char *path_of(const struct shelf *s, const char *file)
{
	return arena_printf(s->arena, "%s/%s", s->dir, file);
}

static void add_file(
    struct shelf *s, const char *name, const char *file, const struct stat *st)
{
	struct shelf_item has = {0}, *item;
	struct shelf_file *f;
	const char *suffix = file + strlen(name);

	if (!sort_in(s->arena, suffix, &has))
		return;
	item = item_of(s, name);
	item->formats |= has.formats;
	item->facts |= has.facts;
	item->light |= has.light;
	item->dark |= has.dark;
	item->marked |= has.marked;
	f = arena_push(
	    s->arena, &item->files, &item->n_files, &item->cap_files);
	*f = (struct shelf_file){
	    .file = file,
	    .kind = kind_of(suffix),
	    .bytes = (uint64_t)st->st_size,
	    .stamp = arena_printf(s->arena, "%s %lld %lld.%09ld\n", file,
		(long long)st->st_size, (long long)st->st_mtime,
		st->st_mtim.tv_nsec),
	};
	item->bytes += f->bytes;
	if (f->kind != NULL && st->st_mtime > item->taken)
		item->taken = st->st_mtime;
}

static void look_at(struct shelf *s, const char *entry)
{
	const char *file = arena_strdup(s->arena, entry);
	const char *path = path_of(s, file);
	size_t n = name_length(file);
	struct stat st;

	if ((n == 0 && !str_eq(file, SHELF_INDEX FRESH)) ||
	    lstat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return;
	if (ends_with(file, FRESH))
		unlink(path);
	else
		add_file(s, arena_strndup(s->arena, file, n), file, &st);
}

/* The files that it is of go first: a kill leaves what is swept later. */
static void remove_item(struct shelf *s, struct shelf_item *item)
{
	for (int rest = 0; rest < 2; rest++)
		for (size_t i = 0; i < item->n_files; i++)
			if ((item->files[i].kind == NULL) == rest)
				unlink(path_of(s, item->files[i].file));
	s->bytes -= item->bytes;
	item->gone = true;
}

static int by_moment(const void *a, const void *b)
{
	const struct shelf_item *x = a, *y = b;

	return -strcmp(x->name, y->name);
}

static int by_file(const void *a, const void *b)
{
	const struct shelf_file *x = a, *y = b;

	return strcmp(x->file, y->file);
}

/* By name is by moment; then each is where it will be found. */
static void put_in_order(struct shelf *s)
{
	if (s->n > 0)
		qsort(s->items, s->n, sizeof(*s->items), by_moment);
	s->names = (struct names){0};
	for (size_t i = 0; i < s->n; i++) {
		struct shelf_item *x = &s->items[i];

		names_add(s->arena, &s->names, x->name, i);
		qsort(x->files, x->n_files, sizeof(*x->files), by_file);
	}
}

int shelf_read(struct shelf *s, struct arena *a, const char *dir, struct err *e)
{
	struct dirent *entry;
	DIR *d = opendir(dir);

	*s = (struct shelf){.arena = a, .dir = dir};
	if (d == NULL)
		return err_set(e, "%s: %s", dir, strerror(errno));
	while ((entry = readdir(d)) != NULL)
		look_at(s, entry->d_name);
	closedir(d);
	put_in_order(s);
	for (size_t i = 0; i < s->n; i++) {
		s->bytes += s->items[i].bytes;
		if (!s->items[i].formats)
			remove_item(s, &s->items[i]);
	}
	return 0;
}

size_t shelf_count(const struct shelf *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += !s->items[i].gone;
	return n;
}

/* The one that was taken first of those that may go. */
static struct shelf_item *find_first(const struct shelf *s)
{
	struct shelf_item *first = NULL;

	for (size_t i = s->n; i-- > 0;) {
		struct shelf_item *x = &s->items[i];

		if (!x->gone && !x->marked &&
		    (first == NULL || x->taken < first->taken))
			first = x;
	}
	return first;
}

/* Of those of one second, as a copy of all makes them, the first of all. */
static bool is_newest(const struct shelf *s, const struct shelf_item *item)
{
	for (const struct shelf_item *x = s->items; x < s->items + s->n; x++)
		if (!x->gone && (x->taken > item->taken ||
				    (x->taken == item->taken && x < item)))
			return false;
	return true;
}

void shelf_trim(
    struct shelf *s, const struct plan_snapshots *limits, int64_t now)
{
	struct shelf_item *first;

	while ((first = find_first(s)) != NULL) {
		bool old =
		    limits->keep != 0 && first->taken < now - limits->keep;
		bool many = limits->count != 0 &&
			    shelf_count(s) > (size_t)limits->count;
		bool large =
		    limits->max_size != 0 && s->bytes > limits->max_size;

		if (!old && ((!many && !large) || is_newest(s, first)))
			break;
		remove_item(s, first);
	}
}

struct shelf_item *shelf_find(const struct shelf *s, const char *name)
{
	size_t at;

	return names_find(&s->names, name, &at) && !s->items[at].gone
		   ? &s->items[at]
		   : NULL;
}

const char *shelf_name(
    const struct shelf *s, int64_t moment, const char *title, const char *page)
{
	const char *iso = clock_iso(s->arena, moment);
	const char *slug = str_slug(s->arena, title), *base, *name;

	if (str_eq(slug, "x"))
		slug = str_slug(s->arena, page);
	base = name =
	    arena_printf(s->arena, "%.13s%.2sZ-%s", iso, iso + 14, slug);
	for (size_t i = 2; shelf_find(s, name) != NULL; i++)
		name = arena_printf(s->arena, "%s-%zu", base, i);
	return name;
}
