/*
 * known_hosts, as sshd(8) describes it. Not by libssh2's own parser: that one
 * knows neither wildcards nor @revoked, and can't say which line it found.
 */
#include "source/ssh.h"

#include <ctype.h>
#include <string.h>

#define HASH_MAGIC "|1|"

const char *ssh_known_name(struct arena *a, const struct ssh_target *t)
{
	char *name = t->port == 22
			 ? arena_strdup(a, t->host)
			 : arena_printf(a, "[%s]:%d", t->host, t->port);

	for (char *p = name; *p != '\0'; p++)
		*p = (char)tolower((unsigned char)*p);
	return name;
}

/* '*' and '?' only: brackets are part of names here. */
static bool wildcard(struct span pattern, const char *name)
{
	size_t p = 0, star = SIZE_MAX;
	const char *retry = name;

	while (*name != '\0') {
		int c =
		    p < pattern.n ? tolower((unsigned char)pattern.p[p]) : '\0';

		if (c == '*') {
			star = p++;
			retry = name;
		} else if (c == '?' || c == *name) {
			p++;
			name++;
		} else if (star != SIZE_MAX) {
			p = star + 1;
			name = ++retry;
		} else {
			return false;
		}
	}
	while (p < pattern.n && pattern.p[p] == '*')
		p++;
	return p == pattern.n;
}

/* "|1|SALT|HASH", the HMAC of the name keyed with the salt. */
static bool hashed(struct arena *a, struct span text, const char *name)
{
	unsigned char mac[CRYPTO_SHA1_SIZE];
	struct span salt, hash;
	const char *bar;

	text.p += strlen(HASH_MAGIC);
	text.n -= strlen(HASH_MAGIC);
	bar = memchr(text.p, '|', text.n);
	if (bar == NULL)
		return false;
	salt = (struct span){text.p, (size_t)(bar - text.p)};
	hash = (struct span){bar + 1, text.n - salt.n - 1};
	if (!crypto_base64_decode(a, salt, &salt) ||
	    !crypto_base64_decode(a, hash, &hash) || hash.n != sizeof(mac))
		return false;
	crypto_hmac_sha1(salt, (struct span){name, strlen(name)}, mac);
	return memcmp(mac, hash.p, sizeof(mac)) == 0;
}

/* The first of a list of patterns; false at its end. */
static bool next_pattern(struct span *rest, struct span *out)
{
	const char *comma;

	if (rest->n == 0)
		return false;
	comma = memchr(rest->p, ',', rest->n);
	out->p = rest->p;
	out->n = comma != NULL ? (size_t)(comma - rest->p) : rest->n;
	rest->p += out->n + (comma != NULL);
	rest->n -= out->n + (comma != NULL);
	return true;
}

static bool about(struct arena *a, struct span hosts, const char *name)
{
	struct span pattern;
	bool found = false;

	if (hosts.n > strlen(HASH_MAGIC) &&
	    memcmp(hosts.p, HASH_MAGIC, strlen(HASH_MAGIC)) == 0)
		return hashed(a, hosts, name);
	while (next_pattern(&hosts, &pattern)) {
		bool not = pattern.n > 0 && pattern.p[0] == '!';

		if (not )
			pattern = (struct span){pattern.p + 1, pattern.n - 1};
		if (!wildcard(pattern, name))
			continue;
		if (not )
			return false;
		found = true;
	}
	return found;
}

static struct span word(struct span *rest)
{
	struct span out;

	*rest = str_trim(*rest);
	out.p = rest->p;
	out.n = 0;
	while (out.n < rest->n && out.p[out.n] != ' ' && out.p[out.n] != '\t')
		out.n++;
	rest->p += out.n;
	rest->n -= out.n;
	return out;
}

/* One line about the name; false if it is not, or is of no use. */
static bool parse_line(struct arena *a, struct span line, const char *name,
    struct ssh_known_key *key)
{
	struct span hosts = word(&line), type, inner, blob;

	key->revoked = span_eq(hosts, "@revoked");
	if (key->revoked)
		hosts = word(&line);
	else if (hosts.n == 0 || hosts.p[0] == '@' || hosts.p[0] == '#')
		return false;
	type = word(&line);
	if (!about(a, hosts, name) ||
	    !crypto_base64_decode(a, word(&line), &key->blob))
		return false;
	key->type = arena_strndup(a, type.p, type.n);
	blob = key->blob;
	return ssh_wire_take(&blob, &inner) && span_eq(inner, key->type);
}

void ssh_known_parse(struct arena *a, const char *file, struct span text,
    const char *name, struct ssh_known *known)
{
	struct span line;

	for (int n = 1; str_line(&text, &line); n++) {
		struct ssh_known_key key = {.file = file, .line = n};

		if (parse_line(a, line, name, &key))
			*arena_push(a, &known->items, &known->n, &known->cap) =
			    key;
	}
}

const char *ssh_fingerprint(struct arena *a, struct span blob)
{
	char *text = crypto_sha256_base64(a, blob.p, blob.n);

	text[strcspn(text, "=")] = '\0';
	return arena_printf(a, "SHA256:%s", text);
}
