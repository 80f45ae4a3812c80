/* The way of a letter to a server, and what the server says to it. */
#include "base/file.h"
#include "notify/mail_private.h"

#include <math.h>
#include <string.h>

#define REPLY_MAX 400 /* bytes of the server's own words that are kept */
#define HEARD_MAX ((size_t)64 * 1024) /* of all that it says */
#define STEM	  4		      /* "550 ", "550-" */

#define set(s, option, value) curl_easy_setopt((s)->easy, (option), (value))

struct sending {
	struct arena *arena;
	const struct smtp *smtp;
	const struct mail *mail;
	struct smtp_address address;
	struct mailbox from, to;
	const char *password; /* or NULL */
	CURL *easy;
	curl_mime *mime;
	struct curl_slist *heads, *recipient;
	char error[CURL_ERROR_SIZE];
	struct buf reply; /* a refusal, without its number */
	long refusal;	  /* its number; 0: there is none */
	size_t heard;
};

/* A part of the URL, "" if it has none. */
static const char *get(struct arena *a, CURLU *u, CURLUPart part)
{
	char *s = NULL;
	const char *out = "";

	if (curl_url_get(u, part, &s, 0) == CURLUE_OK)
		out = arena_strdup(a, s);
	curl_free(s);
	return out;
}

static bool is_here(const char *host)
{
	return str_eq(host, "localhost") || str_eq(host, "[::1]") ||
	       (str_starts(host, "127.") &&
		   host[strspn(host, "0123456789.")] == '\0');
}

/* What else a URL may have is said by other keys, or has no meaning. */
static int read_url(
    struct arena *a, CURLU *u, struct smtp_address *out, struct err *e)
{
	const char *scheme = get(a, u, CURLUPART_SCHEME);
	const char *host = get(a, u, CURLUPART_HOST);
	const char *port = get(a, u, CURLUPART_PORT);

	out->secure = str_eq(scheme, "smtps");
	if (host[0] == '\0' || (!out->secure && !str_eq(scheme, "smtp")))
		return err_set(e, "smtp://host:587 or smtps://host is wanted");
	if (get(a, u, CURLUPART_USER)[0] != '\0')
		return err_set(
		    e, "a login belongs into user: and password_file:");
	if (strlen(get(a, u, CURLUPART_PATH)) > 1 ||
	    get(a, u, CURLUPART_QUERY)[0] != '\0')
		return err_set(e, "the address of a server has no path");
	out->here = is_here(host);
	out->server =
	    port[0] == '\0' ? host : arena_printf(a, "%s:%s", host, port);
	return 0;
}

int smtp_address(
    struct arena *a, const char *url, struct smtp_address *out, struct err *e)
{
	CURLU *u = curl_url();
	int rc;

