#include "store/tablepack_private.h"

#include <string.h>

/* A cell as it was last seen: a text, or a number that has none yet. */
struct cell_known {
	const char *text;
	struct decimal number;
	bool is_number;
};

struct unpacking {
	struct arena *arena;
	struct span streams[PACK_STREAMS];
	size_t n;	    /* versions */
	struct table table; /* the current one: its columns and sizes */
	struct cell_known *known[KNOWN_MAX];
	size_t n_known;
	size_t left[ROWS_MAX], n_left;
	size_t now[ROWS_MAX], n_now; /* those of the current version */
	int64_t ts;
};

static bool begin(struct unpacking *x, struct span in)
{
	uint64_t n, sizes[PACK_STREAMS];

	if (!bytes_number(&in, &n) || n > in.n)
		return false;
	x->n = n;
	for (size_t i = 0; i < PACK_STREAMS; i++)
		if (!bytes_number(&in, &sizes[i]))
			return false;
	for (size_t i = 0; i < PACK_STREAMS; i++)
		if (!bytes_part(&in, sizes[i], &x->streams[i]))
			return false;
	return in.n == 0;
}

/* What PACK_META says of a version; `fresh`: its columns are new. */
static bool get_meta(struct unpacking *x, struct table_version *v, bool *fresh)
{
	struct span *meta = &x->streams[PACK_META];
	int64_t distance, length;
	uint64_t flag, columns = x->table.n_columns, rows, left_out;

	if (!bytes_signed(meta, &distance) || !bytes_signed(meta, &length) ||
	    __builtin_add_overflow(x->ts, distance, &v->ts) ||
	    __builtin_add_overflow(v->ts, length, &v->until) ||
	    !bytes_number(meta, &flag) || flag > 1 ||
	    (flag == 1 && !bytes_number(meta, &columns)) ||
	    !bytes_number(meta, &rows) || !bytes_number(meta, &left_out) ||
	    columns > READINGS_COLUMNS_MAX || rows > READINGS_MAX)
		return false;
	*fresh = flag == 1;
	x->ts = v->ts;
	x->table.n_columns = columns;
	x->table.n_rows = x->table.cap_rows = rows;
	x->table.left_out = left_out;
	return true;
}

bool tablepack_times(
    struct arena *a, struct span in, struct table_version **out, size_t *n)
{
	struct unpacking *x = arena_make(a, struct unpacking);
	bool fresh;

	*out = NULL;
	*n = 0;
	if (!begin(x, in))
		return false;
	*out = arena_array(a, x->n, sizeof(**out));
	for (; *n < x->n; (*n)++)
		if (!get_meta(x, &(*out)[*n], &fresh))
			return false;
	return x->streams[PACK_META].n == 0;
}

static bool get_columns(struct unpacking *x)
{
	struct span *in = &x->streams[PACK_TEXT];
	struct table *t = &x->table;

	if (t->n_columns > in->n)
		return false;
	t->columns = arena_array(x->arena, t->n_columns, sizeof(*t->columns));
	for (size_t i = 0; i < t->n_columns; i++) {
		struct column *c = &t->columns[i];

		if (!bytes_text(in, &c->name) || !bytes_text(in, &c->unit) ||
		    c->name == NULL || c->unit == NULL)
			return false;
	}
	x->n_known = x->n_left = 0;
	return true;
}

static bool get_texts(struct unpacking *x, struct cell_known *cells)
{
	for (size_t i = 0; i < x->table.n_columns; i++) {
		cells[i] = (struct cell_known){0};
		if (!bytes_text(&x->streams[PACK_TEXT], &cells[i].text))
			return false;
	}
	return true;
}

static bool add_number(struct cell_known *c, uint64_t zigzag)
{
	int64_t d = bytes_unzigzag(zigzag);

	if (!c->is_number && !decimal_parse(c->text, &c->number))
		return false;
	c->is_number = true;
	c->text = NULL;
	return !__builtin_add_overflow(c->number.n, d, &c->number.n) &&
	       c->number.n > -DECIMAL_MAX && c->number.n < DECIMAL_MAX;
}

