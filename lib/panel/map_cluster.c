/* Points that are too many to be told apart. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chart/unit.h"
#include "panel/map.h"

#define CROWD	 150  /* points that a map shows one by one */
#define CELL	 44.0 /* pixels; a cluster has one for itself */
#define CELL_MIN 4    /* points that are worth a cluster */
#define RADIUS	 14.0
#define NAMED	 4 /* states in a cluster's words */

struct seen {
	const struct map_point *point;
	struct xy at;
	int64_t cell;
};

/* By cell; within it those on top last: listed ones, of the first state. */
static int by_cell(const void *a, const void *b)
{
	const struct seen *x = a, *y = b;

	if (x->cell != y->cell)
		return x->cell < y->cell ? -1 : 1;
	if (x->point->gone != y->point->gone)
		return x->point->gone ? -1 : 1;
	if (x->point->state != y->point->state)
		return x->point->state > y->point->state ? -1 : 1;
	return x->point < y->point ? -1 : x->point > y->point;
}

static bool within(const struct frame *f, struct xy p)
{
	return p.x >= f->x0 && p.x <= f->x1 && p.y >= f->y0 && p.y <= f->y1;
}

static struct seen *see(
    const struct map *m, const struct geo_view *v, size_t *n, size_t *outside)
{
	struct seen *seen = arena_array(m->arena, m->n_points, sizeof(*seen));

	*n = *outside = 0;
	for (size_t i = 0; i < m->n_points; i++) {
		struct xy at = geo_place(v, m->points[i].at);

		if (within(&v->frame, at))
			seen[(*n)++] = (struct seen){&m->points[i], at, 0};
		else
			++*outside;
	}
	return seen;
}

static void set_cells(struct seen *seen, size_t n, const struct frame *f)
{
	for (size_t i = 0; i < n; i++) {
		int64_t column = (int64_t)((seen[i].at.x - f->x0) / CELL);
		int64_t row = (int64_t)((seen[i].at.y - f->y0) / CELL);

		seen[i].cell = row * 100000 + column;
	}
}

/* "38 here: 30 moving, 8 stopped" */
static const char *cluster_words(
    const struct map *m, const struct seen *seen, size_t n)
{
	const char *words =
	    arena_printf(m->arena, "%s here", unit_whole(m->arena, (double)n));
	size_t named = 0;

	for (size_t s = 0; s < m->n_states && named < NAMED; s++) {
		size_t count = 0;

		for (size_t i = 0; i < n; i++)
			count += seen[i].point->state == s;
		if (count == 0 || m->states[s].name[0] == '\0')
			continue;
		words = arena_printf(m->arena, "%s%s %zu %s", words,
		    named++ == 0 ? ":" : ",", count, m->states[s].name);
	}
	return words;
}

/* Where they are on average, but in its cell, so that none covers another. */
static struct xy cluster_place(
    const struct seen *seen, size_t n, const struct frame *f)
{
	int64_t row = seen->cell / 100000, column = seen->cell % 100000;
	double left = f->x0 + (double)column * CELL;
	double top = f->y0 + (double)row * CELL;
	struct xy at = {0, 0};

	for (size_t i = 0; i < n; i++) {
		at.x += seen[i].at.x / (double)n;
		at.y += seen[i].at.y / (double)n;
	}
	at.x = fmax(left + RADIUS, fmin(at.x, left + CELL - RADIUS));
	at.y = fmax(top + RADIUS, fmin(at.y, top + CELL - RADIUS));
	return at;
}

static struct map_spot alone(const struct map *m, const struct seen *s)
{
	return (struct map_spot){
	    s->at, s->point, 1, map_point_words(m, s->point)};
}

static size_t gather(const struct map *m, const struct seen *seen, size_t n,
    const struct frame *f, struct map_spot *spots)
{
	if (n >= CELL_MIN) {
		spots[0] = (struct map_spot){cluster_place(seen, n, f), NULL, n,
		    cluster_words(m, seen, n)};
		return 1;
	}
	for (size_t i = 0; i < n; i++)
		spots[i] = alone(m, &seen[i]);
	return n;
}

struct map_spot *map_spots(const struct map *m, const struct geo_view *v,
    size_t *n_spots, size_t *outside)
{
	size_t n, end;
	struct seen *seen = see(m, v, &n, outside);
	struct map_spot *spots = arena_array(m->arena, n, sizeof(*spots));

	if (n > CROWD)
		set_cells(seen, n, &v->frame);
	if (n > 1)
		qsort(seen, n, sizeof(*seen), by_cell);
	*n_spots = 0;
	for (size_t i = 0; i < n; i = end) {
		for (end = i + 1;
		     end < n && seen[end].cell == seen[i].cell && n > CROWD;)
			end++;
		*n_spots +=
		    gather(m, seen + i, end - i, &v->frame, spots + *n_spots);
	}
	return spots;
}