	*out = (struct smtp_address){0};
	if (u == NULL || curl_url_set(u, CURLUPART_URL, url,
			     CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
		rc = err_set(e, "smtp://host:587 or smtps://host is wanted");
	else
		rc = read_url(a, u, out, e);
	curl_url_cleanup(u);
	return rc;
}

/*
 * Each line of each reply. The newest refusal counts, until something is
 * accepted; that the connection ends well (221) takes no refusal back.
 */
static size_t on_line(char *p, size_t size, size_t n, void *ctx)
{
	struct sending *s = ctx;
	struct span words;
	long code;

	n *= size;
	s->heard += n;
	if (s->heard > HEARD_MAX)
		return 0;
	if (n < STEM || p[0] < '2' || p[0] > '5')
		return n;
	code = (p[0] - '0') * 100L + (p[1] - '0') * 10L + (p[2] - '0');
	if (code == 221)
		return n;
	if (code != s->refusal)
		buf_reset(&s->reply);
	s->refusal = code >= 400 ? code : 0;
	words = str_trim((struct span){p + STEM, n - STEM});
	if (s->refusal != 0) {
		(void)buf_add_some(&s->reply, " ", 1);
		(void)buf_add_some(&s->reply, words.p, words.n);
	}
	return n;
}

static void add(struct sending *s, const char *head)
{
	struct curl_slist *longer = curl_slist_append(s->heads, head);

	if (longer != NULL)
		s->heads = longer;
}

static void set_heads(struct sending *s)
{
	struct arena *a = s->arena;
	const struct mail *m = s->mail;
	const char *before;

	add(s, mail_header_date(a, m->date));
	add(s, mail_header_mailbox(a, "From", &s->from));
	add(s, mail_header_mailbox(a, "To", &s->to));
	add(s, mail_header(a, "Subject", m->subject));
	add(s, arena_printf(a, "Message-ID: %s",
		   mail_message_id(a, m->id, &s->from, &s->to)));
	if (m->thread != NULL) {
		before = mail_message_id(a, m->thread, &s->from, &s->to);
		add(s, arena_printf(a, "In-Reply-To: %s", before));
		add(s, arena_printf(a, "References: %s", before));
	}
	add(s, "Auto-Submitted: auto-generated"); /* RFC 3834 */
	set(s, CURLOPT_HTTPHEADER, s->heads);
}

static void set_security(struct sending *s)
{
	const struct smtp *smtp = s->smtp;
	bool plain =
	    smtp->tls == SMTP_PLAIN ||
	    (smtp->tls == SMTP_AUTO && s->address.here && smtp->user == NULL);

	set(s, CURLOPT_USE_SSL,
	    (long)(plain && !s->address.secure ? CURLUSESSL_NONE
					       : CURLUSESSL_ALL));
	if (smtp->ca_file != NULL) {
		set(s, CURLOPT_CAINFO, smtp->ca_file);
		set(s, CURLOPT_CAPATH, NULL);
	}
	if (smtp->user != NULL) {
		set(s, CURLOPT_USERNAME, smtp->user);
		set(s, CURLOPT_PASSWORD, s->password);
	}
}

static int arm(struct sending *s, struct err *e)
{
	curl_global_init(CURL_GLOBAL_DEFAULT);
	s->easy = curl_easy_init();
	if (s->easy == NULL)
		return err_code(e, MAIL_LATER, "curl: no handle");
	set(s, CURLOPT_URL, s->smtp->url);
	set(s, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	set(s, CURLOPT_PROXY, "");
	set(s, CURLOPT_ERRORBUFFER, s->error);
	set(s, CURLOPT_NOSIGNAL, 1L);
	set(s, CURLOPT_QUICK_EXIT, 1L); /* don't wait for a resolver */
	set(s, CURLOPT_HEADERFUNCTION, on_line);
	set(s, CURLOPT_HEADERDATA, s);
	set(s, CURLOPT_TIMEOUT_MS, (long)ceil(s->smtp->timeout * 1000));
	set(s, CURLOPT_MAIL_FROM, s->from.address);
	s->recipient = curl_slist_append(NULL, s->to.address);
	set(s, CURLOPT_MAIL_RCPT, s->recipient);
	set_security(s);
	set_heads(s);
	if (mail_mime(s->arena, s->easy, s->mail, &s->mime, e) != 0)
		return -1;
	set(s, CURLOPT_MIMEPOST, s->mime);
	return 0;
}

/*
 * A login that is wanted or was refused (RFC 4954) is no judgement on the
 * letter: it goes once the login is mended.
 */
static bool is_about_login(long code)
{
	return code == 530 || code == 534 || code == 535 || code == 538;
}

static int refused(struct sending *s, struct err *e)
{
	char words[REPLY_MAX + 1];

	str_clean_into(words, sizeof(words), buf_text(&s->reply), s->reply.len);
	str_one_line(words);
	return err_code(e,
	    s->refusal >= 500 && !is_about_login(s->refusal) ? MAIL_NEVER
							     : MAIL_LATER,
	    "%ld%s", s->refusal, words);
}

/* curl's own words where there are none that say more. */
static int failed(struct sending *s, CURLcode rc, struct err *e)
{
	long code = 0;

	if (s->heard > HEARD_MAX)
		return err_code(e, MAIL_LATER, "it says too much");
	if (s->refusal != 0)
		return refused(s, e);
	if (rc == CURLE_OPERATION_TIMEDOUT)
		return err_code(e, MAIL_LATER, "it was not taken in %g s",
		    s->smtp->timeout);
	if (rc == CURLE_COULDNT_CONNECT) {
		curl_easy_getinfo(s->easy, CURLINFO_OS_ERRNO, &code);
		return err_code(e, MAIL_LATER, "no connection: %s",
		    code != 0 ? strerror((int)code) : "unknown reason");
	}
	if (rc == CURLE_USE_SSL_FAILED) {
		err_code(e, MAIL_LATER, "it offers no STARTTLS");
		return err_hint(e, "tls: none sends without encryption");
	}
	return err_code(e, MAIL_LATER, "%s",
	    s->error[0] != '\0' ? s->error : curl_easy_strerror(rc));
}

static int post(struct sending *s, struct err *e)
{
	CURLcode rc = curl_easy_perform(s->easy);

	if (rc == CURLE_OK)
		return 0;
	(void)failed(s, rc, e);
	return err_context(e, "%s", s->address.server);
}

static int prepare(struct sending *s, struct err *e)
{
	const struct smtp *smtp = s->smtp;

	if (mailbox_parse(s->arena, s->mail->from, &s->from, e) != 0 ||
	    mailbox_parse(s->arena, s->mail->to, &s->to, e) != 0) {
		e->code = MAIL_NEVER;
		return -1;
	}
	if (smtp_address(s->arena, smtp->url, &s->address, e) == 0 &&
	    (smtp->user == NULL ||
		file_read_secret(
		    s->arena, smtp->password_file, &s->password, e) == 0))
		return 0;
	e->code = MAIL_LATER; /* once the configuration is mended */
	return -1;
}

int mail_send(const struct smtp *smtp, const struct mail *mail, struct err *e)
{
	struct sending s = {.arena = arena_new(), .smtp = smtp, .mail = mail};
	int rc;

	buf_init(&s.reply, REPLY_MAX);
	rc = prepare(&s, e);
	if (rc == 0)
		rc = arm(&s, e);
	if (rc == 0)
		rc = post(&s, e);
	curl_easy_cleanup(s.easy);
	curl_mime_free(s.mime);
	curl_slist_free_all(s.heads);
	curl_slist_free_all(s.recipient);
	buf_free(&s.reply);
	arena_free(s.arena);
	return rc;
}
