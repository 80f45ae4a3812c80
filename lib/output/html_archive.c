/* The page that lists snapshots: see archive.h. */
#include <string.h>

#include "base/clock.h"
#include "base/crypto.h"
#include "chart/unit.h"
#include "output/archive.h"
#include "output/html_private.h"
#include "output/thumb.h"

#define DAY "%A %-d %B %Y"

struct listing {
	const struct archive *archive;
	struct arena *arena;
	struct dict *root;
};

static const char *size(struct arena *a, uint64_t bytes)
{
	return unit_text(a, UNIT_BYTES, (double)bytes);
}

static int style(
    struct html *h, struct arena *a, struct span *out, struct err *e)
{
	struct span own;
	char *css;

	if (html_asset(h, "archive.css", "</style", &own, e) != 0)
		return -1;
	css = arena_printf(
	    a, "%.*s%.*s", (int)h->css.n, h->css.p, (int)own.n, own.p);
	*out = (struct span){css, h->css.n + own.n};
	return 0;
}

static void head(const struct listing *l, struct span css)
{
	const struct archive *x = l->archive;
	struct dict *d = l->root;
	const char *csp = arena_printf(l->arena,
	    "default-src 'none'; style-src 'sha256-%s'; img-src 'self' data:; "
	    "base-uri 'none'; form-action 'none'",
	    crypto_sha256_base64(l->arena, css.p, css.n));

	dict_text(d, "TITLE", x->title);
	dict_text(d, "ZONE", x->zone);
	dict_text(d, "VERSION", x->version);
	dict_text(d, "DIGEST", x->key);
	dict_text(d, "LIMITS", x->limits);
	dict_text(d, "SUMMARY",
	    x->n == 0 ? "none yet"
		      : arena_printf(l->arena, "%zu of them, %s", x->n,
			    size(l->arena, x->bytes)));
	dict_markup(d, "CSP", csp, strlen(csp));
	dict_markup(d, "CSS", css.p, css.n);
	dict_show(d, x->n == 0 ? "EMPTY" : "LISTED");
	if (x->warning != NULL)
		dict_text(dict_section(d, "WARNING"), "TEXT", x->warning);
}

/* The first of its files is what its title leads to. */
static void files(
    const struct listing *l, struct dict *d, const struct archive_entry *x)
{
	dict_text(d, "HREF", x->files[0].href);
	for (size_t i = 0; i < x->n_files; i++) {
		struct dict *file = dict_section(d, "FILE");

		dict_text(file, "HREF", x->files[i].href);
		dict_text(file, "KIND", x->files[i].format);
		dict_text(file, "SIZE", size(l->arena, x->files[i].bytes));
	}
}

static void picture(struct dict *d, const struct archive_entry *x)
{
	if (x->light == NULL) {
		dict_show(d, "PLAIN");
		return;
	}
	d = dict_section(d, "PICTURE");
	html_number(d, "PIXELS_WIDE", THUMB_WIDTH);
	html_number(d, "PIXELS_HIGH", THUMB_HEIGHT);
	dict_text(d, "SOURCE", x->light);
	dict_text(d, "ALT", x->shows[0] != '\0' ? x->shows : x->page);
	if (x->dark != NULL)
		dict_text(dict_section(d, "DARK"), "SOURCE", x->dark);
}

static void alerts(
    const struct listing *l, struct dict *d, const struct archive_entry *x)
{
	const char *names = "";

	if (!x->told)
		return;
	if (x->n_alerts == 0) {
		dict_show(d, "CALM");
		return;
	}
	for (size_t i = 0; i < x->alerts.n; i++)
		names = arena_printf(l->arena, "%s%s%s", names,
		    i > 0 ? ", " : "", x->alerts.items[i]);
	if (x->n_alerts > x->alerts.n)
		names = arena_printf(l->arena, "%s and %zu more", names,
		    x->n_alerts - x->alerts.n);
	d = dict_section(d, "ALERTING");
	dict_text(d, "ALARMS",
	    x->n_alerts == 1
		? "1 alert fired"
		: arena_printf(l->arena, "%zu alerts fired", x->n_alerts));
	dict_text(d, "TEXT", names);
}

static void entry(
    const struct listing *l, struct dict *day, const struct archive_entry *x)
{
	struct dict *d = dict_section(day, "SHOT");

	dict_text(d, "ID", x->name);
	dict_text(d, "PAGE_TITLE", x->page);
	dict_text(d, "TIME", clock_format(l->arena, "%H:%M", x->moment));
	dict_text(d, "STARTED_ISO", clock_iso(l->arena, x->moment));
	files(l, d, x);
	picture(d, x);
	alerts(l, d, x);
	if (x->from != 0)
		dict_text(dict_section(d, "PERIOD"), "TEXT",
		    clock_duration(l->arena, (double)(x->moment - x->from)));
	if (x->taken >= x->moment + 60)
		dict_text(dict_section(d, "PAST"), "PRINTED",
		    clock_format(l->arena, "%H:%M on %-d %B %Y", x->taken));
	if (x->reason[0] != '\0')
		dict_text(dict_section(d, "HAS_NOTE"), "NOTE", x->reason);
	if (x->marked)
		dict_show(d, "MARKED");
}

static void entries(const struct listing *l)
{
	const char *day = "", *before = "";
	struct dict *d = NULL;

	for (size_t i = 0; i < l->archive->n; i++) {
		const struct archive_entry *x = &l->archive->entries[i];

		day = clock_format(l->arena, DAY, x->moment);
		if (d == NULL || !str_eq(day, before)) {
			d = dict_section(l->root, "GROUP");
			dict_text(d, "DATE", day);
			dict_text(d, "ID",
			    clock_format(l->arena, "%Y-%m-%d", x->moment));
		}
		before = day;
		entry(l, d, x);
	}
}

int html_archive(
    struct html *h, const struct archive *x, struct buf *b, struct err *e)
{
	struct listing l = {x, arena_new(), dict_new()};
	int rc = l.root == NULL ? err_set(e, "no memory") : 0;
	struct span css;

	if (rc == 0)
		rc = style(h, l.arena, &css, e);
	if (rc == 0) {
		head(&l, css);
		entries(&l);
		rc = template_expand(h->templates, "archive.tpl", l.root, b, e);
	}
	dict_free(l.root);
	arena_free(l.arena);
	return rc;
}
