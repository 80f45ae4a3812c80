/* Pages of the plan: their panels and periods. */
#include "run/plan.h"
#include "run/plan_choose.h"
#include "run/plan_each.h"

#include <string.h>

#define PERIOD_MAX (100 * 366 * 86400.0)

struct page_conf {
	const char *title;
	struct strings periods;
	bool private;
	const struct node *panels;
};

const struct option plan_page_options[] = {
    {"title", OPTION_TEXT, offsetof(struct page_conf, title),
	.help = "the page's name in the navigation"},
    {"periods", OPTION_LIST, offsetof(struct page_conf, periods), .deflt = "6h",
	.help = "how far back charts reach: lengths of time, all, years or "
		"months (each there is); the first is the page, the others "
		"are its siblings"},
    {"private", OPTION_BOOL, offsetof(struct page_conf, private), .deflt = "no",
	.help = "not in the public output"},
    {"panels", OPTION_NODE, offsetof(struct page_conf, panels),
	.required = true, .help = "a list of panels"},
    {0},
};

/* "line, stat, section or text" */
static const char *any_of(struct arena *a, const struct strings *words)
{
	const char *text = "";

	for (size_t i = 0; i < words->n; i++)
		text = arena_printf(a, "%s%s%s", text,
		    i == 0	       ? ""
		    : i + 1 < words->n ? ", "
				       : " or ",
		    words->items[i]);
	return text;
}

/* A map has tiles, too: is the key an option of another kind that is there? */
static bool is_option(const struct node *n, const struct panel_kind *kind)
{
	for (size_t i = 0; panel_kinds[i] != NULL; i++) {
		const struct option *o = panel_kinds[i]->options;

		if (panel_kinds[i] == kind ||
		    node_get(n, panel_kinds[i]->name) == NULL)
			continue;
		for (; o->key != NULL; o++)
			if (str_eq(o->key, kind->name))
				return true;
	}
	return false;
}

static const struct panel_kind *find_kind(
    const struct node *n, struct faults *faults)
{
	struct strings kinds = {0};
	const char *near = NULL;

	for (size_t i = 0; panel_kinds[i] != NULL; i++) {
		if (node_get(n, panel_kinds[i]->name) != NULL &&
		    !is_option(n, panel_kinds[i]))
			return panel_kinds[i];
		strings_add(faults->arena, &kinds, panel_kinds[i]->name);
	}
	for (size_t i = 0; near == NULL && i < n->n; i++)
		near = str_nearest(n->keys[i]->text, &kinds);
	if (near != NULL)
		fault_at(faults, n, "no kind of panel here; did you mean '%s'?",
		    near);
	else
		fault_at(faults, n,
		    "no kind of panel here: one of %s is wanted",
		    any_of(faults->arena, &kinds));
	return NULL;
}

/* The part before a slash; what is behind it is the table's name. */
static const char *before_slash(
    struct plan *plan, struct panel_common *common, const char *name)
{
	const char *slash = strchr(name, '/');

	if (slash == NULL)
		return name;
	common->table = slash + 1;
	return arena_strndup(plan->arena, name, (size_t)(slash - name));
}

/*
 * A table is called like a series: app1/processes; or of several sources,
 * "app*" and one name of a table.
 */
static void split_table(struct plan *plan, struct plan_panel *p)
{
	struct panel_common *common = &p->common;

	common->table = "";
	if (common->source != NULL)
		common->source = before_slash(plan, common, common->source);
	if ((p->kind->needs & NEEDS_TABLE) == 0)
		return;
	for (size_t i = 0; i < common->sources.n; i++)
		common->sources.items[i] =
		    before_slash(plan, common, common->sources.items[i]);
}

