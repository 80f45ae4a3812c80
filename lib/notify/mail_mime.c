/* The body of a letter. */
#include "notify/mail_private.h"

#include <string.h>

#define NAME_MAX_BYTES 100

/* Lines end in CR LF; what else is no text is cleaned away. */
static const char *lines(struct arena *a, const char *text, size_t *n)
{
	const char *s = str_clean(a, text, strlen(text), SIZE_MAX / 4);
	char *out = arena_alloc(a, 2 * strlen(s) + 1), *to = out;

	for (; *s != '\0'; s++) {
		if (*s == '\n')
			*to++ = '\r';
		*to++ = *s;
	}
	*n = (size_t)(to - out);
	return out;
}

static CURLcode add_text(
    struct arena *a, curl_mime *to, const char *text, const char *type)
{
	curl_mimepart *part = curl_mime_addpart(to);
	size_t n;
	const char *s = lines(a, text, &n);
	CURLcode rc = curl_mime_data(part, s, n);

	if (rc == CURLE_OK)
		rc = curl_mime_type(part, type);
	return rc == CURLE_OK ? curl_mime_encoder(part, "quoted-printable")
			      : rc;
}

/* Puts a multipart into another; what it holds is the caller's to add. */
static curl_mime *nest(CURL *easy, curl_mime *in, const char *type)
{
	curl_mimepart *part = curl_mime_addpart(in);
	curl_mime *sub = curl_mime_init(easy);

	if (curl_mime_subparts(part, sub) != CURLE_OK) {
		curl_mime_free(sub);
		return NULL;
	}
	return curl_mime_type(part, type) == CURLE_OK ? sub : NULL;
}

/* Letters of media types, content ids and file names. */
static bool is_word(const char *s)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789.-_+@/";

	return s[0] != '\0' && strlen(s) <= NAME_MAX_BYTES &&
	       s[strspn(s, letters)] == '\0';
}

static CURLcode head_part(
    struct arena *a, curl_mimepart *part, const struct mail_part *p)
{
	struct curl_slist *heads = NULL, *more;
	const char *id =
	    p->cid == NULL ? NULL : arena_printf(a, "Content-ID: <%s>", p->cid);

	heads = curl_slist_append(
	    NULL, arena_printf(a, "Content-Disposition: %s; filename=\"%s\"",
		      p->cid != NULL ? "inline" : "attachment", p->name));
	more =
	    heads != NULL && id != NULL ? curl_slist_append(heads, id) : heads;
	if (more == NULL) {
		curl_slist_free_all(heads);
		return CURLE_OUT_OF_MEMORY;
	}
	return curl_mime_headers(part, more, 1);
}

static CURLcode add_part(
    struct arena *a, curl_mime *to, const struct mail_part *p)
{
	curl_mimepart *part = curl_mime_addpart(to);
	CURLcode rc = curl_mime_data(part, p->bytes.p, p->bytes.n);

	if (rc == CURLE_OK)
		rc = curl_mime_type(part, p->type);
	if (rc == CURLE_OK)
		rc = curl_mime_encoder(part, "base64");
	return rc == CURLE_OK ? head_part(a, part, p) : rc;
}

/* Those with a cid, or those without. */
static CURLcode add_parts(
    struct arena *a, curl_mime *to, const struct mail *mail, bool inside)
{
	CURLcode rc = CURLE_OK;

	for (size_t i = 0; rc == CURLE_OK && i < mail->n_parts; i++)
		if ((mail->parts[i].cid != NULL) == inside)
			rc = add_part(a, to, &mail->parts[i]);
	return rc;
}

/* What is to be read. */
static CURLcode add_body(
    struct arena *a, CURL *easy, curl_mime *to, const struct mail *mail)
{
	curl_mime *related, *both;
	CURLcode rc;

	if (mail->html == NULL)
		return add_text(a, to, mail->text, "text/plain; charset=utf-8");
	related = nest(easy, to, "multipart/related");
	both = related == NULL ? NULL
			       : nest(easy, related, "multipart/alternative");
	if (both == NULL)
		return CURLE_OUT_OF_MEMORY;
	rc = add_text(a, both, mail->text, "text/plain; charset=utf-8");
	if (rc == CURLE_OK)
		rc = add_text(a, both, mail->html, "text/html; charset=utf-8");
	return rc == CURLE_OK ? add_parts(a, related, mail, true) : rc;
}

int mail_mime(struct arena *a, CURL *easy, const struct mail *mail,
    curl_mime **out, struct err *e)
{
	CURLcode rc;

	*out = curl_mime_init(easy);
	for (size_t i = 0; i < mail->n_parts; i++) {
		const struct mail_part *p = &mail->parts[i];

		if (!is_word(p->name) || !is_word(p->type) ||
		    (p->cid != NULL && !is_word(p->cid)))
			return err_code(e, MAIL_NEVER,
			    "part '%.80s' of a mail has a name, type or id "
			    "that cannot be sent",
			    p->name);
	}
	rc = add_body(a, easy, *out, mail);
	if (rc == CURLE_OK)
		rc = add_parts(a, *out, mail, false);
	if (rc != CURLE_OK)
		return err_code(
		    e, MAIL_LATER, "mail: %s", curl_easy_strerror(rc));
	return 0;
}
