#include "source/source.h"

#define X(name) extern const struct source_kind source_##name;
#include "source/kinds.h"
#undef X

const struct source_kind *const source_kinds[] = {
#define X(name) &source_##name,
#include "source/kinds.h"
#undef X
    NULL,
};

const struct source_kind *source_kind(const char *name)
{
	for (size_t i = 0; source_kinds[i] != NULL; i++)
		if (str_eq(source_kinds[i]->name, name))
			return source_kinds[i];
	return NULL;
}
