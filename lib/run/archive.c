#include "run/archive.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "output/thumb.h"
#include "run/archive_facts.h"
#include "run/archive_list.h"

#define SNAPSHOT_BYTES ((size_t)1 << 29)

const char *archive_link(const struct plan *plan, struct arena *a)
{
	return file_exists(
		   arena_printf(a, "%s/" ARCHIVE_INDEX, plan->common.output))
		   ? ARCHIVE_INDEX
		   : NULL;
}

/* What will be one snapshot, in memory. */
struct parcel {
	struct arena *arena;
	struct snapshot *snapshot;
	struct buf file, light, dark, facts;
};

static int draw(struct parcel *p, struct err *e)
{
	struct canvas *canvas = canvas_open(NULL, NULL);
	struct ruler ruler = canvas_ruler(canvas);
	const struct scene *s =
	    thumb_scene(p->arena, snapshot_capsule(p->snapshot)->page, &ruler);
	int rc;

	rc = canvas_png(canvas, s, THEME_LIGHT, 2, &p->light, e);
	if (rc == 0)
		rc = canvas_png(canvas, s, THEME_DARK, 2, &p->dark, e);
	canvas_close(canvas);
	return rc;
}

static int pack(struct parcel *p, const struct run_snapshot *how,
    const char *reason, struct err *e)
{
	buf_init(&p->file, SNAPSHOT_BYTES);
	buf_init(&p->light, SNAPSHOT_BYTES);
	buf_init(&p->dark, SNAPSHOT_BYTES);
	buf_init(&p->facts, SNAPSHOT_BYTES);
	if (snapshot_print(p->snapshot, how->format, &p->file, e) != 0)
		return -1;
	facts_write(snapshot_capsule(p->snapshot),
	    snapshot_words(p->snapshot, p->arena, reason), p->arena, &p->facts);
	return draw(p, e);
}

static void unpack(struct parcel *p)
{
	buf_free(&p->file);
	buf_free(&p->light);
	buf_free(&p->dark);
	buf_free(&p->facts);
	snapshot_end(p->snapshot);
	arena_free(p->arena);
}

static int put(struct archivist *x, const char *name, const char *suffix,
    const struct buf *b, struct err *e)
{
	const char *file = arena_printf(x->arena, "%s%s", name, suffix);

	if (b->failed)
		return err_set(e, "%s: larger than %zu bytes", file, b->max);
	return stage_put(x->stage, file, buf_text(b), b->len, e);
}

/* The file itself appears last. */
static int file_away(struct archivist *x, const struct parcel *p,
    const char *name, const struct capsule_kind *kind, struct err *e)
{
	stage_date(x->stage, x->now);
	if (put(x, name, SHELF_LIGHT, &p->light, e) != 0 ||
	    put(x, name, SHELF_DARK, &p->dark, e) != 0 ||
	    put(x, name, SHELF_FACTS, &p->facts, e) != 0 ||
	    put(x, name, kind->suffix, &p->file, e) != 0 ||
	    stage_commit(x->stage, e) != 0)
		return -1;
	return file_sync_dir(x->plan->common.output, e);
}

static int keep(const struct plan *plan, const struct run_snapshot *how,
    const struct parcel *p, struct archive_taken *taken, struct err *e)
{
	const struct capsule *c = snapshot_capsule(p->snapshot);
	struct archivist x;
	const char *name;
	int rc = list_begin(&x, plan, how->data, how->taken, e);

	if (rc == 0) {
		name = shelf_name(
		    &x.shelf, how->now, c->page->title, c->page->name);
		taken->path = arena_printf(plan->arena, ARCHIVE_FOLDER "/%s%s",
		    name, how->format->suffix);
		rc = file_away(&x, p, name, how->format, e);
	}
	if (rc == 0)
		rc = list_read_again(&x, e);
	if (rc == 0)
		taken->warning = arena_strdup(plan->arena, x.warning);
	list_end(&x);
	return rc;
}

int archive_take(const struct plan *plan, struct store *store,
    const struct run_snapshot *how, const char *reason,
    struct archive_taken *taken, struct err *e)
{
	struct parcel p = {.arena = arena_new()};
	int rc = snapshot_take(&p.snapshot, plan, store, how, e);

	*taken = (struct archive_taken){0};
	if (rc == 0)
		rc = pack(&p, how, reason, e);
	if (rc == 0)
		rc = keep(plan, how, &p, taken, e);
	unpack(&p);
	return rc;
}

int archive_tend(
    const struct plan *plan, const char *data, int64_t now, struct err *e)
{
	struct arena *a = arena_new();
	bool any = file_exists(list_folder(plan, a));
	struct archivist x;
	int rc;

	arena_free(a);
	if (!any)
		return 0;
	rc = list_begin(&x, plan, data, now, e);
	if (rc == 0)
		rc = list_renew(&x, e);
	list_end(&x);
	return rc;
}

/* Does the path lead into another directory? */
static bool is_elsewhere(struct archivist *x, const char *file)
{
	struct stat here, there;

	return strchr(file, '/') != NULL &&
	       (stat(x->dir, &here) != 0 ||
		   stat(file_dir(x->arena, file), &there) != 0 ||
		   here.st_dev != there.st_dev || here.st_ino != there.st_ino);
}

static int mark(
    struct archivist *x, const char *file, bool marked, struct err *e)
{
	const char *slash = strrchr(file, '/'), *name, *path;
	const struct shelf_item *item;

	name = slash != NULL ? slash + 1 : file;
	name = arena_strndup(x->arena, name, strcspn(name, "."));
	item = shelf_find(&x->shelf, name);
	if (item == NULL || is_elsewhere(x, file))
		return err_set(
		    e, "there is no snapshot '%.200s' in %s", file, x->dir);
	path = arena_printf(x->arena, "%s" SHELF_MARK, name);
	if (marked)
		return stage_put(x->stage, path, "", 0, e) != 0
			   ? -1
			   : stage_commit(x->stage, e);
	path = arena_printf(x->arena, "%s/%s", x->dir, path);
	return unlink(path) != 0 && errno != ENOENT ? file_write_failed(path, e)
						    : 0;
}

int archive_mark(const struct plan *plan, const char *data, const char *file,
    bool marked, int64_t now, struct err *e)
{
	struct arena *a = arena_new();
	const char *dir = list_folder(plan, a);
	struct archivist x;
	int rc;

	if (!file_exists(dir)) {
		err_set(e, "there is no snapshot '%.200s' in %s", file, dir);
		arena_free(a);
		return -1;
	}
	arena_free(a);
	rc = list_begin(&x, plan, data, now, e);
	if (rc == 0)
		rc = mark(&x, file, marked, e);
	if (rc == 0)
		rc = list_read_again(&x, e);
	list_end(&x);
	return rc;
}
