/*
 * The files of the archive: what is a snapshot there, and what is to go.
 *
 * Ours is only a regular file whose name has the shape
 *
 *	2026-11-22T0314Z-operations.html	of any format that there is
 *	2026-11-22T0314Z-operations.json	what is known of it
 *	… .light.png, .dark.png			its picture
 *	… .mark					it stays
 *	… .html.sig				a signature
 *
 * A snapshot is one file of a format, and what has its name. All else in the
 * directory is never touched.
 */
#ifndef RUN_ARCHIVE_SHELF_H
#define RUN_ARCHIVE_SHELF_H

#include "base/names.h"
#include "output/capsule.h"
#include "run/plan.h"

#define SHELF_FACTS ".json"
#define SHELF_LIGHT ".light.png"
#define SHELF_DARK  ".dark.png"
#define SHELF_MARK  ".mark"
#define SHELF_INDEX "index.html"

struct shelf_file {
	const char *file;
	const struct capsule_kind *kind; /* NULL: it only goes with one */
	uint64_t bytes;
	const char *stamp; /* another one once the file has changed */
};

struct shelf_item {
	const char *name;
	struct shelf_file *files; /* by name */
	size_t n_files, cap_files;
	int64_t taken; /* the newest of its formats */
	uint64_t bytes;
	bool formats, facts, light, dark, marked; /* what it has */
	bool gone;
};

struct shelf {
	struct arena *arena;
	const char *dir;
	struct shelf_item *items; /* newest moment first */
	size_t n, cap;
	struct names names;
	uint64_t bytes; /* of all */
};

/*
 * Reads the directory, which the caller has locked. What a killed program left
 * half written goes, and what belongs to a snapshot that was removed.
 */
must_use int shelf_read(
    struct shelf *, struct arena *, const char *dir, struct err *);

/*
 * Removes what is older than the limits want, or too much: the oldest first,
 * never what is marked, nor, unless it is too old, the newest of all.
 */
void shelf_trim(struct shelf *, const struct plan_snapshots *, int64_t now);

/* How many there are without those that are gone. */
size_t shelf_count(const struct shelf *);

struct shelf_item *shelf_find(const struct shelf *, const char *name);

/* A name for a moment and a title that nothing has. */
const char *shelf_name(
    const struct shelf *, int64_t moment, const char *title, const char *page);

/* The moment that a name begins with; false: it is none of ours. */
bool shelf_moment(const char *name, int64_t *moment);

#endif
