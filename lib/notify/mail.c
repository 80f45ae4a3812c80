/* The fields of a letter's head. */
#include "notify/mail.h"
#include "base/clock.h"
#include "base/crypto.h"

#include <string.h>

#define ADDRESS_MAX 254 /* RFC 5321, 4.5.3.1 */
#define LOCAL_MAX   64
#define TEXT_MAX    500 /* bytes of a subject or a name */
#define PLAIN_MAX   60	/* longer ones are folded as words are */
#define WORD_BYTES  39	/* makes an encoded word of 64 characters */

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9');
}

/* Dots part words that are not empty (RFC 5322, dot-atom). */
static bool is_dotted(struct span s, const char *others)
{
	char before = '.';

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '.' ? before == '.'
			     : !is_alnum(c) && strchr(others, c) == NULL)
			return false;
		before = c;
	}
	return before != '.';
}

static bool is_address(struct span s)
{
	const char *at = memchr(s.p, '@', s.n);
	struct span local, domain;

	if (at == NULL || s.n > ADDRESS_MAX)
		return false;
	local = (struct span){s.p, (size_t)(at - s.p)};
	domain = (struct span){at + 1, s.n - local.n - 1};
	return local.n <= LOCAL_MAX &&
	       is_dotted(local, "!#$%&'*+-/=?^_`{|}~") &&
	       is_dotted(domain, "-");
}

/* Quotes around a name are how it is written, not part of it. */
static const char *unquote(struct arena *a, struct span s)
{
	char *out, *to;

	if (s.n < 2 || s.p[0] != '"' || s.p[s.n - 1] != '"')
		return arena_strndup(a, s.p, s.n);
	out = to = arena_alloc(a, s.n);
	for (size_t i = 1; i < s.n - 1; i++) {
		if (s.p[i] == '\\' && i + 2 < s.n)
			i++;
		*to++ = s.p[i];
	}
	return out;
}

int mailbox_parse(
    struct arena *a, const char *text, struct mailbox *out, struct err *e)
{
	struct span s = str_trim((struct span){text, strlen(text)});
	const char *open = s.n > 0 ? memrchr(s.p, '<', s.n) : NULL;
	struct span name = {s.p, 0}, address = s;

	if (open != NULL && s.p[s.n - 1] == '>') {
		name = str_trim((struct span){s.p, (size_t)(open - s.p)});
		address =
		    (struct span){open + 1, (size_t)(s.p + s.n - open - 2)};
	}
	if (!is_address(address) || strpbrk(text, "\r\n") != NULL)
		return err_set(e, "'%.80s' is no mail address", text);
	out->name = unquote(a, name);
	out->address = arena_strndup(a, address.p, address.n);
	return 0;
}

/* One line, whatever it was. */
static char *field_text(struct arena *a, const char *text)
{
	char *s = str_clean(a, text, strlen(text), TEXT_MAX);

	str_one_line(s);
	return s;
}

static bool is_plain(const char *s)
{
	if (strlen(s) > PLAIN_MAX || strstr(s, "=?") != NULL)
		return false;
	for (; *s != '\0'; s++)
		if (*s < 0x20 || *s > 0x7e)
			return false;
	return true;
}

/* Encoded words of whole characters, one a line. */
static char *encode(struct arena *a, const char *s)
{
	size_t left = strlen(s);
	struct buf b;
	char *out;

	buf_init(&b, (size_t)16 * TEXT_MAX);
	while (left > 0) {
		size_t n = str_whole(s, left < WORD_BYTES ? left : WORD_BYTES);

		buf_str(&b, b.len > 0 ? "\r\n =?UTF-8?B?" : "=?UTF-8?B?");
		crypto_base64(s, n, &b);
		buf_str(&b, "?=");
		s += n;
		left -= n;
	}
	out = arena_strdup(a, buf_text(&b));
	buf_free(&b);
	return out;
}

char *mail_header(struct arena *a, const char *name, const char *text)
{
	const char *s = field_text(a, text);

	return arena_printf(a, "%s: %s", name, is_plain(s) ? s : encode(a, s));
}

static const char *quote(struct arena *a, const char *s)
{
	char *out = arena_alloc(a, 2 * strlen(s) + 3), *to = out;

	*to++ = '"';
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			*to++ = '\\';
		*to++ = *s;
	}
	*to = '"';
	return out;
}

char *mail_header_mailbox(
    struct arena *a, const char *name, const struct mailbox *m)
{
	const char *who = field_text(a, m->name);

	if (who[0] == '\0')
		return arena_printf(a, "%s: %s", name, m->address);
	return arena_printf(a, "%s: %s\r\n <%s>", name,
	    is_plain(who) ? quote(a, who) : encode(a, who), m->address);
}

char *mail_header_date(struct arena *a, int64_t date)
{
	return arena_printf(
	    a, "Date: %s", clock_format(a, "%a, %d %b %Y %H:%M:%S %z", date));
}

char *mail_message_id(struct arena *a, const char *id,
    const struct mailbox *from, const struct mailbox *to)
{
	const char *all = arena_printf(a, "%s\n%s", to->address, id);
	char hex[CRYPTO_SHA256_HEX];

	crypto_sha256_hex(all, strlen(all), hex);
	return arena_printf(a, "<%.40s%s>", hex, strchr(from->address, '@'));
}
