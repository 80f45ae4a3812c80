/* Alerts: a drop-down for each. */
#include "output/html_private.h"

static void alert_row(struct dict *d, const struct alert_row *r)
{
	dict_text(d, "ID", r->id);
	dict_text(d, "LOOK", r->look);
	dict_text(d, "MARK", r->mark);
	dict_text(d, "WORD", r->word);
	dict_text(d, "NAME", r->name);
	dict_text(d, "TEXT", r->text);
	if (r->snapshot != NULL)
		dict_text(dict_section(d, "SHOT"), "HREF", r->snapshot);
	if (r->open)
		dict_show(d, "OPEN");
	for (size_t i = 0; i < r->n_facts; i++) {
		struct dict *f = dict_section(d, "FACT");

		dict_text(f, "NAME", r->facts[i].name);
		dict_text(f, "VALUE", r->facts[i].value);
	}
}

void html_alerts(struct dict *block, const struct block *b)
{
	struct dict *d;

	if (b->n_alerts == 0)
		return;
	d = html_part(block, b, "ALERTS", "alerts.tpl");
	for (size_t i = 0; i < b->n_alerts; i++)
		alert_row(dict_section(d, "ALERT_ROW"), &b->alerts[i]);
	if (b->alerts_left_out != NULL)
		dict_text(dict_section(d, "FOOT"), "TEXT", b->alerts_left_out);
}
