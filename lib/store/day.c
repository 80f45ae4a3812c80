#include "store/day.h"
#include "store/damage.h"

#define HOUR INT64_C(3600)
#define DAY  (24 * HOUR)

/* More samples than this in a day: it has chunks and rollups of its own. */
#define SPARSE_MAX 144

static bool has(const struct cohort *c, enum chunk_kind kind)
{
	return c->kinds >> kind & 1;
}

static void note_kind(struct cohort *c, enum chunk_kind kind)
{
	c->kinds |= INT64_C(1) << kind;
}

int raw_read(struct store *st, struct arena *a, const struct cohort *c,
    int64_t series, int64_t from, int64_t to, struct pairs *out, struct err *e)
{
	static const enum chunk_kind kinds[] = {
	    CHUNK_SPARSE, CHUNK_RAW, CHUNK_HOUR};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (has(c, kinds[i]) &&
		    chunk_read(st, a, kinds[i], series, from, to, out, e) != 0)
			return -1;
	return 0;
}

static void add_all(struct arena *a, struct pairs *to, const struct pairs *from)
{
	for (size_t i = 0; i < from->n; i++)
		pairs_add(a, to, from->items[i].ts, from->items[i].value);
}

int hour_merge(struct store *st, struct arena *a, struct cohort *c,
    int64_t series, int64_t hour, const struct pairs *add, struct err *e)
{
	struct pairs all = {0};

	if (chunk_read(st, a, CHUNK_HOUR, series, hour, hour + HOUR, &all, e) !=
	    0)
		return -1;
	if (all.n == 0)
		all = *add;
	else
		add_all(a, &all, add);
	pairs_tidy(a, &all);
	all = pairs_whole(a, &all);
	note_kind(c, CHUNK_HOUR);
	return chunk_write(st, CHUNK_HOUR, series, hour, &all, e);
}

/* The chunk of thirty days with these in place of what it has of the day. */
static int write_sparse(struct store *st, struct arena *a, struct cohort *c,
    int64_t series, int64_t day, const struct pairs *all, struct err *e)
{
	int64_t start = chunk_start(CHUNK_SPARSE, day);
	int64_t end = start + chunk_shapes[CHUNK_SPARSE].span;
	struct pairs month = {0};

	if (has(c, CHUNK_SPARSE) && (chunk_read(st, a, CHUNK_SPARSE, series,
					 start, day, &month, e) != 0 ||
					chunk_read(st, a, CHUNK_SPARSE, series,
					    day + DAY, end, &month, e) != 0))
		return -1;
	if (month.n == 0 && all->n == 0 && !has(c, CHUNK_SPARSE))
		return 0;
	add_all(a, &month, all);
	pairs_tidy(a, &month);
	if (all->n > 0)
		note_kind(c, CHUNK_SPARSE);
	return chunk_write(st, CHUNK_SPARSE, series, day, &month, e);
}

static int write_dense(struct store *st, struct arena *a, struct cohort *c,
    int64_t series, int64_t day, const struct pairs *all, struct err *e)
{
	static const struct pairs none;
	int64_t span = chunk_shapes[CHUNK_RAW].span;

	for (int64_t ts = day; ts < day + DAY; ts += span) {
		struct pairs part = pairs_between(all, ts, ts + span);

		if ((part.n > 0 || has(c, CHUNK_RAW)) &&
		    chunk_write(st, CHUNK_RAW, series, ts, &part, e) != 0)
			return -1;
	}
	note_kind(c, CHUNK_RAW);
	return has(c, CHUNK_SPARSE)
		   ? write_sparse(st, a, c, series, day, &none, e)
		   : 0;
}

/*
 * A cell that is there already stays where its samples may be gone and there
 * were more of them: what comes now is a part of what it was made from.
 */
static bool outweighs(
    const struct cell *old, const struct cells *fresh, int64_t cut)
{
	if (old->ts >= cut)
		return false;
	for (size_t i = 0; i < fresh->n; i++)
		if (fresh->items[i].ts == old->ts)
			return fresh->items[i].count < old->count;
	return true;
}

