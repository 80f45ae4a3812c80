#include "base/err.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* An argument may be a text of the very error, so dst is written last. */
static void format(char *dst, size_t size, const char *fmt, va_list ap)
{
	char raw[ERR_TEXT_MAX];

	int n = vsnprintf(raw, sizeof(raw), fmt, ap);
	bool cut = n < 0 || (size_t)n >= sizeof(raw);

	raw[n < 0 ? 0 : sizeof(raw) - 1] = '\0';
	str_clean_into(
	    dst, size, raw, cut ? str_whole(raw, strlen(raw)) : strlen(raw));
}

/* A sentence is one line, whatever a server put into it. */
static void sentence(struct err *e, const char *fmt, va_list ap)
{
	format(e->text, sizeof(e->text), fmt, ap);
	str_one_line(e->text);
	e->hint[0] = '\0';
}

int err_set(struct err *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	sentence(e, fmt, ap);
	va_end(ap);
	e->code = 0;
	return -1;
}

int err_code(struct err *e, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	sentence(e, fmt, ap);
	va_end(ap);
	e->code = code;
	return -1;
}

int err_context(struct err *e, const char *fmt, ...)
{
	char context[ERR_TEXT_MAX], whole[2 * ERR_TEXT_MAX + 2];
	va_list ap;

	va_start(ap, fmt);
	format(context, sizeof(context), fmt, ap);
	va_end(ap);
	str_one_line(context);
	snprintf(whole, sizeof(whole), "%s: %s", context, e->text);
	str_clean_into(e->text, sizeof(e->text), whole, strlen(whole));
	return -1;
}

/* What would lose its end is cut at a line's end, or is none at all. */
int err_hint(struct err *e, const char *fmt, ...)
{
	char raw[ERR_HINT_MAX], *end;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(raw, sizeof(raw), fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof(raw)) {
		end = strrchr(raw, '\n');
		*(end != NULL ? end : raw) = '\0';
	}
	str_clean_into(e->hint, sizeof(e->hint), raw, strlen(raw));
	return -1;
}

void err_clear(struct err *e)
{
	e->code = 0;
	e->text[0] = '\0';
	e->hint[0] = '\0';
}
