#include "store/pairs.h"

#include <math.h>
#include <string.h>

void pairs_add(struct arena *a, struct pairs *p, int64_t ts, double value)
{
	*arena_push(a, &p->items, &p->n, &p->cap) = (struct pair){ts, value};
}

/* Both are stable merge sorts, of what is most often sorted already. */
static void merge_pairs(
    struct pair *to, const struct pair *from, size_t n, size_t half)
{
	size_t i = 0, j = half;

	for (size_t k = 0; k < n; k++)
		if (j >= n || (i < half && from[i].ts <= from[j].ts))
			to[k] = from[i++];
		else
			to[k] = from[j++];
}

static void sort_pairs(struct pair *p, struct pair *scratch, size_t n)
{
	size_t half = n / 2, i = 1;

	while (i < n && p[i - 1].ts <= p[i].ts)
		i++;
	if (i >= n)
		return;
	sort_pairs(p, scratch, half);
	sort_pairs(p + half, scratch, n - half);
	memcpy(scratch, p, n * sizeof(*p));
	merge_pairs(p, scratch, n, half);
}

void pairs_tidy(struct arena *a, struct pairs *p)
{
	size_t n = 0;

	if (p->n == 0)
		return;
	sort_pairs(p->items, arena_array(a, p->n, sizeof(*p->items)), p->n);
	for (size_t i = 0; i < p->n; i++) {
		if (n > 0 && p->items[n - 1].ts == p->items[i].ts)
			n--;
		p->items[n++] = p->items[i];
	}
	p->n = n;
}

struct pairs pairs_whole(struct arena *a, const struct pairs *p)
{
	struct pairs whole = {0};
	size_t i = 0;

	while (i < p->n && !isnan(p->items[i].value))
		i++;
	if (i == p->n)
		return *p;
	for (i = 0; i < p->n; i++)
		if (!isnan(p->items[i].value))
			pairs_add(a, &whole, p->items[i].ts, p->items[i].value);
	return whole;
}

static size_t first_from(const struct pairs *p, int64_t ts)
{
	size_t low = 0, high = p->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (p->items[middle].ts < ts)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct pairs pairs_between(const struct pairs *p, int64_t from, int64_t to)
{
	size_t first = first_from(p, from), end = first_from(p, to);
	struct pairs part = {0};

	if (end > first) {
		part.items = p->items + first;
		part.n = part.cap = end - first;
	}
	return part;
}

static struct cell cell_of(
    struct arena *a, const struct pair *p, size_t n, int64_t ts)
{
	struct cell c = {ts, (int64_t)n, p[0].value, p[0].value, 0};
	double *values = arena_array(a, n, sizeof(*values));
	int64_t step = INT64_MAX;

	for (size_t i = 0; i < n; i++) {
		values[i] = p[i].value;
		if (i > 0 && p[i].ts - p[i - 1].ts < step)
			step = p[i].ts - p[i - 1].ts;
		if (p[i].value < c.min)
			c.min = p[i].value;
		if (p[i].value > c.max)
			c.max = p[i].value;
	}
	c.sum = codec_sum(values, n, step);
	return c;
}

void cells_of(
    struct arena *a, const struct pairs *p, int64_t width, struct cells *cells)
{
	size_t i = 0, first;

	while (i < p->n) {
		int64_t ts = p->items[i].ts - p->items[i].ts % width;
		struct cell c;

		for (first = i; i < p->n && p->items[i].ts < ts + width;)
			i++;
		c = cell_of(a, p->items + first, i - first, ts);
		cells_add(a, cells, &c);
	}
}

void cells_add(struct arena *a, struct cells *cells, const struct cell *c)
{
	*arena_push(a, &cells->items, &cells->n, &cells->cap) = *c;
}

void cells_add_pair(
    struct arena *a, struct cells *cells, int64_t ts, double value)
{
	struct cell c = {ts, 1, value, value, value};

	cells_add(a, cells, &c);
}

static void sort_cells(struct cell *c, struct cell *scratch, size_t n)
{
	size_t half = n / 2, i = 1, j;

	while (i < n && c[i - 1].ts <= c[i].ts)
		i++;
	if (i >= n)
		return;
	sort_cells(c, scratch, half);
	sort_cells(c + half, scratch, n - half);
	memcpy(scratch, c, n * sizeof(*c));
	i = 0;
	j = half;
	for (size_t k = 0; k < n; k++)
		if (j >= n || (i < half && scratch[i].ts <= scratch[j].ts))
			c[k] = scratch[i++];
		else
			c[k] = scratch[j++];
}

void cells_sort(struct arena *a, struct cells *cells)
{
	if (cells->n > 0)
		sort_cells(cells->items,
		    arena_array(a, cells->n, sizeof(*cells->items)), cells->n);
}
