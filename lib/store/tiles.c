/*
 * Tiles of maps, as they were fetched, until nobody has wanted them for long.
 */
#include "store/store_private.h"

#define DAY_S	   INT64_C(86400)
#define UNUSED_S   (30 * DAY_S)
#define TILES_MOST 2000

int store_tile(struct store *st, struct arena *a, const char *url,
    struct map_tile *t, struct err *e)
{
	static const char sql[] = "SELECT png, memory, expires, used FROM tile"
				  " WHERE url = ?";
	struct db_stmt *s = db_stmt(st->db, sql, e);
	struct span png, memory;
	int rc;

	*t = (struct map_tile){.url = url};
	if (s == NULL)
		return -1;
	db_bind_text(s, 1, url);
	if ((rc = db_step(s, e)) == 1) {
		png = db_blob(s, 0);
		memory = db_blob(s, 1);
		t->png = (struct span){arena_copy(a, png.p, png.n), png.n};
		t->memory =
		    (struct span){arena_copy(a, memory.p, memory.n), memory.n};
		t->expires = db_int(s, 2);
		t->used = db_int(s, 3);
		db_reset(s);
	}
	return rc < 0 ? -1 : 0;
}

struct keeping {
	const struct map_tile *tiles;
	size_t n;
	int64_t now;
};

static int keep_one(
    struct store *st, const struct map_tile *t, int64_t now, struct err *e)
{
	static const char sql[] =
	    "INSERT INTO tile (url, png, memory, expires, used)"
	    " VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE"
	    " SET png = ?2, memory = ?3, expires = ?4, used = ?5";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_text(s, 1, t->url);
	db_bind_blob(s, 2, t->png);
	db_bind_blob(s, 3, t->memory);
	db_bind_int(s, 4, t->expires);
	db_bind_int(s, 5, now);
	return db_run(s, e);
}

static int prune(struct store *st, int64_t now, struct err *e)
{
	static const char sql[] =
	    "DELETE FROM tile WHERE used < ?1 OR url IN (SELECT url FROM tile"
	    " ORDER BY used DESC LIMIT -1 OFFSET ?2)";
	struct db_stmt *s = db_stmt(st->db, sql, e);

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, now - UNUSED_S);
	db_bind_int(s, 2, TILES_MOST);
	return db_run(s, e);
}

static int keep(struct store *st, void *ctx, struct err *e)
{
	const struct keeping *k = ctx;

	for (size_t i = 0; i < k->n; i++)
		if (keep_one(st, &k->tiles[i], k->now, e) != 0)
			return -1;
	return prune(st, k->now, e);
}

int store_keep_tiles(struct store *st, const struct map_tile *tiles, size_t n,
    int64_t now, struct err *e)
{
	struct keeping k = {tiles, n, now};

	return n == 0 ? 0 : store_write(st, keep, &k, e);
}
