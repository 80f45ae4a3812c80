/* The lines of logs: log.tpl. */
#include "output/html_private.h"

static const char *const heights[] = {
    [LOG_SHORT] = "short",
    [LOG_MEDIUM] = "medium",
    [LOG_TALL] = "tall",
    [LOG_WHOLE] = "whole",
};

/* An error or a warning bears a mark and a word, and a class for its style. */
static void serious(struct dict *line, const char *level)
{
	bool error = str_eq(level, "error");

	if (!error && !str_eq(level, "warn"))
		return;
	dict_show(line, "SERIOUS");
	dict_text(line, "LEVEL", level);
	dict_text(line, "MARK", error ? "✕" : "!");
}

static void rates(struct dict *d, const struct block *b, struct arena *a)
{
	struct dict *part, *rate;

	if (b->n_rates == 0)
		return;
	part = dict_section(d, "RATES");
	for (size_t i = 0; i < b->n_rates; i++) {
		const struct log_rate *r = &b->rates[i];

		rate = dict_section(part, "RATE");
		html_number(rate, "COLOUR", r->colour);
		dict_text(rate, "SOURCE", r->source);
		if (r->text != NULL)
			dict_text(rate, "TEXT", r->text);
		if (r->spark != NULL)
			html_spark(rate, r->spark,
			    arena_printf(a, "%s-%zu", b->id, i + 1));
	}
}

static void line(struct dict *d, const struct log_row *l)
{
	html_number(d, "COLOUR", l->colour);
	dict_text(d, "TIME", l->time);
	dict_text(d, "SOURCE", l->source);
	dict_text(d, "TEXT", l->text);
	serious(d, l->level);
	if (l->at != 0)
		html_number(dict_section(d, "RECENT"), "AT", (double)l->at);
}

void html_log(struct dict *panel, const struct block *b, struct arena *a)
{
	struct dict *d;

	if (b->n_log == 0 && b->n_rates == 0)
		return;
	d = html_part(panel, b, "LOG", "log.tpl");
	rates(d, b, a);
	if (b->n_log == 0)
		return;
	d = dict_section(d, "LINES");
	dict_text(d, "HEIGHT", heights[b->log_height]);
	if (b->log_left_out != NULL)
		dict_text(dict_section(d, "LEFT_OUT"), "TEXT", b->log_left_out);
	for (size_t i = 0; i < b->n_log; i++)
		line(dict_section(d, "LINE"), &b->log[i]);
}
