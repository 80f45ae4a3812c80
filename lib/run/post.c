#include "run/post.h"

#include "base/clock.h"
#include "base/crypto.h"

#define FILE_MAX ((size_t)1 << 29)

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

static int post(struct snapshot *s, const struct post *p, struct arena *a,
    const struct buf *file, struct err *e)
{
	struct letter_conf conf = {
	    .url = p->plan->common.url,
	    .note = p->note,
	    .attached = file_name(a, snapshot_capsule(s), p->kind),
	};
	struct letter letter = {0};
	struct mail mail;

	if (snapshot_letter(s, a, &conf, &letter, e) != 0)
		return -1;
	letter.parts[letter.n_parts++] = (struct mail_part){
	    NULL, conf.attached, p->kind->media, {buf_text(file), file->len}};
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

	buf_init(&file, FILE_MAX);
	rc = snapshot_print(s, p->kind, &file, e);
	if (rc == 0)
		rc = post(s, p, a, &file, e);
	buf_free(&file);
	arena_free(a);
	return rc;
}