static void check_sources(
    const struct plan *plan, const struct plan_panel *p, struct faults *faults)
{
	const struct node *one = node_get(p->node, "source");
	const struct node *many = node_get(p->node, "sources");

	if (p->common.source != NULL && one != NULL &&
	    plan_source(plan, p->common.source) == NULL)
		fault_at(faults, one, "source: there is no source '%.80s'",
		    p->common.source);
	for (size_t i = 0; many != NULL && i < p->common.sources.n; i++)
		if (!plan_has_source(plan, p->common.sources.items[i]))
			fault_at(faults,
			    many->kind == NODE_LIST ? many->items[i] : many,
			    "sources: there is no source '%.80s'",
			    p->common.sources.items[i]);
}

static void check_embed(const struct plan_panel *p, struct faults *faults)
{
	static const char *const known[] = {"svg", "png", "pdf"};

	for (size_t i = 0; i < p->common.embed.n; i++) {
		const char *word = p->common.embed.items[i];

		if (!str_eq(word, known[0]) && !str_eq(word, known[1]) &&
		    !str_eq(word, known[2]))
			fault_at(faults, node_get(p->node, "embed"),
			    "embed: '%.80s' is not one of svg, png, pdf", word);
	}
}

static void check_needs(const struct plan_panel *p, struct faults *faults)
{
	static const struct {
		unsigned need;
		const char *key, *other;
	} wants[] = {
	    {NEEDS_SERIES, "series", "series"},
	    {NEEDS_TABLE, "source", "sources"},
	    {NEEDS_LINES, "sources", "sources"},
	    {NEEDS_RECORDS, "source", "source"},
	};

	bool asks = (p->kind->needs & NEEDS_ANSWER) != 0;
	const struct node *query = p->query;

	if (query != NULL && !asks)
		fault_at(
		    faults, query, "query: panel %s takes none", p->kind->name);
	for (size_t i = 0; i < sizeof(wants) / sizeof(wants[0]); i++) {
		bool there = node_get(p->node, wants[i].key) != NULL ||
			     node_get(p->node, wants[i].other) != NULL;

		if ((p->kind->needs & wants[i].need) == 0)
			continue;
		if (there && query != NULL && asks)
			fault_at(faults, query,
			    "query: there is '%s' too; a panel has one of them",
			    wants[i].key);
		else if (!there && (query == NULL || !asks))
			fault_at(faults, p->node, "panel %s: '%s' %sis missing",
			    p->kind->name, wants[i].key,
			    asks ? "or 'query' " : "");
	}
}

static void check_derive(const struct plan_panel *p, struct faults *faults)
{
	static const char *const keys[] = {"derive", "smooth"};

	for (size_t i = 0; i < 2 && !p->kind->derives; i++)
		if (node_get(p->node, keys[i]) != NULL)
			fault_at(faults, node_get(p->node, keys[i]),
			    "%s: panel %s takes none", keys[i], p->kind->name);
}

/* The panel's query, whatever its kind calls it. */
static void find_query(struct plan_panel *p, struct faults *faults)
{
	const char *key = p->kind->rows_key;
	const struct node *rows = key != NULL ? node_get(p->node, key) : NULL;

	p->query = node_get(p->node, "query");
	if (rows == NULL)
		return;
	if (p->query != NULL)
		fault_at(faults, p->query,
		    "query: there is '%s' too; a panel has one of them", key);
	p->query = rows;
	p->common.query = rows->text;
	p->common.rows = true;
}

/* The names of a page's panels while it is bound. */
struct naming {
	struct names ids;
	struct names slugs; /* that repeat: positions of their counters */
	size_t *counters, n, cap;
};

static size_t next_number(
    struct arena *a, struct naming *naming, const char *slug)
{
	size_t at = naming->n;

	if (names_add(a, &naming->slugs, slug, at))
		*arena_push(a, &naming->counters, &naming->n, &naming->cap) = 1;
	else
		names_find(&naming->slugs, slug, &at);
	return ++naming->counters[at];
}

