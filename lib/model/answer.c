#include "model/answer.h"

#include <strings.h>

int answer_column(const struct answer *a, const char *name)
{
	for (size_t i = 0; i < a->n_columns; i++)
		if (strcasecmp(a->columns[i], name) == 0)
			return (int)i;
	return -1;
}
