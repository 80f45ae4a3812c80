/* `mail:` of the configuration. */
#include "notify/mail_private.h"

#define AT(member) offsetof(struct mail_conf, member)

const struct option mail_options[] = {
    {"smtp", OPTION_TEXT, AT(smtp.url), .required = true,
	.help = "the server that takes mail: smtp://host:587, or smtps://host "
		"for TLS from the first byte on"},
    {"from", OPTION_TEXT, AT(from), .required = true,
	.help = "the sender: dash@example.net, or with a name before it: "
		"Dashboard <dash@example.net>"},
    {"user", OPTION_TEXT, AT(smtp.user), .help = "who logs in to the server"},
    {"password_file", OPTION_PATH, AT(smtp.password_file),
	.help = "the file that holds the password; only its owner may be able "
		"to read it"},
    {"tls", OPTION_CHOICE, AT(smtp.tls), .choices = "auto|starttls|none",
	.deflt = "auto",
	.help = "with smtp://, whether the server must speak TLS; auto: it "
		"must, unless it is on this machine and there is no user"},
    {"ca_file", OPTION_PATH, AT(smtp.ca_file),
	.help = "certificates of the authorities to trust, PEM, instead of "
		"the machine's own: for an authority of one's own"},
    {"timeout", OPTION_DURATION, AT(smtp.timeout), .deflt = "60s", .min = 1,
	.max = 3600, .help = "how long it may take to send one mail"},
    {0},
};

void smtp_check(
    const struct smtp *smtp, const struct node *node, struct faults *f)
{
	const struct node *at = node_get(node, "smtp");
	struct smtp_address address;
	struct err e;

	if (smtp->url != NULL &&
	    smtp_address(f->arena, smtp->url, &address, &e) != 0)
		fault_at(f, at != NULL ? at : node, "smtp: %s", e.text);
	else if (smtp->url != NULL && address.secure && smtp->tls != SMTP_AUTO)
		fault_at(f, node_get(node, "tls"),
		    "tls: is for smtp://; smtps:// is TLS in any case");
	if ((smtp->user == NULL) != (smtp->password_file == NULL))
		fault_at(f, node, "%s is missing",
		    smtp->user == NULL ? "user" : "password_file");
}

void mail_check(
    const struct mail_conf *conf, const struct node *node, struct faults *f)
{
	const struct node *at = node_get(node, "from");
	struct mailbox from;
	struct err e;

	smtp_check(&conf->smtp, node, f);
	if (conf->from != NULL &&
	    mailbox_parse(f->arena, conf->from, &from, &e) != 0)
		fault_at(f, at != NULL ? at : node, "from: %s", e.text);
}