/* A short name from the title, unique in the page. */
static const char *panel_id(
    struct arena *a, struct naming *naming, const char *title, const char *kind)
{
	const char *slug = str_slug(a, title[0] ? title : kind);
	const char *id = slug;

	while (!names_add(a, &naming->ids, id, 0))
		id = arena_printf(
		    a, "%s-%zu", slug, next_number(a, naming, slug));
	return id;
}

static void add_panel(struct plan *plan, struct plan_page *page,
    struct naming *naming, const struct node *n, struct faults *faults)
{
	struct plan_panel p = {.node = n, .page = page->name};
	struct option title = {.help = "the panel's title"};
	struct option own[] = {title, {0}};
	struct binding tables[3];

	if (n->kind != NODE_MAP) {
		fault_at(faults, n, "a panel (line: Title) is wanted here");
		return;
	}
	if ((p.kind = find_kind(n, faults)) == NULL)
		return;
	p.conf = arena_alloc(plan->arena, p.kind->conf_size);
	own[0].key = p.kind->name;
	own[0].type = OPTION_TEXT;
	tables[0] = (struct binding){own, &p.title};
	tables[1] = (struct binding){p.kind->options, p.conf};
	tables[2] = (struct binding){panel_common_options, &p.common};
	option_bind(n, tables, 3, faults);
	if (p.title == NULL)
		p.title = "";
	p.id = panel_id(plan->arena, naming, p.title, p.kind->name);
	find_query(&p, faults);
	split_table(plan, &p);
	check_needs(&p, faults);
	check_embed(&p, faults);
	check_derive(&p, faults);
	check_sources(plan, &p, faults);
	if (p.kind->check != NULL)
		p.kind->check(p.conf, &p.common, n, faults);
	plan_bind_choose(page, &p, faults);
	*arena_push(
	    plan->arena, &page->panels, &page->n_panels, &page->cap_panels) = p;
}

static enum plan_span span_of(const char *text)
{
	return str_eq(text, "all")	? SPAN_ALL
	       : str_eq(text, "years")	? SPAN_YEARS
	       : str_eq(text, "months") ? SPAN_MONTHS
					: SPAN_LENGTH;
}

static void bind_periods(struct plan *plan, struct plan_page *page,
    const struct strings *periods, struct faults *faults)
{
	const struct node *n = node_get(page->node, "periods");
	struct names seen = {0};

	page->n_periods = periods->n;
	page->periods = arena_array(plan->arena, periods->n, sizeof(double));
	page->period_names = periods->items;
	page->spans =
	    arena_array(plan->arena, periods->n, sizeof(*page->spans));
	for (size_t i = 0; i < periods->n; i++) {
		const char *text = periods->items[i];
		double *p = &page->periods[i];

		page->spans[i] = span_of(text);
		*p = PERIOD_MAX;
		if (page->spans[i] == SPAN_LENGTH &&
		    (!str_duration(text, p) || *p < 60 || *p > PERIOD_MAX))
			fault_at(faults, n != NULL ? n : page->node,
			    "periods: '%.80s' is not a length of time from 1m "
			    "to 100y, such as 6h or 30d, nor all, years or "
			    "months",
			    text);
		if (!names_add(plan->arena, &seen, text, i))
			fault_at(faults, n != NULL ? n : page->node,
			    "periods: '%.80s' is here twice", text);
	}
	if (periods->n == 0)
		fault_at(faults, n, "periods: the list is empty");
}

/* The files of two pages could be the same: index-24h and 24h of index. */
static void check_files(
    struct plan *plan, const struct plan_page *page, struct faults *faults)
{
	size_t other;

	for (size_t i = 0; i < page->n_periods; i++) {
		const char *file = plan_page_file(plan->arena, page, i);

		if (plan->common.explore && str_eq(file, PLAN_EXPLORER))
			fault_at(faults, page->key,
			    "page %s: its file %s is the explorer's, unless "
			    "'explore: no' is set",
			    page->name, file);
		if (names_add(
			plan->arena, &plan->page_files, file, plan->n_pages))
			continue;
		names_find(&plan->page_files, file, &other);
		if (other != plan->n_pages)
			fault_at(faults, page->key,
			    "page %s: its file %s is one of page %s too",
			    page->name, file, plan->pages[other].name);
	}
}

