/*
 * Rows are told apart by the first column, if no two of them have the same
 * there; or by the first columns of text, as few as will do. If all of these
 * won't do, rows that look the same are counted.
 */
#include "diff/diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/names.h"

/* A column that changed in more than half of so many rows is one change. */
#define MANY_LEAST 20

#define KEY_MAX	 8		    /* columns */
#define TEXT_MAX (4u * 1024 * 1024) /* of a row */
#define NONE	 SIZE_MAX

struct pair {
	struct arena *arena;
	const struct gist_table *a, *b;
	struct diff_table *out;
	size_t *there;	 /* the column of A that is called like B's; or NONE */
	size_t begin, n; /* columns of B that are the key */
	struct names rows; /* of A, by key */
	struct buf text;
};

static const char *cell(const char **row, size_t column)
{
	return column == NONE || row[column] == NULL ? "" : row[column];
}

/* What ends each cell is in none: it is a control character. */
static const char *key_of(struct pair *p, const char **row, bool of_a)
{
	buf_reset(&p->text);
	for (size_t i = p->begin; i < p->begin + p->n; i++) {
		buf_str(&p->text, cell(row, of_a ? p->there[i] : i));
		buf_char(&p->text, '\x1f');
	}
	return arena_strdup(p->arena, buf_text(&p->text));
}

static bool told_apart(struct pair *p, const struct gist_table *t, bool of_a)
{
	struct names seen = {0};

	for (size_t i = 0; i < t->n_rows; i++)
		if (!names_add(p->arena, &seen, key_of(p, t->rows[i], of_a), i))
			return false;
	p->rows = seen;
	return true;
}

static bool choose_key(struct pair *p)
{
	size_t columns = p->b->columns.n;

	for (p->n = 1; p->n <= KEY_MAX && p->begin + p->n <= columns; p->n++) {
		if (told_apart(p, p->b, false) && told_apart(p, p->a, true))
			return true;
		if (p->n == 1 && p->begin == 0 && p->b->first_number &&
		    columns > 1) {
			p->begin = 1;
			p->n = 0;
		}
	}
	p->n = columns - p->begin;
	return false;
}

static struct diff_row *add_row(struct pair *p, enum diff_change change)
{
	struct diff_row *r = arena_push(
	    p->arena, &p->out->rows, &p->out->n_rows, &p->out->cap_rows);

	r->change = change;
	return r;
}

/* "nginx, www": of columns of text, and of the key if it is a number. */
static const char *words(
    struct pair *p, const char **row, bool of_a, size_t end)
{
	buf_reset(&p->text);
	for (size_t i = p->begin; i < end; i++) {
		const char *one = cell(row, of_a ? p->there[i] : i);

		if (one[0] != '\0' && p->text.len > 0)
			buf_str(&p->text, ", ");
		buf_str(&p->text, one);
	}
	return arena_strdup(p->arena, buf_text(&p->text));
}

static const char *row_words(struct pair *p, const char **row, bool of_a)
{
	return words(p, row, of_a, p->b->columns.n);
}

/* Of the rows that are on both sides, by B's: the row of A; or NONE. */
static size_t *match(struct pair *p, size_t *matched)
{
	size_t *at = arena_array(p->arena, p->b->n_rows, sizeof(*at));
	bool *found = arena_array(p->arena, p->a->n_rows, sizeof(*found));

	*matched = 0;
	for (size_t i = 0; i < p->b->n_rows; i++) {
		const char **row = p->b->rows[i];

		if (names_find(&p->rows, key_of(p, row, false), &at[i])) {
			found[at[i]] = true;
			++*matched;
		} else {
			at[i] = NONE;
			add_row(p, DIFF_CAME)->key = row_words(p, row, false);
		}
	}
	for (size_t i = 0; i < p->a->n_rows; i++)
		if (!found[i])
			add_row(p, DIFF_WENT)->key =
			    row_words(p, p->a->rows[i], true);
	return at;
}

static void compare_column(
    struct pair *p, size_t column, const size_t *at, size_t matched)
{
	size_t first = p->out->n_rows;

	for (size_t i = 0; i < p->b->n_rows; i++) {
		const char **row = p->b->rows[i], *before, *after;
		struct diff_row *r;

		if (at[i] == NONE)
			continue;
		before = cell(p->a->rows[at[i]], p->there[column]);
		after = cell(row, column);
		if (strcmp(before, after) == 0)
			continue;
		r = add_row(p, DIFF_CHANGED);
		r->key = words(p, row, false, p->begin + p->n);
		r->column = p->b->columns.items[column];
		r->before = before;
		r->after = after;
	}
	if (matched < MANY_LEAST || p->out->n_rows - first <= matched / 2)
		return;
	p->out->rows[first] = (struct diff_row){
	    .change = DIFF_MANY,
	    .key = "",
	    .column = p->b->columns.items[column],
	    .n_before = p->out->n_rows - first,
	    .n_after = matched,
	};
	p->out->n_rows = first + 1;
}

