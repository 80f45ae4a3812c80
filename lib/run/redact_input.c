#include "run/redact_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* While one panel is masked. */
struct work {
	struct redact *r;
	struct arena *arena;
};

static const char *text(struct work *w, const char *s)
{
	return redact_text(w->r, w->arena, s);
}

/* A number stays, unless it is just what a pattern names. */
static const char *number(struct work *w, const char *s)
{
	return mask_is_match(w->r->mask, s) ? text(w, s) : s;
}

/* Names that say of numbers that they are places. */
static bool is_place(const struct work *w, const char *name)
{
	static const char *const names[] = {
	    "lat", "lon", "lng", "latitude", "longitude", "position"};

	for (size_t i = 0; w->r->profile->places && i < 6; i++)
		if (strcasecmp(name, names[i]) == 0)
			return true;
	return false;
}

static int by_name(const void *x, const void *y)
{
	return strcmp(
	    ((const struct series *)x)->name, ((const struct series *)y)->name);
}

/* source/metric: as names of both are masked where they stand alone. */
static void mask_series(struct work *w, struct series *s)
{
	size_t n;

	s->name = text(w, s->name);
	n = strcspn(s->name, "/");
	s->source = arena_strndup(w->arena, s->name, n);
	s->metric = s->name + n + (s->name[n] == '/');
	s->unit = text(w, s->unit);
}

/* Those of a query keep their order, which is that of its columns. */
static const struct series *all_series(
    struct work *w, const struct series *from, size_t n, bool sorted)
{
	struct series *s = arena_copy(w->arena, from, n * sizeof(*s));

	for (size_t i = 0; i < n; i++)
		mask_series(w, &s[i]);
	if (sorted && n > 1)
		qsort(s, n, sizeof(*s), by_name);
	return s;
}

static void mask_cell(struct work *w, const char *column, struct answer_cell *c)
{
	const char *old = c->text;

	if (is_place(w, column))
		*c = (struct answer_cell){ANSWER_NULL, NAN, NULL};
	else if (c->type == ANSWER_TEXT)
		c->text = text(w, old);
	else if (c->type == ANSWER_NUMBER && !str_eq(column, "ts") &&
		 (c->text = number(w, old)) != old)
		*c = (struct answer_cell){ANSWER_TEXT, NAN, c->text};
}

static const struct answer *mask_answer(
    struct work *w, const struct answer *from)
{
	struct answer *x = arena_copy(w->arena, from, sizeof(*x));

	x->columns = arena_array(w->arena, x->n_columns, sizeof(*x->columns));
	for (size_t i = 0; i < x->n_columns; i++)
		x->columns[i] = text(w, from->columns[i]);
	x->rows = arena_array(w->arena, x->n_rows, sizeof(*x->rows));
	for (size_t r = 0; r < x->n_rows; r++) {
		x->rows[r] = arena_copy(
		    w->arena, from->rows[r], x->n_columns * sizeof(**x->rows));
		for (size_t i = 0; i < x->n_columns; i++)
			mask_cell(w, from->columns[i], &x->rows[r][i]);
	}
	return x;
}

static const char *mask_field(
    struct work *w, const char *name, const char *value, bool is_number)
{
	if (is_place(w, name))
		return NULL;
	return is_number ? number(w, value) : text(w, value);
}

static const struct table *mask_table(struct work *w, const struct table *from)
{
	struct table *t = arena_copy(w->arena, from, sizeof(*t));

	t->name = text(w, t->name);
	t->columns = arena_array(w->arena, t->n_columns, sizeof(*t->columns));
	for (size_t i = 0; i < t->n_columns; i++)
		t->columns[i] = (struct column){
		    text(w, from->columns[i].name), from->columns[i].unit};
	t->rows = arena_array(w->arena, t->n_rows, sizeof(*t->rows));
	for (size_t r = 0; r < t->n_rows; r++) {
		t->rows[r] =
		    arena_array(w->arena, t->n_columns, sizeof(**t->rows));
		for (size_t i = 0; i < t->n_columns; i++) {
			const struct column *c = &from->columns[i];

			t->rows[r][i] = mask_field(
			    w, c->name, from->rows[r][i], c->unit[0] != '\0');
		}
	}
	return t;
}

static const struct found_table *mask_tables(
    struct work *w, const struct found_table *from, size_t n)
{
	struct found_table *t = arena_copy(w->arena, from, n * sizeof(*t));

	for (size_t i = 0; i < n; i++) {
		t[i].source = text(w, t[i].source);
		t[i].table = mask_table(w, t[i].table);
	}
	return t;
}

static void mask_version(struct work *w, struct version *v)
{
	struct field *f = arena_copy(w->arena, v->fields, v->n * sizeof(*f));

	v->key = text(w, v->key);
	for (size_t i = 0; i < v->n; i++) {
		f[i].value = mask_field(w, f[i].name, f[i].value, f[i].number);
		f[i].name = text(w, f[i].name);
	}
	v->fields = f;
}

