#include "run/post.h"

#include "base/clock.h"
#include "base/crypto.h"

/* Mail servers turn HTML away more often than archives. */
#define ATTACHED "zip"

/* "field-operations-2026-11-22-0314.html" */
static const char *file_name(
    struct arena *a, const struct capsule *c, const struct capsule_kind *kind)
{
	return arena_printf(a, "%s-%s%s", str_slug(a, c->report->title),
	    clock_format(a, "%Y-%m-%d-%H%M", c->report->started), kind->suffix);
}

/* The same snapshot, taken twice, is two letters. */
static const char *id_of(struct arena *a, const struct buf *file, int64_t now)
{
	char hex[CRYPTO_SHA256_HEX];

	crypto_sha256_hex(buf_text(file), file->len, hex);
	return arena_printf(a, "snapshot %s %lld", hex, (long long)now);
}

static int send_all(const struct post *p, struct mail *mail, size_t bytes)
{
	int rc = 0;

	for (size_t i = 0; i < p->to->n; i++) {
		struct err e = {0};

		mail->to = p->to->items[i];
		if (mail_send(&p->plan->mail.smtp, mail, &e) == 0) {
			p->done(p->ctx, mail->to, bytes, NULL);
		} else {
			p->done(p->ctx, mail->to, bytes, &e);
			rc = 1;
		}
	}
	return rc;
}

const struct capsule_kind *post_kind(void)
{
	struct err ignored;
	const struct capsule_kind *zip = capsule_kind(ATTACHED, &ignored);

	return zip != NULL ? zip : capsule_kinds[0];
}

int post_compose(struct snapshot *s, struct arena *a,
    const struct capsule_kind *kind, struct letter_conf conf,
    struct letter *letter, struct buf *file, struct err *e)
{
	if (kind != NULL) {
		if (snapshot_print(s, kind, file, e) != 0)
			return -1;
		conf.attached = file_name(a, snapshot_capsule(s), kind);
	}
	if (snapshot_letter(s, a, &conf, letter, e) != 0)
		return -1;
	if (kind != NULL)
		letter->parts[letter->n_parts++] = (struct mail_part){NULL,
		    conf.attached, kind->media, {buf_text(file), file->len}};
	return 0;
}

static int post(struct snapshot *s, const struct post *p, struct arena *a,
    struct buf *file, struct err *e)
{
	const struct letter_conf conf = {
	    .url = p->plan->common.url, .note = p->note};
	struct letter letter = {0};
	struct mail mail;

	if (post_compose(s, a, p->kind, conf, &letter, file, e) != 0)
		return -1;
	mail = (struct mail){.id = id_of(a, file, p->now),
	    .date = p->now,
	    .from = p->plan->mail.from,
	    .subject = letter.subject,
	    .text = letter.text,
	    .html = letter.html,
	    .parts = letter.parts,
	    .n_parts = letter.n_parts};
	return send_all(p, &mail, file->len);
}

int post_snapshot(struct snapshot *s, const struct post *p, struct err *e)
{
	struct arena *a = arena_new();
	struct buf file;
	int rc;

	buf_init(&file, POST_FILE_MAX);
	rc = post(s, p, a, &file, e);
	buf_free(&file);
	arena_free(a);
	return rc;
}