static bool is_key(const struct pair *p, size_t column)
{
	return column >= p->begin && column < p->begin + p->n;
}

static void compare_rows(struct pair *p)
{
	size_t matched;
	const size_t *at = match(p, &matched);

	for (size_t i = p->b->first_number ? 1 : 0; i < p->b->columns.n; i++)
		if (!is_key(p, i) && p->there[i] != NONE)
			compare_column(p, i, at, matched);
}

struct count {
	const char *words;
	size_t before, after;
};

struct counts {
	struct names known;
	struct count *items;
	size_t n, cap;
};

static void count_rows(
    struct pair *p, const struct gist_table *t, bool of_a, struct counts *all)
{
	for (size_t i = 0; i < t->n_rows; i++) {
		const char *key = key_of(p, t->rows[i], of_a);
		size_t at = all->n;

		if (names_add(p->arena, &all->known, key, at))
			arena_push(p->arena, &all->items, &all->n, &all->cap)
			    ->words = row_words(p, t->rows[i], of_a);
		else
			(void)names_find(&all->known, key, &at);
		if (of_a)
			all->items[at].before++;
		else
			all->items[at].after++;
	}
}

static void compare_counts(struct pair *p)
{
	struct counts all = {0};

	count_rows(p, p->b, false, &all);
	count_rows(p, p->a, true, &all);
	for (size_t i = 0; i < all.n; i++) {
		const struct count *c = &all.items[i];
		struct diff_row *r;

		if (c->before == c->after)
			continue;
		r = add_row(p, c->before == 0  ? DIFF_CAME
			       : c->after == 0 ? DIFF_WENT
					       : DIFF_NUMBER);
		r->key = c->words;
		r->n_before = c->before;
		r->n_after = c->after;
	}
}

/* Where several are called the same, the one at the same place. */
static size_t column_of(const struct pair *p, size_t i)
{
	const struct strings *there = &p->a->columns;
	const char *name = p->b->columns.items[i];

	if (i < there->n && str_eq(there->items[i], name))
		return i;
	for (size_t k = 0; k < there->n; k++)
		if (str_eq(there->items[k], name))
			return k;
	return NONE;
}

static void compare(struct pair *p)
{
	size_t n = p->b->columns.n;

	p->there = arena_array(p->arena, n, sizeof(*p->there));
	for (size_t i = 0; i < n; i++)
		p->there[i] = column_of(p, i);
	buf_init(&p->text, TEXT_MAX);
	if (choose_key(p))
		compare_rows(p);
	else
		compare_counts(p);
	buf_free(&p->text);
}

static int by_change(const void *x, const void *y)
{
	const struct diff_row *a = x, *b = y;
	int by = strcmp(a->key, b->key);

	if (a->change != b->change)
		return a->change < b->change ? -1 : 1;
	if (by != 0 || a->column == NULL || b->column == NULL)
		return by;
	return strcmp(a->column, b->column);
}

static const struct gist_table *find(
    const struct gist *f, const struct gist_table *t)
{
	for (size_t i = 0; i < f->n_tables; i++)
		if (gist_same_table(&f->tables[i], t))
			return &f->tables[i];
	return NULL;
}

static void add(struct arena *arena, struct diff *d, struct diff_table t)
{
	*arena_push(arena, &d->tables, &d->n_tables, &d->cap_tables) = t;
	d->differs = true;
}

void diff_all_tables(struct arena *arena, struct diff *d)
{
	for (size_t i = 0; i < d->b->n_tables; i++) {
		const struct gist_table *b = &d->b->tables[i];
		const struct gist_table *a = find(d->a, b);
		struct diff_table out = {.change = DIFF_CHANGED, .table = b};
		struct pair p = {.arena = arena, .a = a, .b = b, .out = &out};

		if (a == NULL) {
			out.change = DIFF_APPEARED;
			add(arena, d, out);
			continue;
		}
		compare(&p);
		out.cut = a->left_out + b->left_out > 0;
		if (out.n_rows > 1)
			qsort(
			    out.rows, out.n_rows, sizeof(*out.rows), by_change);
		if (out.n_rows > 0)
			add(arena, d, out);
	}
	for (size_t i = 0; i < d->a->n_tables; i++)
		if (find(d->b, &d->a->tables[i]) == NULL)
			add(arena, d,
			    (struct diff_table){.change = DIFF_WENT,
				.table = &d->a->tables[i]});
}
