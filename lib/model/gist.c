#include "model/gist.h"

bool gist_same_table(const struct gist_table *a, const struct gist_table *b)
{
	return str_eq(a->source, b->source) && str_eq(a->name, b->name) &&
	       a->records == b->records;
}
