/*
 * mail: a letter to each of some people, by the server of `mail:`.
 */
#include "notify/channel.h"
#include "notify/mail.h"

struct conf {
	struct strings mail;
	const char *smtp, *from;
};

#define AT(member) offsetof(struct conf, member)

static const struct option options[] = {
    {"mail", OPTION_LIST, AT(mail), .required = true,
	.help = "an address or a list of them; each is written to on its own"},
    {"smtp", OPTION_TEXT, AT(smtp),
	.help = "another server than that of mail: at the top level, such as "
		"smtp://localhost; who logs in there does not log in here"},
    {"from", OPTION_TEXT, AT(from), .help = "another sender"},
    {0},
};

static const struct node *item(const struct node *list, size_t i)
{
	return list->kind == NODE_LIST && i < list->n ? list->items[i] : list;
}

static void check_mailbox(const char *key, const char *text,
    const struct node *at, struct faults *faults)
{
	struct mailbox ignored;
	struct err e;

	if (mailbox_parse(faults->arena, text, &ignored, &e) != 0)
		fault_at(faults, at, "%s: %s", key, e.text);
}

static void check(void *p, const struct node *node, struct faults *faults)
{
	const struct conf *conf = p;
	const struct node *list = node_get(node, "mail");
	struct smtp own = {.url = conf->smtp};

	if (list != NULL && conf->mail.n == 0)
		fault_at(faults, list, "mail: the list is empty");
	for (size_t i = 0; list != NULL && i < conf->mail.n; i++)
		check_mailbox(
		    "mail", conf->mail.items[i], item(list, i), faults);
	if (conf->from != NULL)
		check_mailbox(
		    "from", conf->from, node_get(node, "from"), faults);
	if (conf->smtp != NULL)
		smtp_check(&own, node, faults);
}

static const struct strings *recipients(const void *p)
{
	const struct conf *conf = p;

	return &conf->mail;
}

/* Its own server, if it has one: no password goes there. */
static struct smtp server_of(const struct sending *s)
{
	const struct conf *conf = s->channel->conf;
	struct smtp smtp = s->channel->mail->smtp;

	if (conf->smtp != NULL) {
		smtp.url = conf->smtp;
		smtp.user = smtp.password_file = NULL;
		smtp.tls = SMTP_AUTO;
	}
	if (smtp.timeout <= 0)
		smtp.timeout = s->channel->common.timeout;
	if (node_get(s->channel->node, "timeout") != NULL)
		smtp.timeout = s->channel->common.timeout;
	if (smtp.timeout > s->left)
		smtp.timeout = s->left;
	return smtp;
}

/*
 * Who takes no file, or none so large, is told all the same. Files are behind
 * the pictures of the text.
 */
static int send_bare(const struct smtp *smtp, struct mail *mail, struct err *e)
{
	while (mail->n_parts > 0 && mail->parts[mail->n_parts - 1].cid == NULL)
		mail->n_parts--;
	err_clear(e);
	return mail_send(smtp, mail, e);
}

static int send(struct sending *s, struct arena *a, struct err *e)
{
	const struct conf *conf = s->channel->conf;
	const struct message *m = s->message;
	struct smtp smtp = server_of(s);
	struct mail mail = {
	    .id = m->id,
	    .thread = m->key,
	    .date = m->made,
	    .from = conf->from != NULL ? conf->from : s->channel->mail->from,
	    .to = s->recipient,
	    .subject = m->subject,
	    .text = m->text,
	    .html = m->html,
	    .parts = m->parts,
	    .n_parts = m->n_parts,
	};
	int rc;

	(void)a;
	rc = mail_send(&smtp, &mail, e);
	if (rc != 0 && e->code == MAIL_NEVER && mail.n_parts > 0)
		rc = send_bare(&smtp, &mail, e);
	if (rc == 0)
		return 0;
	s->never = e->code == MAIL_NEVER;
	return -1;
}

/* What the channel needs of mail: at the top level. */
static void complete(const struct channel *c, struct faults *faults)
{
	const struct conf *conf = c->conf;

	if (c->mail->smtp.url == NULL && conf->smtp == NULL)
		fault_at(faults, c->node,
		    "there is no server: mail: at the top level has smtp:");
	if (c->mail->from == NULL && conf->from == NULL)
		fault_at(faults, c->node,
		    "there is no sender: mail: at the top level has from:");
}

const struct channel_kind channel_mail = {
    .name = "mail",
    .help = "a letter to each of some people",
    .options = options,
    .conf_size = sizeof(struct conf),
    .attaches = true,
    .check = check,
    .complete = complete,
    .recipients = recipients,
    .send = send,
};
