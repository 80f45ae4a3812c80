#include "store/linepack.h"
#include "store/bytes.h"

void linepack_put(struct buf *b, const struct packed_line *l, size_t n)
{
	int64_t id = 0, ts = 0;

	bytes_put_number(b, n);
	for (size_t i = 0; i < n; i++) {
		bytes_put_signed(b, l[i].id - id);
		id = l[i].id;
	}
	for (size_t i = 0; i < n; i++) {
		bytes_put_signed(b, l[i].ts - ts);
		ts = l[i].ts;
	}
	for (size_t i = 0; i < n; i++)
		bytes_put_text(b, l[i].text);
}

bool linepack_get(
    struct arena *a, struct span in, struct packed_line **out, size_t *n)
{
	int64_t id = 0, ts = 0, d;
	struct packed_line *l;
	uint64_t count;

	*n = 0;
	if (!bytes_number(&in, &count) || count > in.n)
		return false;
	*out = l = arena_array(a, count, sizeof(*l));
	for (size_t i = 0; i < count; i++) {
		if (!bytes_signed(&in, &d) ||
		    __builtin_add_overflow(id, d, &id))
			return false;
		l[i].id = id;
	}
	for (size_t i = 0; i < count; i++) {
		if (!bytes_signed(&in, &d) ||
		    __builtin_add_overflow(ts, d, &ts))
			return false;
		l[i].ts = ts;
	}
	for (size_t i = 0; i < count; i++)
		if (!bytes_text(&in, &l[i].text) || l[i].text == NULL)
			return false;
	*n = count;
	return in.n == 0;
}