static bool is_kept(const struct cells *kept, int64_t ts)
{
	for (size_t i = 0; i < kept->n; i++)
		if (kept->items[i].ts == ts)
			return true;
	return false;
}

static int roll_up(struct store *st, struct arena *a, struct cohort *c,
    enum chunk_kind kind, int64_t series, int64_t day, const struct pairs *all,
    int64_t cut, struct err *e)
{
	int64_t start = chunk_start(kind, day);
	struct cells old = {0}, fresh = {0}, kept = {0}, in_day = {0};

	cells_of(a, all, chunk_shapes[kind].width, &fresh);
	if (has(c, kind) && chunk_read_cells(st, a, kind, series, start,
				start + chunk_shapes[kind].span, &old, e) != 0)
		return -1;
	for (size_t i = 0; i < old.n; i++) {
		const struct cell *o = &old.items[i];

		if (o->ts < day || o->ts >= day + DAY)
			cells_add(a, &kept, o);
		else if (outweighs(o, &fresh, cut))
			cells_add(a, &in_day, o);
	}
	for (size_t i = 0; i < fresh.n; i++)
		if (!is_kept(&in_day, fresh.items[i].ts))
			cells_add(a, &kept, &fresh.items[i]);
	for (size_t i = 0; i < in_day.n; i++)
		cells_add(a, &kept, &in_day.items[i]);
	cells_sort(a, &kept);
	note_kind(c, kind);
	return chunk_write_cells(st, kind, series, day, &kept, e);
}

/* Were there many samples, which are gone, so that only cells tell? */
static int had_many(struct store *st, struct arena *a, const struct cohort *c,
    int64_t series, int64_t day, int64_t cut, bool *many, struct err *e)
{
	struct cells cells = {0};

	*many = false;
	if (day >= cut)
		return 0;
	if (has(c, CHUNK_M5) && chunk_read_cells(st, a, CHUNK_M5, series, day,
				    day + DAY, &cells, e) != 0)
		return -1;
	if (has(c, CHUNK_H1) && chunk_read_cells(st, a, CHUNK_H1, series, day,
				    day + DAY, &cells, e) != 0)
		return -1;
	*many = cells.n > 0;
	return 0;
}

/* Samples that are not whole, as some are damaged, take no cell's place. */
static int write_day(struct store *st, struct arena *a, struct cohort *c,
    int64_t series, int64_t day, const struct pairs *all, bool whole,
    struct err *e)
{
	int64_t cut = INT64_MAX, sparse_cut = INT64_MAX;
	bool many;

	if (whole && (chunk_cut(st, CHUNK_RAW, &cut, e) != 0 ||
			 chunk_cut(st, CHUNK_SPARSE, &sparse_cut, e) != 0))
		return -1;
	if (had_many(st, a, c, series, day, cut, &many, e) != 0)
		return -1;
	if (!many && all->n <= SPARSE_MAX) {
		if (has(c, CHUNK_RAW) && chunk_delete(st, CHUNK_RAW, day,
					     day + DAY, series, series, e) != 0)
			return -1;
		if (write_sparse(st, a, c, series, day, all, e) != 0)
			return -1;
		return roll_up(
		    st, a, c, CHUNK_D1, series, day, all, sparse_cut, e);
	}
	if (write_dense(st, a, c, series, day, all, e) != 0 ||
	    roll_up(st, a, c, CHUNK_M5, series, day, all, cut, e) != 0 ||
	    roll_up(st, a, c, CHUNK_H1, series, day, all, cut, e) != 0)
		return -1;
	return roll_up(st, a, c, CHUNK_D1, series, day, all, cut, e);
}

int day_merge(struct store *st, struct arena *a, struct cohort *c,
    int64_t series, int64_t day, const struct pairs *add, struct err *e)
{
	struct pairs all = {0};
	size_t damage = damage_count(st);

	if (raw_read(st, a, c, series, day, day + DAY, &all, e) != 0)
		return -1;
	add_all(a, &all, add);
	pairs_tidy(a, &all);
	if (all.n == 0)
		return 0;
	all = pairs_whole(a, &all);
	return write_day(
	    st, a, c, series, day, &all, damage_count(st) == damage, e);
}