const char *plan_page_file(
    struct arena *a, const struct plan_page *page, size_t period)
{
	if (period == 0)
		return arena_printf(a, "%s.html", page->name);
	return arena_printf(
	    a, "%s-%s.html", page->name, page->period_names[period]);
}

/* A panel, or with `panels` a group of them. */
static void add_member(struct plan *plan, struct plan_page *page,
    struct naming *naming, const struct node *n, struct faults *faults)
{
	const struct node *group = node_get(n, "panels");

	if (group == NULL) {
		add_panel(plan, page, naming, n, faults);
		return;
	}
	if (group->kind != NODE_LIST || n->n != 2) {
		fault_at(faults, n,
		    "a group is made of each: and a list of panels:");
		return;
	}
	for (size_t i = 0; i < group->n; i++)
		add_panel(plan, page, naming, group->items[i], faults);
}

/* A panel, or one for each word of its each. */
static void add_item(struct plan *plan, struct plan_page *page,
    struct naming *naming, const struct node *n, struct faults *faults)
{
	const struct node *words =
	    n->kind == NODE_MAP ? node_get(n, "each") : NULL;
	struct each each;

	if (words == NULL) {
		add_panel(plan, page, naming, n, faults);
		return;
	}
	if (!plan_each(words, &each, faults))
		return;
	for (size_t i = 0; i < each.n; i++)
		add_member(plan, page, naming,
		    each_replace(plan->arena, n, &each, &each.members[i]),
		    faults);
}

static void add_panels(struct plan *plan, struct plan_page *page,
    const struct node *panels, struct faults *faults)
{
	struct naming naming = {0};

	if (panels == NULL)
		return; /* which was said */
	if (panels->kind != NODE_LIST) {
		fault_at(faults, panels, "panels: a list is wanted here");
		return;
	}
	for (size_t i = 0; i < panels->n; i++)
		add_item(plan, page, &naming, panels->items[i], faults);
}

static void add_page(struct plan *plan, const struct node *key,
    const struct node *n, struct faults *faults)
{
	struct plan_page page = {.name = key->text, .key = key, .node = n};
	struct page_conf conf = {0};
	struct binding b = {plan_page_options, &conf};

	if (!str_eq(key->text, str_slug(plan->arena, key->text))) {
		fault_at(faults, key,
		    "'%.80s' is no name for a page: up to %d small letters, "
		    "digits and dashes",
		    key->text, STR_SLUG_MAX);
		return;
	}
	option_bind(n, &b, 1, faults);
	page.title = conf.title != NULL ? conf.title : plan->common.title;
	page.private = conf.private;
	bind_periods(plan, &page, &conf.periods, faults);
	check_files(plan, &page, faults);
	add_panels(plan, &page, conf.panels, faults);
	*arena_push(
	    plan->arena, &plan->pages, &plan->n_pages, &plan->cap_pages) = page;
}

void plan_bind_pages(struct plan *plan, struct faults *faults)
{
	const struct node *all = plan->common.pages;

	if (all->kind != NODE_MAP || all->n == 0) {
		fault_at(faults, all,
		    "pages: a mapping of names to pages is wanted here");
		return;
	}
	for (size_t i = 0; i < all->n; i++) {
		if (all->items[i]->kind != NODE_MAP)
			fault_at(faults, all->items[i],
			    "page %.80s: a mapping is wanted here",
			    all->keys[i]->text);
		else
			add_page(plan, all->keys[i], all->items[i], faults);
	}
	if (node_get(all, "index") == NULL)
		fault_at(faults, all, "pages: there is no page 'index'");
}