static const struct records *mask_records(
    struct work *w, const struct records *from)
{
	struct records *all = arena_copy(w->arena, from, sizeof(*all));

	all->versions = arena_copy(
	    w->arena, from->versions, all->n * sizeof(*all->versions));
	for (size_t i = 0; i < all->n; i++)
		mask_version(w, &all->versions[i]);
	return all;
}

void redact_lines(
    struct redact *r, const struct log_line **lines, size_t n, struct arena *a)
{
	struct log_line *l = arena_copy(a, *lines, n * sizeof(*l));

	for (size_t i = 0; i < n; i++) {
		l[i].source = redact_text(r, a, l[i].source);
		l[i].text = redact_text(r, a, l[i].text);
	}
	*lines = l;
}

void redact_spells(
    struct redact *r, const struct spell **spells, size_t n, struct arena *a)
{
	struct spell *s = arena_copy(a, *spells, n * sizeof(*s));

	for (size_t i = 0; i < n; i++) {
		s[i].source = redact_text(r, a, s[i].source);
		s[i].message = redact_text(r, a, s[i].message);
	}
	*spells = s;
}

void redact_status(struct redact *r, const struct source_status **status,
    size_t n, struct arena *a)
{
	struct source_status *s = arena_copy(a, *status, n * sizeof(*s));

	for (size_t i = 0; i < n; i++) {
		s[i].name = redact_text(r, a, s[i].name);
		s[i].message = redact_text(r, a, s[i].message);
		s[i].hint = redact_text(r, a, s[i].hint);
	}
	*status = s;
}

void redact_alerts(
    struct redact *r, const struct alert **alerts, size_t n, struct arena *a)
{
	struct alert *x = arena_copy(a, *alerts, n * sizeof(*x));

	for (size_t i = 0; i < n; i++) {
		x[i].rule = redact_text(r, a, x[i].rule);
		x[i].series = redact_text(r, a, x[i].series);
		x[i].source = redact_text(r, a, x[i].source);
		x[i].unit = redact_text(r, a, x[i].unit);
		x[i].message = redact_text(r, a, x[i].message);
		x[i].why = redact_text(r, a, x[i].why);
		x[i].note = redact_text(r, a, x[i].note);
	}
	if (n > 1)
		qsort(x, n, sizeof(*x), alert_by_series);
	*alerts = x;
}

static const struct map_tile *mask_tiles(
    struct work *w, const struct map_tile *from, size_t n)
{
	struct map_tile *t = arena_copy(w->arena, from, n * sizeof(*t));

	for (size_t i = 0; i < n; i++)
		t[i].url = text(w, t[i].url);
	return t;
}

static const struct panel_anchor *mask_anchors(
    struct work *w, const struct panel_anchor *from, size_t n)
{
	struct panel_anchor *x = arena_copy(w->arena, from, n * sizeof(*x));

	for (size_t i = 0; i < n; i++)
		x[i].source = text(w, x[i].source);
	return x;
}

static void mask_stored(struct work *w, struct panel_input *in)
{
	bool sorted = in->answer == NULL;

	in->series = all_series(w, in->series, in->n_series, sorted);
	for (size_t i = 0; i < PANEL_MOMENTS; i++)
		in->then[i] = all_series(w, in->then[i], in->n_then[i], sorted);
	if (in->answer != NULL)
		in->answer = mask_answer(w, in->answer);
	if (in->table != NULL)
		in->table = mask_table(w, in->table);
	in->tables = mask_tables(w, in->tables, in->n_tables);
	if (in->records != NULL)
		in->records = mask_records(w, in->records);
	in->tiles = mask_tiles(w, in->tiles, in->n_tiles);
	in->anchors = mask_anchors(w, in->anchors, in->n_anchors);
	redact_lines(w->r, &in->lines, in->n_lines, w->arena);
	redact_spells(w->r, &in->spells, in->n_spells, w->arena);
	redact_status(w->r, &in->status, in->n_status, w->arena);
	redact_alerts(w->r, &in->alerts, in->n_alerts, w->arena);
	in->n_recipients = 0;
}

/* The names in the user's own outline; what is not text has none. */
static void mask_file(struct work *w, struct panel_input *in)
{
	if (in->file.n == 0 || memchr(in->file.p, '\0', in->file.n) != NULL)
		return;
	in->file.p = text(w, arena_strndup(w->arena, in->file.p, in->file.n));
	in->file.n = strlen(in->file.p);
}

bool redact_input(struct redact *r, const struct plan_panel *p,
    struct panel_input *in, struct block *b, struct arena *a)
{
	struct work w = {r, a};

	if (r->profile->places && (p->kind->needs & NEEDS_OUTLINES) != 0) {
		b->state = PANEL_EMPTY;
		b->message = "places are not shown in this snapshot";
		return false;
	}
	redact_conf(r, p, in, a);
	b->title = in->title = text(&w, in->title);
	in->choice = text(&w, in->choice);
	mask_stored(&w, in);
	mask_file(&w, in);
	return true;
}
