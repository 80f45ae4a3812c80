#include "store/tablepack_private.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS_MAX 6

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* At least one digit; false past what a decimal holds. */
static bool take_digits(const char **s, int64_t *n, int *digits)
{
	*digits = 0;
	for (; is_digit(**s); (*s)++) {
		*n = *n * 10 + (**s - '0');
		(*digits)++;
		if (*n >= DECIMAL_MAX)
			return false;
	}
	return *digits > 0;
}

bool decimal_parse(const char *s, struct decimal *d)
{
	bool minus = s != NULL && *s == '-';
	int whole;

	*d = (struct decimal){0};
	if (s == NULL)
		return false;
	s += minus;
	if (s[0] == '0' && is_digit(s[1]))
		return false;
	if (!take_digits(&s, &d->n, &whole))
		return false;
	if (*s == '.') {
		s++;
		if (!take_digits(&s, &d->n, &d->digits) ||
		    d->digits > DIGITS_MAX)
			return false;
	}
	if (*s != '\0' || (minus && d->n == 0))
		return false;
	d->n = minus ? -d->n : d->n;
	return true;
}

char *decimal_text(struct arena *a, const struct decimal *d)
{
	const char *sign = d->n < 0 ? "-" : "";
	int64_t n = llabs(d->n), unit = 1;

	if (d->digits == 0)
		return arena_printf(a, "%s%" PRId64, sign, n);
	for (int i = 0; i < d->digits; i++)
		unit *= 10;
	return arena_printf(
	    a, "%s%" PRId64 ".%0*" PRId64, sign, n / unit, d->digits, n % unit);
}