static bool get_changes(struct unpacking *x, struct cell_known *cells)
{
	for (size_t i = 0; i < x->table.n_columns; i++) {
		struct span *in = &x->streams[PACK_CELLS + i % PACK_COLUMNS];
		uint64_t code;

		if (!bytes_number(in, &code))
			return false;
		if (code == CELL_SAME)
			continue;
		if (code >= CELL_NUMBER) {
			if (!add_number(&cells[i], code - CELL_NUMBER))
				return false;
			continue;
		}
		cells[i] = (struct cell_known){0};
		if (!bytes_text(&x->streams[PACK_TEXT], &cells[i].text))
			return false;
	}
	return true;
}

static size_t take_left(struct unpacking *x, size_t i)
{
	size_t k = x->left[i];

	x->n_left--;
	memmove(
	    &x->left[i], &x->left[i + 1], (x->n_left - i) * sizeof(x->left[0]));
	return k;
}

static bool get_known(struct unpacking *x, uint64_t code, size_t *k)
{
	uint64_t i = code >= ROW_AHEAD ? code - ROW_AHEAD + 1 : 0;

	if (code == ROW_KNOWN) {
		if (!bytes_number(&x->streams[PACK_ORDER], &i) ||
		    i >= x->n_known)
			return false;
		*k = i;
		return true;
	}
	if (i >= x->n_left)
		return false;
	*k = take_left(x, i);
	return true;
}

static bool get_new(struct unpacking *x, struct cell_known **cells)
{
	bool known = tablepack_knows(&x->table) && x->n_known < KNOWN_MAX;

	*cells = arena_array(x->arena, x->table.n_columns, sizeof(**cells));
	if (known) {
		x->now[x->n_now++] = x->n_known;
		x->known[x->n_known++] = *cells;
	}
	return get_texts(x, *cells);
}

/* The cells of the next row. */
static bool get_row(struct unpacking *x, struct cell_known **cells)
{
	uint64_t code;
	size_t k;

	for (;;) {
		if (!bytes_number(&x->streams[PACK_ORDER], &code))
			return false;
		if (code != ROW_DROP)
			break;
		if (x->n_left == 0)
			return false;
		take_left(x, 0);
	}
	if (code == ROW_NEW)
		return get_new(x, cells);
	if (!tablepack_knows(&x->table) || !get_known(x, code, &k))
		return false;
	x->now[x->n_now++] = k;
	*cells = x->known[k];
	return get_changes(x, *cells);
}

static void show(struct unpacking *x, const struct cell_known *cells, size_t i)
{
	const char **row = x->table.rows[i];

	for (size_t j = 0; j < x->table.n_columns; j++)
		row[j] = cells[j].is_number
			     ? decimal_text(x->arena, &cells[j].number)
			     : cells[j].text;
}

static void make_rows(struct unpacking *x)
{
	struct table *t = &x->table;
	const char **cells =
	    arena_array(x->arena, t->n_rows * t->n_columns, sizeof(*cells));

	t->rows = arena_array(x->arena, t->n_rows, sizeof(*t->rows));
	for (size_t i = 0; i < t->n_rows; i++)
		t->rows[i] = cells + i * t->n_columns;
}

static bool get_version(struct unpacking *x, bool wanted)
{
	struct cell_known *cells;
	struct table_version v;
	bool fresh;

	if (!get_meta(x, &v, &fresh) || (fresh && !get_columns(x)) ||
	    x->table.n_rows > x->streams[PACK_ORDER].n)
		return false;
	if (wanted)
		make_rows(x);
	x->n_now = 0;
	for (size_t i = 0; i < x->table.n_rows; i++) {
		if (!get_row(x, &cells))
			return false;
		if (wanted)
			show(x, cells, i);
	}
	memcpy(x->left, x->now, x->n_now * sizeof(x->now[0]));
	x->n_left = x->n_now;
	return true;
}

struct table *tablepack_get(struct arena *a, struct span in, size_t i)
{
	struct unpacking *x = arena_make(a, struct unpacking);

	x->arena = a;
	x->table.name = "";
	if (!begin(x, in) || i >= x->n)
		return NULL;
	for (size_t j = 0; j <= i; j++)
		if (!get_version(x, j == i))
			return NULL;
	return &x->table;
}
