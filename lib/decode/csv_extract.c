#include "decode/csv_extract.h"
#include "base/json.h"

static void put(
    struct json *object, const struct column *c, bool number, const char *text)
{
	int64_t whole;
	double real;

	if (text == NULL)
		return;
	if (number && str_int(text, &whole))
		json_put_int(object, c->name, whole);
	else if (number && str_number(text, &real))
		json_put_real(object, c->name, real);
	else
		json_put_text(object, c->name, text);
}

void csv_document(const struct table *t, const char *time, struct buf *out)
{
	struct json *rows = json_array_new();

	for (size_t i = 0; i < t->n_rows; i++) {
		struct json *row = json_add_object(rows);

		for (size_t k = 0; k < t->n_columns; k++) {
			const struct column *c = &t->columns[k];

			put(row, c, c->unit[0] != '\0' || str_eq(c->name, time),
			    t->rows[i][k]);
		}
	}
	json_write(rows, 0, out);
	json_free(rows);
}
