#include "model/record.h"

const char *version_field(const struct version *v, const char *name)
{
	for (size_t i = 0; i < v->n; i++)
		if (str_eq(v->fields[i].name, name))
			return v->fields[i].value;
	return NULL;
}
