/*
 * Sends one small letter, for tests of sending alone.
 *
 * usage: post URL FROM TO SUBJECT [KEY=VALUE...] with the keys user,
 * password_file, ca_file, tls (auto, starttls, none) and timeout
 */
#include "base/clock.h"
#include "notify/mail.h"

#include <stdio.h>
#include <string.h>

static void set(struct smtp *s, const char *key, const char *value)
{
	double v;

	if (str_eq(key, "user"))
		s->user = value;
	else if (str_eq(key, "password_file"))
		s->password_file = value;
	else if (str_eq(key, "ca_file"))
		s->ca_file = value;
	else if (str_eq(key, "timeout") && str_number(value, &v))
		s->timeout = v;
	else if (str_eq(key, "tls"))
		s->tls = str_eq(value, "none")	 ? SMTP_PLAIN
			 : str_eq(value, "auto") ? SMTP_AUTO
						 : SMTP_STARTTLS;
}

int main(int argc, char **argv)
{
	static const char png[] = "\x89PNG\r\n\x1a\n";
	const struct mail_part parts[] = {
	    {"a.png@broadsheet", "a.png", "image/png", {png, 8}},
	    {NULL, "a.csv", "text/csv", {"a,b\n.\n", 6}},
	};
	struct smtp smtp = {.timeout = 60};
	struct mail mail = {.id = "one",
	    .thread = "none",
	    .date = 1793330040,
	    .text = "Zoë\n.\nFrom here on  \n",
	    .html = "<p>Zoë</p>\n",
	    .parts = parts,
	    .n_parts = 2};
	struct err e = {0};

	if (argc < 5 || clock_set_zone("Europe/Berlin", &e) != 0)
		return 2;
	smtp.url = argv[1];
	mail.from = argv[2];
	mail.to = argv[3];
	mail.subject = argv[4];
	for (int i = 5; i < argc; i++) {
		char *value = strchr(argv[i], '=');

		if (value == NULL)
			return 2;
		*value = '\0';
		set(&smtp, argv[i], value + 1);
	}
	if (mail_send(&smtp, &mail, &e) == 0)
		return 0;
	printf("%s: %s\n", e.code == MAIL_NEVER ? "never" : "later", e.text);
	if (e.hint[0] != '\0')
		printf("hint: %s\n", e.hint);
	return 1;
}
