#include "output/omission.h"

#define NAMED 6 /* that are left out; the others are counted */

static bool is_panel(const struct block *b)
{
	return !str_eq(b->kind, "section");
}

static bool has_numbers(const struct block *b)
{
	return b->numbers != NULL;
}

struct omission omission_none(struct arena *a, const struct capsule *c)
{
	return (struct omission){
	    .numbers = arena_array(a, c->page->n_blocks, sizeof(bool)),
	    .panels = arena_array(a, c->page->n_blocks, sizeof(bool)),
	};
}

/* Of each block that has one, from the last on. */
static size_t leave_out(bool *out, const struct page *page,
    bool (*has)(const struct block *), size_t *steps)
{
	size_t n = 0;

	for (size_t i = page->n_blocks; i-- > 0;) {
		out[i] = has(&page->blocks[i]) && *steps > 0;
		n += out[i];
		*steps -= out[i];
	}
	return n;
}

void omission_after(struct omission *o, const struct capsule *c, size_t steps)
{
	o->lines = steps < c->n_lines ? steps : c->n_lines;
	steps -= o->lines;
	if (o->has_numbers)
		o->n_numbers =
		    leave_out(o->numbers, c->page, has_numbers, &steps);
	o->n_panels = leave_out(o->panels, c->page, is_panel, &steps);
}

/* "numbers of CPU, Memory and 4 more" */
static const char *named(struct arena *a, const struct page *page,
    const char *what, const bool *out, size_t n)
{
	const char *text = what;
	size_t k = 0;

	for (size_t i = 0; i < page->n_blocks; i++)
		if (out[i] && k++ < NAMED)
			text = arena_printf(a, "%s%s %s", text,
			    k > 1 ? "," : "", page->blocks[i].title);
	return n <= NAMED ? text
			  : arena_printf(a, "%s and %zu more", text, n - NAMED);
}

static const char *joined(struct arena *a, const char *text, const char *more)
{
	return text == NULL ? more : arena_printf(a, "%s; %s", text, more);
}

const char *omission_words(
    const struct omission *o, const struct capsule *c, struct arena *a)
{
	const char *text = NULL;

	if (o->lines > 0)
		text = arena_printf(a, "the oldest %zu log lines", o->lines);
	if (o->n_numbers > 0)
		text = joined(a, text,
		    named(a, c->page, "the numbers of", o->numbers,
			o->n_numbers));
	if (o->gist)
		text = joined(a, text, "what broadsheet diff reads");
	if (o->n_panels > 0)
		text = joined(a, text,
		    named(a, c->page, "the panels", o->panels, o->n_panels));
	return text;
}

/* One printing after so many steps, at the end of b. */
struct trial {
	const struct capsule *capsule;
	struct omission without;
	int (*print)(void *, const struct omission *, struct buf *, bool *,
	    struct err *);
	void *ctx;
	size_t start, size;
};

static int try(
    struct trial *t, size_t steps, struct buf *b, bool *fits, struct err *e)
{
	b->len = t->start;
	omission_after(&t->without, t->capsule, steps);
	*fits = true;
	if (t->print(t->ctx, &t->without, b, fits, e) != 0)
		return -1;
	t->size = b->len - t->start;
	*fits = *fits && t->size <= t->capsule->max_size;
	return 0;
}

int omission_fit(const struct capsule *c, bool numbers, struct arena *a,
    int (*print)(void *ctx, const struct omission *, struct buf *, bool *fits,
	struct err *),
    void *ctx, struct buf *b, struct err *e)
{
	struct trial t = {.capsule = c,
	    .without = omission_none(a, c),
	    .print = print,
	    .ctx = ctx,
	    .start = b->len};
	size_t low = 0, high = c->n_lines + 2 * c->page->n_blocks, middle;
	bool fits;

	t.without.has_numbers = numbers;

	if (try(&t, 0, b, &fits, e) != 0 || fits)
		return fits ? 0 : -1;
	while (low + 1 < high) { /* low does not fit; high is yet to be seen */
		middle = low + (high - low) / 2;
		if (try(&t, middle, b, &fits, e) != 0)
			return -1;
		*(fits ? &high : &low) = middle;
	}
	if (try(&t, high, b, &fits, e) != 0)
		return -1;
	if (fits)
		return 0;
	return err_set(e,
	    "a snapshot takes %zu bytes at least, which is more than %zu",
	    t.size, c->max_size);
}
