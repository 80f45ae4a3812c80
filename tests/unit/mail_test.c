#include "test.h"

#include "base/clock.h"
#include "notify/mail.h"

#include <string.h>

static struct arena *arena;

static int setup(void **state)
{
	struct err e;

	(void)state;
	arena = arena_new();
	return clock_set_zone("Europe/Berlin", &e);
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void address(const char *text, const char *name, const char *wanted)
{
	struct mailbox m;
	struct err e;

	assert_int_equal(mailbox_parse(arena, text, &m, &e), 0);
	assert_string_equal(m.name, name);
	assert_string_equal(m.address, wanted);
}

static void test_mailboxes(void **state)
{
	(void)state;
	address("ops@example.net", "", "ops@example.net");
	address(" <ops@example.net> ", "", "ops@example.net");
	address("On call <ops+1@example.net>", "On call", "ops+1@example.net");
	address(
	    "\"Call, on \\\"x\\\"\" <o@e.net>", "Call, on \"x\"", "o@e.net");
	address("Zoë <z@localhost>", "Zoë", "z@localhost");
}

static void test_what_is_no_mailbox(void **state)
{
	static const char *const bad[] = {"", "ops", "@", "a@", "@b", "a@b@c",
	    "a b@c", "a..b@c", ".a@c", "a@c.", "a@-\r\nRCPT TO:<x@y>",
	    "a@b\r\nX: y", "<a@b", "a@b>", "a,b@c", "\"a b\"@c", "ü@c", "a@ü",
	    "a@[127.0.0.1]", "a@b <c@d", "<a@b> <>"};
	struct mailbox m;
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (mailbox_parse(arena, bad[i], &m, &e) == 0)
			fail_msg("'%s' was taken", bad[i]);
	assert_int_equal(mailbox_parse(arena, "a b@c", &m, &e), -1);
	assert_string_equal(e.text, "'a b@c' is no mail address");
}

static void test_too_long_a_mailbox(void **state)
{
	char text[300];
	struct mailbox m;
	struct err e;

	(void)state;
	memset(text, 'a', sizeof(text));
	memcpy(text + 65, "@b", 3);
	assert_int_equal(mailbox_parse(arena, text, &m, &e), -1);
	assert_int_equal(mailbox_parse(arena, text + 1, &m, &e), 0);
	memset(text, 'a', sizeof(text));
	memcpy(text, "a@", 2);
	text[255] = '\0';
	assert_int_equal(mailbox_parse(arena, text, &m, &e), -1);
	text[254] = '\0';
	assert_int_equal(mailbox_parse(arena, text, &m, &e), 0);
}

static void test_subjects(void **state)
{
	(void)state;
	assert_string_equal(mail_header(arena, "Subject", "app2 is busy"),
	    "Subject: app2 is busy");
	assert_string_equal(mail_header(arena, "Subject", "▲ app2"),
	    "Subject: =?UTF-8?B?4payIGFwcDI=?=");
	assert_string_equal(mail_header(arena, "Subject", "=?UTF-8?B?eA==?="),
	    "Subject: =?UTF-8?B?PT9VVEYtOD9CP2VBPT0/PQ==?=");
	assert_string_equal(
	    mail_header(arena, "Subject", "a\r\nBcc: x@example.net\n\x1b[1mb"),
	    "Subject: =?UTF-8?B?Ye+/vSBCY2M6IHhAZXhhbXBsZS5uZXQgYg==?=");
}

/* Lines of at most 76 characters, each of whole characters. */
static void test_long_subjects_are_folded(void **state)
{
	char text[4000];
	const char *s, *end;
	size_t lines = 0;

	(void)state;
	for (size_t i = 0; i + 4 < sizeof(text); i += 4)
		memcpy(text + i, "\xf0\x9f\x94\xa5", 5);
	for (s = mail_header(arena, "Subject", text); s != NULL; lines++) {
		end = strstr(s, "\r\n ");
		assert_in_range(end != NULL ? end - s : (long)strlen(s), 1, 76);
		s = end != NULL ? end + 2 : NULL;
	}
	assert_int_equal(lines, 14); /* 500 bytes by 36 */
}

static void test_names(void **state)
{
	struct mailbox plain = {"", "o@e.net"},
		       named = {"A \"b\" \\", "o@e.net"};
	struct mailbox far = {"Zoë\r\nBcc: x@y", "o@e.net"};

	(void)state;
	assert_string_equal(
	    mail_header_mailbox(arena, "To", &plain), "To: o@e.net");
	assert_string_equal(mail_header_mailbox(arena, "To", &named),
	    "To: \"A \\\"b\\\" \\\\\"\r\n <o@e.net>");
	assert_string_equal(mail_header_mailbox(arena, "To", &far),
	    "To: =?UTF-8?B?Wm/Dq++/vSBCY2M6IHhAeQ==?=\r\n <o@e.net>");
}

static void test_dates(void **state)
{
	(void)state;
	assert_string_equal(mail_header_date(arena, 1793330040),
	    "Date: Fri, 30 Oct 2026 04:14:00 +0100");
}

static void test_message_ids(void **state)
{
	struct mailbox from = {"", "dash@example.net"};
	struct mailbox a = {"", "a@example.net"}, b = {"", "b@example.net"};
	const char *one = mail_message_id(arena, "busy 1", &from, &a);

	(void)state;
	assert_string_equal(one, mail_message_id(arena, "busy 1", &from, &a));
	assert_string_not_equal(
	    one, mail_message_id(arena, "busy 2", &from, &a));
	assert_string_not_equal(
	    one, mail_message_id(arena, "busy 1", &from, &b));
	assert_int_equal(strlen(one), 1 + 40 + strlen("@example.net>"));
	assert_non_null(strstr(one, "@example.net>"));
}

static const char *fault(const struct mail_conf *conf)
{
	static const char yaml[] = "smtp: x\nfrom: x\ntls: none\n";
	struct faults f = {.arena = arena};
	const struct node *n =
	    node_parse(arena, "t.yaml", yaml, sizeof(yaml) - 1, &f);

	mail_check(conf, n, &f);
	return f.n == 0 ? "" : f.items[0].text;
}

static const char *url_fault(const char *url)
{
	struct mail_conf conf = {.from = "a@b", .smtp.url = url};

	return fault(&conf);
}

static void test_what_is_wrong_with_a_server(void **state)
{
	struct mail_conf conf = {.from = "me", .smtp.url = "smtp://h"};

	(void)state;
	assert_string_equal(url_fault("smtp://mail.example.net"), "");
	assert_string_equal(url_fault("smtps://mail.example.net:4650/"), "");
	assert_string_equal(url_fault("smtp://[::1]:25"), "");
	assert_string_equal(url_fault("mail.example.net"),
	    "smtp: smtp://host:587 or smtps://host is wanted");
	assert_string_equal(url_fault("http://mail.example.net"),
	    "smtp: smtp://host:587 or smtps://host is wanted");
	assert_string_equal(url_fault("smtp://me:secret@host"),
	    "smtp: a login belongs into user: and password_file:");
	assert_string_equal(url_fault("smtp://host/name"),
	    "smtp: the address of a server has no path");
	assert_string_equal(fault(&conf), "from: 'me' is no mail address");
	conf = (struct mail_conf){"a@b", {.url = "smtp://h", .user = "me"}};
	assert_string_equal(fault(&conf), "password_file is missing");
	conf.smtp = (struct smtp){.url = "smtps://h", .tls = SMTP_PLAIN};
	assert_string_equal(
	    fault(&conf), "tls: is for smtp://; smtps:// is TLS in any case");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_mailboxes),
	    cmocka_unit_test(test_what_is_no_mailbox),
	    cmocka_unit_test(test_too_long_a_mailbox),
	    cmocka_unit_test(test_subjects),
	    cmocka_unit_test(test_long_subjects_are_folded),
	    cmocka_unit_test(test_names),
	    cmocka_unit_test(test_dates),
	    cmocka_unit_test(test_message_ids),
	    cmocka_unit_test(test_what_is_wrong_with_a_server),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
