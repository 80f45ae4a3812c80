#include "run/archive_facts.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "output/thumb.h"

#define FACTS_MAX 65536
#define COUNT_MAX 1e6

void facts_write(
    const struct capsule *c, const char *reason, struct arena *a, struct buf *b)
{
	const struct report *r = c->report;
	struct json *root = json_object_new(), *alerts;
	size_t named = 0;

	json_put_text(root, "broadsheet", r->version);
	json_put_text(root, "page", c->page->title);
	json_put_text(root, "moment", clock_iso(a, r->started));
	json_put_text(root, "from", clock_iso(a, c->from));
	json_put_text(root, "taken", clock_iso(a, r->printed));
	json_put_text(root, "reason", reason);
	json_put_text(root, "shows", thumb_words(a, c->page));
	json_put_int(
	    root, "n_alerts", (int64_t)alerts_hot(r->alerts, r->n_alerts));
	alerts = json_put_array(root, "alerts");
	for (size_t i = 0; i < r->n_alerts && named < FACTS_ALERTS; i++) {
		const struct alert *x = &r->alerts[i];

		if (!alert_is_hot(x))
			continue;
		json_add_text(
		    alerts, arena_printf(a, "%s: %s", x->rule, x->series));
		named++;
	}
	json_write(root, 1, b);
	buf_char(b, '\n');
	json_free(root);
}

static void read_text(
    struct arena *a, const struct json *root, const char *key, const char **out)
{
	const char *text = json_text_of(json_get(root, key));

	if (text != NULL)
		*out = arena_strdup(a, text);
}

static void read_time(const struct json *root, const char *key, int64_t *out)
{
	const char *text = json_text_of(json_get(root, key));
	struct err ignored;
	int64_t ts;

	if (text != NULL && strchr(text, 'T') != NULL &&
	    clock_parse(text, 0, &ts, &ignored) == 0)
		*out = ts;
}

static void read_alerts(
    struct arena *a, const struct json *root, struct archive_entry *x)
{
	const struct json *alerts = json_get(root, "alerts");
	double n = json_number_of(json_get(root, "n_alerts"));

	if (!(n >= 0 && n <= COUNT_MAX))
		return;
	x->told = true;
	x->n_alerts = (size_t)n;
	for (size_t i = 0; i < json_count(alerts) && i < FACTS_ALERTS; i++) {
		const char *text = json_text_of(json_at(alerts, i));

		if (text != NULL)
			strings_add(a, &x->alerts, arena_strdup(a, text));
	}
}

void facts_read(struct arena *a, const char *path, struct archive_entry *x)
{
	struct span text;
	struct err ignored;
	struct json *root;

	if (file_read(a, path, FACTS_MAX, &text, &ignored) != 0 ||
	    (root = json_parse(text.p, text.n, &ignored)) == NULL)
		return;
	read_text(a, root, "page", &x->page);
	read_text(a, root, "reason", &x->reason);
	read_text(a, root, "shows", &x->shows);
	read_time(root, "moment", &x->moment);
	read_time(root, "from", &x->from);
	read_time(root, "taken", &x->taken);
	read_alerts(a, root, x);
	json_free(root);
}
