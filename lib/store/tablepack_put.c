#include "store/tablepack_private.h"

#include <string.h>

#include "base/names.h"

/* A row as it was last seen; those of the same first cell are a chain. */
struct known {
	const char **cells;
	size_t same; /* number + 1 of the one before with that cell */
	size_t seen; /* number + 1 of the version it was last in */
};

struct packing {
	struct arena *arena;
	struct buf streams[PACK_STREAMS];
	struct known known[KNOWN_MAX];
	size_t n_known;
	struct names keys;     /* first cell → the newest in its chain */
	size_t left[ROWS_MAX]; /* of the version before, in its order */
	size_t n_left;
	size_t match[ROWS_MAX]; /* number + 1; 0: none */
	const struct table *last;
	int64_t ts;
	size_t version; /* number + 1 */
};

static bool same_columns(const struct table *a, const struct table *b)
{
	if (a == NULL || a->n_columns != b->n_columns)
		return false;
	for (size_t i = 0; i < a->n_columns; i++)
		if (!str_eq(a->columns[i].name, b->columns[i].name) ||
		    !str_eq(a->columns[i].unit, b->columns[i].unit))
			return false;
	return true;
}

static void put_head(struct packing *x, const struct table_version *v)
{
	struct buf *meta = &x->streams[PACK_META];
	const struct table *t = v->table;
	bool same = same_columns(x->last, t);

	bytes_put_signed(meta, v->ts - x->ts);
	bytes_put_signed(meta, v->until - v->ts);
	bytes_put_number(meta, !same);
	if (!same) {
		bytes_put_number(meta, t->n_columns);
		for (size_t i = 0; i < t->n_columns; i++) {
			bytes_put_text(
			    &x->streams[PACK_TEXT], t->columns[i].name);
			bytes_put_text(
			    &x->streams[PACK_TEXT], t->columns[i].unit);
		}
		x->n_known = x->n_left = 0;
		x->keys = (struct names){0};
	}
	bytes_put_number(meta, t->n_rows);
	bytes_put_number(meta, t->left_out);
	x->ts = v->ts;
}

static const char *key_of(const char **row)
{
	return row[0] == NULL ? "" : row[0];
}

/* Names keep their first number, so the chain begins there. */
static size_t find_known(const struct packing *x, const char **row)
{
	size_t k;

	if (!names_find(&x->keys, key_of(row), &k))
		return 0;
	for (; k != 0; k = x->known[k - 1].same)
		if (x->known[k - 1].seen != x->version)
			return k;
	return 0;
}

static void match_rows(struct packing *x, const struct table *t)
{
	for (size_t i = 0; i < t->n_rows; i++) {
		x->match[i] = find_known(x, t->rows[i]);
		if (x->match[i] != 0)
			x->known[x->match[i] - 1].seen = x->version;
	}
}

static void put_cells(
    struct packing *x, const struct table *t, const char **row)
{
	bytes_put_number(&x->streams[PACK_ORDER], ROW_NEW);
	for (size_t i = 0; i < t->n_columns; i++)
		bytes_put_text(&x->streams[PACK_TEXT], row[i]);
}

/* Its number + 1; 0 if there are too many to know it again. */
static size_t make_known(struct packing *x, const char **row)
{
	size_t first;

	if (x->n_known == KNOWN_MAX)
		return 0;
	x->known[x->n_known++] = (struct known){row, 0, x->version};
	if (!names_add(x->arena, &x->keys, key_of(row), x->n_known) &&
	    names_find(&x->keys, key_of(row), &first)) {
		x->known[x->n_known - 1].same = x->known[first - 1].same;
		x->known[first - 1].same = x->n_known;
	}
	return x->n_known;
}

static void put_cell(
    struct packing *x, size_t column, const char *before, const char *now)
{
	struct buf *b = &x->streams[PACK_CELLS + column % PACK_COLUMNS];
	struct decimal p, q;

	if (str_eq(before, now)) {
		bytes_put_number(b, CELL_SAME);
	} else if (decimal_parse(before, &p) && decimal_parse(now, &q) &&
		   p.digits == q.digits) {
		int64_t d = q.n - p.n;

		bytes_put_number(b, CELL_NUMBER + bytes_zigzag(d));
	} else {
		bytes_put_number(b, CELL_TEXT);
		bytes_put_text(&x->streams[PACK_TEXT], now);
	}
}

static void take_left(struct packing *x, size_t i)
{
	x->n_left--;
	memmove(
	    &x->left[i], &x->left[i + 1], (x->n_left - i) * sizeof(x->left[0]));
}

static void put_place(struct packing *x, size_t k)
{
	struct buf *b = &x->streams[PACK_ORDER];
	size_t i = 0;

	while (x->n_left > 0 && x->known[x->left[0] - 1].seen != x->version) {
		bytes_put_number(b, ROW_DROP);
		take_left(x, 0);
	}
	while (i < x->n_left && x->left[i] != k)
		i++;
	if (i == x->n_left) {
		bytes_put_number(b, ROW_KNOWN);
		bytes_put_number(b, k - 1);
		return;
	}
	bytes_put_number(b, i == 0 ? ROW_NEXT : ROW_AHEAD + i - 1);
	take_left(x, i);
}

static void put_row(struct packing *x, const struct table *t, size_t i)
{
	struct known *k;

	if (x->match[i] == 0) {
		put_cells(x, t, t->rows[i]);
		x->match[i] = make_known(x, t->rows[i]);
		return;
	}
	put_place(x, x->match[i]);
	k = &x->known[x->match[i] - 1];
	for (size_t j = 0; j < t->n_columns; j++)
		put_cell(x, j, k->cells[j], t->rows[i][j]);
	k->cells = t->rows[i];
}

static void put_rows(struct packing *x, const struct table *t)
{
	if (!tablepack_knows(t)) {
		for (size_t i = 0; i < t->n_rows; i++)
			put_cells(x, t, t->rows[i]);
		x->n_left = 0;
		return;
	}
	match_rows(x, t);
	for (size_t i = 0; i < t->n_rows; i++)
		put_row(x, t, i);
	x->n_left = 0;
	for (size_t i = 0; i < t->n_rows; i++)
		if (x->match[i] != 0)
			x->left[x->n_left++] = x->match[i];
}

static void put_streams(struct packing *x, struct buf *out, size_t n)
{
	bytes_put_number(out, n);
	for (size_t i = 0; i < PACK_STREAMS; i++)
		bytes_put_number(out, x->streams[i].len);
	for (size_t i = 0; i < PACK_STREAMS; i++) {
		buf_add(out, x->streams[i].data, x->streams[i].len);
		out->failed |= x->streams[i].failed;
		buf_free(&x->streams[i]);
	}
}

void tablepack_put(struct buf *out, const struct table_version *v, size_t n)
{
	struct arena *a = arena_new();
	struct packing *x = arena_make(a, struct packing);

	x->arena = a;
	for (size_t i = 0; i < PACK_STREAMS; i++)
		buf_init(&x->streams[i], out->max);
	for (size_t i = 0; i < n; i++) {
		x->version = i + 1;
		put_head(x, &v[i]);
		put_rows(x, v[i].table);
		x->last = v[i].table;
	}
	put_streams(x, out, n);
	arena_free(a);
}
