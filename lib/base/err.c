#include "base/err.h"
#include "base/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void format(char *dst, size_t size, const char *fmt, va_list ap)
{
	char raw[ERR_TEXT_MAX];

	vsnprintf(raw, sizeof(raw), fmt, ap);
	str_clean_into(dst, size, raw, strlen(raw));
}

int err_set(struct err *e, const char *fmt, ...)
{
	va_list ap;

	err_clear(e);
	va_start(ap, fmt);
	format(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	return -1;
}

int err_code(struct err *e, int code, const char *fmt, ...)
{
	va_list ap;

	err_clear(e);
	e->code = code;
	va_start(ap, fmt);
	format(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	return -1;
}

int err_context(struct err *e, const char *fmt, ...)
{
	char context[ERR_TEXT_MAX], whole[2 * ERR_TEXT_MAX + 2];
	va_list ap;

	va_start(ap, fmt);
	format(context, sizeof(context), fmt, ap);
	va_end(ap);
	snprintf(whole, sizeof(whole), "%s: %s", context, e->text);
	str_clean_into(e->text, sizeof(e->text), whole, strlen(whole));
	return -1;
}

int err_hint(struct err *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	format(e->hint, sizeof(e->hint), fmt, ap);
	va_end(ap);
	return -1;
}

void err_clear(struct err *e)
{
	e->code = 0;
	e->text[0] = '\0';
	e->hint[0] = '\0';
}
