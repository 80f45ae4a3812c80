/*
 * The state of an http source: the last good answer, if it had an ETag or a
 * Last-Modified date and is small. Layout:
 *
 *	http1 SHA256-OF-ALL-THAT-FOLLOWS LF
 *	SHA256-OF-THE-REQUEST LF
 *	ETAG LF
 *	LAST-MODIFIED LF
 *	body
 *
 * What is not exactly that, or belongs to a request that was since changed in
 * the configuration, counts as nothing: the next answer is simply whole.
 */
#include "base/crypto.h"
#include "source/http.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define MAGIC	  "http1 "
#define MAGIC_LEN (sizeof(MAGIC) - 1)

/* Whatever may change the answer is part of the request; secrets are not. */
static void request_digest(
    const struct http_conf *conf, char out[CRYPTO_SHA256_HEX])
{
	struct buf b;

	buf_init(&b, SIZE_MAX / 4);
	buf_printf(&b, "%d %s\n%s\n", conf->method, conf->http,
	    conf->user != NULL ? conf->user : "");
	for (size_t i = 0; i < conf->headers.n; i++)
		buf_printf(&b, "%s: %s\n", conf->headers.items[i].key,
		    conf->headers.items[i].value);
	crypto_sha256_hex(buf_text(&b), b.len, out);
	buf_free(&b);
}

/* A value that can be sent back in a header as it is. */
static bool sendable(const char *s, size_t n)
{
	return n <= HTTP_TAG_MAX && http_sendable(s, n);
}

static bool read_tag(struct arena *a, struct span *rest, const char **out)
{
	const char *end = rest->n > 0 ? memchr(rest->p, '\n', rest->n) : NULL;
	size_t n = end != NULL ? (size_t)(end - rest->p) : 0;

	if (end == NULL || !sendable(rest->p, n))
		return false;
	*out = n > 0 ? arena_strndup(a, rest->p, n) : NULL;
	rest->p += n + 1;
	rest->n -= n + 1;
	return true;
}

/* Takes "HEX\n" from the front. */
static bool read_digest(struct span *rest, const char *want)
{
	const size_t n = CRYPTO_SHA256_HEX - 1;

	if (rest->n <= n || memcmp(rest->p, want, n) != 0 || rest->p[n] != '\n')
		return false;
	rest->p += n + 1;
	rest->n -= n + 1;
	return true;
}

bool http_cache_read(struct arena *a, const struct http_conf *conf,
    struct span state, struct http_cached *out)
{
	const size_t head = MAGIC_LEN + CRYPTO_SHA256_HEX;
	char digest[CRYPTO_SHA256_HEX];

	*out = (struct http_cached){0};
	if (state.n < head || memcmp(state.p, MAGIC, MAGIC_LEN) != 0)
		return false;
	crypto_sha256_hex(state.p + head, state.n - head, digest);
	state.p += MAGIC_LEN;
	state.n -= MAGIC_LEN;
	if (!read_digest(&state, digest))
		return false;
	request_digest(conf, digest);
	if (!read_digest(&state, digest) || !read_tag(a, &state, &out->etag) ||
	    !read_tag(a, &state, &out->modified))
		return false;
	out->body = state;
	return (out->etag != NULL || out->modified != NULL) &&
	       state.n <= HTTP_CACHED_MAX;
}

static const char *tag_or_nothing(const char *s)
{
	return s != NULL && sendable(s, strlen(s)) ? s : "";
}

void http_cache_write(const struct http_conf *conf,
    const struct http_cached *answer, struct buf *out)
{
	const char *etag = tag_or_nothing(answer->etag);
	const char *modified = tag_or_nothing(answer->modified);
	char digest[CRYPTO_SHA256_HEX];
	struct buf b;

	if ((etag[0] == '\0' && modified[0] == '\0') ||
	    answer->body.n > HTTP_CACHED_MAX)
		return;
	buf_init(&b, HTTP_CACHED_MAX + 4096);
	request_digest(conf, digest);
	buf_printf(&b, "%s\n%s\n%s\n", digest, etag, modified);
	buf_add(&b, answer->body.p, answer->body.n);
	crypto_sha256_hex(buf_text(&b), b.len, digest);
	buf_printf(out, MAGIC "%s\n", digest);
	buf_add(out, buf_text(&b), b.len);
	if (out->failed)
		buf_reset(out);
	buf_free(&b);
}

double http_max_age(const char *s)
{
	static const char key[] = "max-age=";

	while (s != NULL && *s != '\0') {
		s += strspn(s, ", \t");
		if (strncasecmp(s, key, strlen(key)) == 0) {
			s += strlen(key);
			s += *s == '"';
			return *s >= '0' && *s <= '9' ? strtod(s, NULL) : 0;
		}
		s = strchr(s, ',');
	}
	return 0;
}
