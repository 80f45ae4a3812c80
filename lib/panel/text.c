/*
 * Words of the user's own.
 */
#include <stddef.h>
#include <string.h>

#include "panel/panel.h"

struct conf {
	const char *body;
};

static const struct option options[] = {
    {"body", OPTION_TEXT, offsetof(struct conf, body),
	.help = "what it says, with an empty line between paragraphs; without "
		"it the title is the text"},
    {0},
};

static bool blank(struct span line)
{
	return str_trim(line).n == 0;
}

/* Lines of a paragraph are joined; how they were broken means nothing. */
static void split(struct arena *a, const char *text, struct strings *out)
{
	struct span rest = {text, strlen(text)}, line;
	const char *paragraph = NULL;

	while (str_line(&rest, &line)) {
		struct span words = str_trim(line);

		if (blank(line)) {
			if (paragraph != NULL)
				strings_add(a, out, paragraph);
			paragraph = NULL;
		} else if (paragraph == NULL) {
			paragraph = arena_strndup(a, words.p, words.n);
		} else {
			paragraph = arena_printf(
			    a, "%s %.*s", paragraph, (int)words.n, words.p);
		}
	}
	if (paragraph != NULL)
		strings_add(a, out, paragraph);
}

static int build(const struct panel_input *in, struct block *b, struct arena *a,
    struct err *e)
{
	const struct conf *c = in->conf;

	bool has_body = c->body != NULL && c->body[0] != '\0';

	(void)e;
	b->state = PANEL_OK;
	split(a, has_body ? c->body : in->title, &b->paragraphs);
	if (!has_body)
		b->title = "";
	return 0;
}

const struct panel_kind panel_text = {
    .name = "text",
    .help = "words of your own",
    .options = options,
    .conf_size = sizeof(struct conf),
    .needs = NEEDS_NOTHING,
    .build = build,
};
