#include "snapshot_mail.h"
#include "chart/unit.h"
#include "run/post.h"

#include <stdio.h>

/* Each address once. */
static int check_recipients(struct invocation *in, struct err *e)
{
	struct strings once = {0}, addresses = {0};
	struct mailbox m;

	for (size_t i = 0; i < in->mail.n; i++) {
		const char *to = in->mail.items[i];
		bool known = false;

		if (mailbox_parse(in->arena, to, &m, e) != 0)
			return err_context(e, "--mail");
		for (size_t k = 0; k < addresses.n; k++)
			known |= str_eq(addresses.items[k], m.address);
		if (known)
			continue;
		strings_add(in->arena, &addresses, m.address);
		strings_add(in->arena, &once, to);
	}
	in->mail = once;
	return 0;
}

int mail_prepare(struct invocation *in, const struct plan *plan,
    const struct capsule_kind **kind, struct err *e)
{
	if (plan->mail.from == NULL) {
		err_set(e, "--mail: %s has no mail:", plan->file);
		return err_hint(e, "mail: {smtp: smtp://mail.example.net:587, "
				   "from: dash@example.net} says how it is "
				   "sent");
	}
	if (check_recipients(in, e) != 0)
		return -1;
	*kind = in->format != NULL ? capsule_kind(in->format, e) : post_kind();
	return *kind == NULL ? -1 : 0;
}

static void say(
    void *ctx, const char *to, size_t bytes, const struct err *failed)
{
	const struct invocation *in = ctx;
	struct err e;

	if (failed == NULL) {
		if (!in->quiet)
			printf("%s: sent, with a file of %s\n", to,
			    unit_text(in->arena, UNIT_BYTES, (double)bytes));
		return;
	}
	e = *failed;
	(void)err_context(&e, "%s: not sent", to);
	if (failed->hint[0] == '\0' && failed->code == MAIL_LATER)
		(void)err_hint(&e, "it may be taken later");
	complain(&e, EXIT_FATAL);
}

int mail_snapshot(struct invocation *in, const struct plan *plan,
    struct snapshot *s, const struct capsule_kind *kind)
{
	struct post post = {.plan = plan,
	    .to = &in->mail,
	    .note = in->note,
	    .kind = kind,
	    .now = in->now,
	    .done = say,
	    .ctx = in};
	struct err e = {0};
	int rc = post_snapshot(s, &post, &e);

	if (rc < 0)
		return complain(&e, EXIT_FATAL);
	return rc == 0 ? EXIT_WELL : EXIT_FATAL;
}
