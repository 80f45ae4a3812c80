/* [user@]host[:port] */
#include "source/ssh.h"

#include <stdio.h>
#include <string.h>

#define PORT_DEFAULT 22
#define HOST_MAX     255

static int bad(const char *text, const char *why, struct err *e)
{
	return err_set(e, "\"%s\" is not [user@]host[:port]: %s", text, why);
}

/* Names and addresses; nothing that a shell or an option could be made of. */
static bool host_valid(const char *host)
{
	static const char chars[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789.-_:%";
	size_t n = strlen(host);

	return n > 0 && n <= HOST_MAX && host[0] != '-' &&
	       strspn(host, chars) == n;
}

static bool user_valid(const char *user)
{
	size_t n = strlen(user);

	if (n == 0 || n > HOST_MAX || user[0] == '-' ||
	    !str_utf8_valid(user, n))
		return false;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)user[i] <= ' ' || user[i] == 127 ||
		    strchr("'\"`$;&|<>()", user[i]) != NULL)
			return false;
	return true;
}

static bool port_parse(const char *text, int *port)
{
	int64_t v;

	if (strspn(text, "0123456789") != strlen(text) || !str_int(text, &v) ||
	    v < 1 || v > 65535)
		return false;
	*port = (int)v;
	return true;
}

/* Cuts the host out of "host:port"; port becomes NULL if there is none. */
static bool split(
    struct arena *a, const char *text, const char **host, const char **port)
{
	const char *end, *colon = strchr(text, ':');

	*port = NULL;
	if (text[0] == '[') {
		end = strchr(text, ']');
		if (end == NULL || (end[1] != '\0' && end[1] != ':'))
			return false;
		*host = arena_strndup(a, text + 1, (size_t)(end - text - 1));
		*port = end[1] == ':' ? end + 2 : NULL;
		return true;
	}
	if (colon == NULL || strchr(colon + 1, ':') != NULL) {
		*host = arena_strdup(a, text); /* two colons: version 6 */
		return true;
	}
	*host = arena_strndup(a, text, (size_t)(colon - text));
	*port = colon + 1;
	return true;
}

int ssh_target_parse(struct arena *a, const char *text, const char *user,
    struct ssh_target *t, struct err *e)
{
	const char *at = strrchr(text, '@'), *port;

	t->user =
	    at == NULL ? user : arena_strndup(a, text, (size_t)(at - text));
	t->port = PORT_DEFAULT;
	if (strstr(text, "://") != NULL)
		return bad(text, "it is no URL", e);
	if (!user_valid(t->user))
		return bad(text, "no such user name", e);
	if (!split(a, at == NULL ? text : at + 1, &t->host, &port))
		return bad(text, "the brackets do not match", e);
	if (!host_valid(t->host))
		return bad(text, "no such host name", e);
	if (port != NULL && !port_parse(port, &t->port))
		return bad(text, "the port is not from 1 to 65535", e);
	return 0;
}

const char *ssh_place(char out[SSH_PLACE_MAX], const struct ssh_target *t)
{
	bool v6 = strchr(t->host, ':') != NULL;

	snprintf(
	    out, SSH_PLACE_MAX, v6 ? "[%s]:%d" : "%s:%d", t->host, t->port);
	return out;
}

const char *ssh_quote(struct arena *a, const char *text)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789@%+=:,./_-";
	size_t n = strlen(text);
	char *out, *end;

	if (n > 0 && strspn(text, plain) == n)
		return text;
	out = end = arena_alloc(a, 4 * n + 3);
	*end++ = '\'';
	for (; *text != '\0'; text++)
		end = *text == '\'' ? stpcpy(end, "'\\''")
				    : mempcpy(end, text, 1);
	*end = '\'';
	return out;
}
