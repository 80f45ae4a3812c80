#include "base/mask_address.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

bool mask_is_letter(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

static bool is_digit(char c)
{
	return isdigit((unsigned char)c);
}

static char before(const char *text, const char *at)
{
	return at > text ? at[-1] : '\0';
}

/* "-1" after, or "1-" before, of what is joined by dashes: a date. */
static bool goes_on(
    const char *text, const char *from, const char *to, char sign)
{
	return (to[0] == sign && is_digit(to[1])) ||
	       (before(text, from) == sign && from - 1 > text &&
		   is_digit(from[-2]));
}

static const char *octet(const char *p, unsigned *out)
{
	const char *start = p;

	for (*out = 0; is_digit(*p) && p - start < 3; p++)
		*out = *out * 10 + (unsigned)(*p - '0');
	return p > start && !is_digit(*p) && *out <= 255 ? p : NULL;
}

size_t mask_ipv4(const char *text, const char *at, char *canon)
{
	unsigned v[4];
	const char *p = at;
	char sign = '\0';

	if (is_digit(before(text, at)))
		return 0;
	for (size_t i = 0; i < 4; i++) {
		if (i == 1)
			sign = *p;
		if (i > 0 &&
		    (*p != sign || sign == '\0' || strchr(".-_", sign) == NULL))
			return 0;
		if ((p = octet(i > 0 ? p + 1 : p, &v[i])) == NULL)
			return 0;
	}
	if (sign != '.' && goes_on(text, at, p, sign))
		return 0;
	snprintf(
	    canon, MASK_ADDRESS_MAX, "%u.%u.%u.%u", v[0], v[1], v[2], v[3]);
	return (size_t)(p - at);
}

/* "%eth0", which no address differs by that could be told from outside. */
static size_t zone(const char *p)
{
	size_t n = 1;

	if (*p != '%' || !mask_is_letter(p[1]))
		return 0;
	while (mask_is_letter(p[n]) ||
	       (p[n] != '\0' && strchr("._-", p[n]) != NULL &&
		   mask_is_letter(p[n + 1])))
		n++;
	return n;
}

static bool parse_ipv6(const char *p, size_t n, char *canon)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr v;

	if (n >= sizeof(text))
		return false;
	memcpy(text, p, n);
	text[n] = '\0';
	if (strpbrk(text, "0123456789abcdefABCDEF") == NULL ||
	    inet_pton(AF_INET6, text, &v) != 1)
		return false;
	if (IN6_IS_ADDR_V4MAPPED(&v))
		inet_ntop(AF_INET, &v.s6_addr[12], canon, MASK_ADDRESS_MAX);
	else
		inet_ntop(AF_INET6, &v, canon, MASK_ADDRESS_MAX);
	return true;
}

size_t mask_ipv6(const char *text, const char *at, char *canon)
{
	size_t n = strspn(at, "0123456789abcdefABCDEF:.");

	if (mask_is_letter(before(text, at)) || memchr(at, ':', n) == NULL)
		return 0;
	if (n >= INET6_ADDRSTRLEN)
		n = INET6_ADDRSTRLEN - 1;
	for (; n > 1; n--)
		if (!mask_is_letter(at[n]) && parse_ipv6(at, n, canon))
			return n + zone(at + n);
	return 0;
}

size_t mask_mac(const char *text, const char *at, char *canon)
{
	char prior = before(text, at);
	size_t n = 0;

	for (size_t i = 0; i < 6; i++) {
		if (!isxdigit((unsigned char)at[3 * i]) ||
		    !isxdigit((unsigned char)at[3 * i + 1]))
			return 0;
		canon[n++] = (char)tolower((unsigned char)at[3 * i]);
		canon[n++] = (char)tolower((unsigned char)at[3 * i + 1]);
		if (i < 5 &&
		    (at[3 * i + 2] != at[2] || (at[2] != ':' && at[2] != '-')))
			return 0;
	}
	canon[n] = '\0';
	return mask_is_letter(prior) || mask_is_letter(at[17]) ? 0 : 17;
}

static bool is_local(char c)
{
	return mask_is_letter(c) || (c != '\0' && strchr("._%+-'~", c));
}

size_t mask_mail(
    const char *text, const char *sign, size_t sign_n, const char **from)
{
	const char *start = sign, *p = sign + sign_n, *end = p, *dot = NULL;

	while (start > text && is_local(start[-1]))
		start--;
	while (start < sign && !mask_is_letter(*start))
		start++;
	for (; mask_is_letter(*p) || *p == '.' || *p == '-'; p++) {
		if (*p == '.' && end == p && mask_is_letter(p[1]))
			dot = p;
		if (mask_is_letter(*p))
			end = p + 1;
	}
	*from = start;
	if (start == sign || dot == NULL || dot == sign + sign_n)
		return 0;
	return (size_t)(end - start);
}
