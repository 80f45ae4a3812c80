#include "chart/clip.h"

#include <math.h>
#include <stdbool.h>

/* How far outside of the i-th edge of the frame; negative is inside. */
static double outside(const struct frame *f, const struct xy *p, int edge)
{
	switch (edge) {
	case 0:
		return f->x0 - p->x;
	case 1:
		return p->x - f->x1;
	case 2:
		return f->y0 - p->y;
	default:
		return p->y - f->y1;
	}
}

static struct xy between(
    const struct xy *a, const struct xy *b, double from_a, double from_b)
{
	double t = from_a / (from_a - from_b);

	return (struct xy){a->x + t * (b->x - a->x), a->y + t * (b->y - a->y)};
}

/* Against one edge; `to` has room for twice as many. */
static size_t cut(const struct frame *f, int edge, const struct xy *from,
    size_t n, struct xy *to)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		const struct xy *a = &from[i == 0 ? n - 1 : i - 1];
		const struct xy *b = &from[i];
		double da = outside(f, a, edge), db = outside(f, b, edge);

		if ((da > 0) != (db > 0))
			to[kept++] = between(a, b, da, db);
		if (db <= 0)
			to[kept++] = *b;
	}
	return kept;
}

static double off_line(
    const struct xy *p, const struct xy *a, const struct xy *b)
{
	double dx = b->x - a->x, dy = b->y - a->y, t;
	double length = dx * dx + dy * dy;

	if (length == 0)
		return hypot(p->x - a->x, p->y - a->y);
	t = ((p->x - a->x) * dx + (p->y - a->y) * dy) / length;
	t = fmax(0, fmin(1, t));
	return hypot(p->x - a->x - t * dx, p->y - a->y - t * dy);
}

static size_t farthest(
    const struct xy *p, size_t first, size_t last, double tolerance)
{
	double most = tolerance;
	size_t at = 0;

	for (size_t i = first + 1; i < last; i++) {
		double d = off_line(&p[i], &p[first], &p[last]);

		if (d > most) {
			most = d;
			at = i;
		}
	}
	return at;
}

/* Near neighbours go first: what is left is few enough for the rest. */
static size_t thin(struct xy *p, size_t n, double tolerance)
{
	size_t kept = 1;

	for (size_t i = 1; i < n; i++)
		if (i + 1 == n || fabs(p[i].x - p[kept - 1].x) > tolerance ||
		    fabs(p[i].y - p[kept - 1].y) > tolerance)
			p[kept++] = p[i];
	return kept;
}

/* Ranges that are still to be looked at are on a stack, the left one on top. */
size_t simplify(struct arena *a, struct xy *p, size_t n, double tolerance)
{
	size_t *stack, depth = 0, first = 0, kept = 1;

	if (n < 3 || tolerance <= 0)
		return n;
	n = thin(p, n, tolerance);
	stack = arena_array(a, n, sizeof(*stack));
	stack[depth++] = n - 1;
	while (depth > 0) {
		size_t last = stack[depth - 1];
		size_t at = farthest(p, first, last, tolerance);

		if (at != 0) {
			stack[depth++] = at;
			continue;
		}
		/* p[first] is still as it was: kept <= first + 1 <= last */
		p[kept++] = p[last];
		first = last;
		depth--;
	}
	return kept;
}

static void append(struct path *to, const struct xy *p, size_t n)
{
	static const struct xy lift = {NAN, NAN};

	if (to->n > 0)
		*arena_push(to->arena, &to->points, &to->n, &to->cap) = lift;
	for (size_t i = 0; i < n; i++)
		*arena_push(to->arena, &to->points, &to->n, &to->cap) = p[i];
}

static bool is_speck(const struct xy *p, size_t n, double least)
{
	struct frame f = {p[0].x, p[0].y, p[0].x, p[0].y};

	for (size_t i = 1; i < n; i++) {
		f.x0 = fmin(f.x0, p[i].x);
		f.y0 = fmin(f.y0, p[i].y);
		f.x1 = fmax(f.x1, p[i].x);
		f.y1 = fmax(f.y1, p[i].y);
	}
	return f.x1 - f.x0 < least && f.y1 - f.y0 < least;
}

void clip_ring(struct path *to, const struct xy *ring, size_t n,
    const struct frame *f, double tolerance)
{
	/* each edge at most doubles what there is, and adds one */
	struct arena *scratch = arena_new();
	struct xy *from = arena_copy(scratch, ring, n * sizeof(*ring));

	for (int edge = 0; edge < 4 && n > 0; edge++) {
		struct xy *next = arena_array(scratch, 2 * n, sizeof(*next));

		n = cut(f, edge, from, n, next);
		from = next;
	}
	if (n >= 3 && !is_speck(from, n, fmax(tolerance, 0.1))) {
		n = simplify(scratch, from, n, tolerance);
		if (n >= 3)
			append(to, from, n);
	}
	arena_free(scratch);
}

/* The part of a segment that is inside, as t0..t1 of its length. */
static bool inside(const struct frame *f, const struct xy *a,
    const struct xy *b, double *t0, double *t1)
{
	*t0 = 0;
	*t1 = 1;
	for (int edge = 0; edge < 4; edge++) {
		double da = outside(f, a, edge), db = outside(f, b, edge);

		if (da > 0 && db > 0)
			return false;
		if (da > 0)
			*t0 = fmax(*t0, da / (da - db));
		else if (db > 0)
			*t1 = fmin(*t1, da / (da - db));
	}
	return *t0 <= *t1;
}

static struct xy along(const struct xy *a, const struct xy *b, double t)
{
	return (struct xy){a->x + t * (b->x - a->x), a->y + t * (b->y - a->y)};
}

void clip_line(struct path *to, const struct xy *line, size_t n,
    const struct frame *f, double tolerance)
{
	struct arena *scratch = arena_new();
	struct xy *run = arena_array(scratch, n + 1, sizeof(*run));
	size_t len = 0;

	for (size_t i = 1; i < n; i++) {
		const struct xy *a = &line[i - 1], *b = &line[i];
		double t0, t1;
		bool in = inside(f, a, b, &t0, &t1);

		if (in && len == 0)
			run[len++] = along(a, b, t0);
		if (in)
			run[len++] = along(a, b, t1);
		if ((!in || t1 < 1 || i + 1 == n) && len > 0) {
			len = simplify(scratch, run, len, tolerance);
			append(to, run, len);
			len = 0;
		}
	}
	arena_free(scratch);
}
