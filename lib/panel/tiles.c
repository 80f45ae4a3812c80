/*
 * An overview: a tile for each source of a family, be they 3 or 300.
 */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/names.h"
#include "panel/parts.h"
#include "panel/tiles.h"

#define POINTS	   48
#define SPARKS_MAX 60 /* tiles; of more, sparks would be most of the page */
#define GROUPS_MAX 100
#define NAMED_MAX  3 /* in the title */
#define BY_PREFIX  "prefix"
#define NO_GROUP   "others"
#define AT(member) offsetof(struct tiles_conf, member)

static const struct option options[] = {
    {"metrics", OPTION_NODE, AT(metrics),
	.help = "up to four titles with globs of metrics within a source, the "
		"greatest of which counts: {CPU: cpu, disk: \"disk{*\"}; or "
		"only the globs; by default cpu, memory and disk"},
    {"group", OPTION_NODE, AT(group),
	.help = "names with globs of sources; or the word prefix: by what is "
		"before the first digit, dash or dot of their names"},
    {"sort", OPTION_CHOICE, AT(sort), .choices = "name|worst", .deflt = "name",
	.help = "which tile of a group comes first"},
    {"spark", OPTION_BOOL, AT(spark),
	.help = "small lines of the values in view instead of bars, of at "
		"most 60 tiles"},
    {0},
};

/* "disk{*" is called disk. */
static const char *title_of(struct arena *a, const char *glob)
{
	size_t n = strcspn(glob, "{*?[");

	return n > 0 ? arena_strndup(a, glob, n) : glob;
}

static void add_metric(struct tiles_conf *c, const char *title,
    const struct node *glob, struct faults *faults)
{
	if (glob->kind != NODE_SCALAR || glob->text[0] == '\0')
		fault_at(faults, glob, "metrics: a glob is wanted here");
	else if (c->n_figures == TILE_FIGURES)
		fault_at(faults, glob, "metrics: a tile has room for %d",
		    TILE_FIGURES);
	else
		c->figures[c->n_figures++] = (struct tiles_metric){
		    title != NULL ? title : title_of(faults->arena, glob->text),
		    glob->text};
}

static void bind_metrics(struct tiles_conf *c, struct faults *faults)
{
	static const struct tiles_metric usual[] = {
	    {"cpu", "cpu"}, {"memory", "memory"}, {"disk", "disk{*"}};
	const struct node *n = c->metrics;

	c->n_figures = 0;
	if (n == NULL) {
		c->n_figures = sizeof(usual) / sizeof(usual[0]);
		memcpy(c->figures, usual, sizeof(usual));
	} else if (n->kind == NODE_SCALAR) {
		add_metric(c, NULL, n, faults);
	} else {
		for (size_t i = 0; i < n->n; i++)
			add_metric(c,
			    n->kind == NODE_MAP ? n->keys[i]->text : NULL,
			    n->items[i], faults);
	}
}

static void add_group(struct tiles_conf *c, const char *name,
    const struct node *globs, struct faults *faults)
{
	struct tiles_group *g = &c->groups[c->n_groups++];
	bool list = globs->kind == NODE_LIST;

	g->name = name;
	for (size_t i = 0; i < (list ? globs->n : 1); i++) {
		const struct node *glob = list ? globs->items[i] : globs;

		if (glob->kind == NODE_SCALAR)
			strings_add(faults->arena, &g->globs, glob->text);
		else
			fault_at(faults, glob,
			    "group: a glob of sources is wanted here");
	}
}

static void bind_groups(struct tiles_conf *c, struct faults *faults)
{
	const struct node *n = c->group;

	if (n == NULL)
		return;
	c->by_prefix = n->kind == NODE_SCALAR && str_eq(n->text, BY_PREFIX);
	if (c->by_prefix)
		return;
	if (n->kind != NODE_MAP) {
		fault_at(faults, n,
		    "group: names with globs of sources, or the word " BY_PREFIX
		    ", are wanted here");
		return;
	}
	if (n->n > GROUPS_MAX) {
		fault_at(faults, n, "group: %zu groups, at most %d fit", n->n,
		    GROUPS_MAX);
		return;
	}
	c->groups = arena_array(faults->arena, n->n, sizeof(*c->groups));
	for (size_t i = 0; i < n->n; i++)
		add_group(c, n->keys[i]->text, n->items[i], faults);
}

static void check(void *conf, const struct panel_common *common,
    const struct node *panel, struct faults *faults)
{
	if (common->sources.n == 0)
		fault_at(faults, panel, "tiles need their sources:");
	bind_metrics(conf, faults);
	bind_groups(conf, faults);
}

static struct strings metrics(const void *conf, struct arena *a)
{
	const struct tiles_conf *c = conf;
	struct strings s = {0};

	for (size_t i = 0; i < c->n_figures; i++)
		strings_add(a, &s, c->figures[i].glob);
	return s;
}

/* While the overview is put together. */
struct overview {
	const struct panel_input *in;
	const struct tiles_conf *conf;
	struct arena *arena;
	struct tiles_source *sources;
	size_t n;
	struct names names; /* of the sources */
	struct strings groups;
};

static void choose(struct overview *o)
{
	const struct panel_input *in = o->in;

	o->sources = arena_array(o->arena, in->n_status, sizeof(*o->sources));
	for (size_t i = 0; i < in->n_status; i++) {
		const struct source_status *s = &in->status[i];

		if (!str_glob_any(&in->common->sources, s->name))
			continue;
		names_add(o->arena, &o->names, s->name, o->n);
		o->sources[o->n++].status = s;
	}
}

/* One that an alert is on is worse than any other; then the greatest is. */
static bool is_worse(
    const struct overview *o, const struct series *s, const struct series *than)
{
	const struct panel_input *in = o->in;
	bool hot, other;

	if (than == NULL || isnan(than->last))
		return true;
	hot = alert_find(in->alerts, in->n_alerts, s->name) != NULL;
	other = alert_find(in->alerts, in->n_alerts, than->name) != NULL;
	return hot != other ? hot : s->last > than->last;
}

static void take_series(struct overview *o, const struct series *s)
{
	size_t at;

	if (!names_find(&o->names, s->source, &at))
		return;
	for (size_t i = 0; i < o->conf->n_figures; i++) {
		struct tiles_source *t = &o->sources[at];

		if (!str_glob(o->conf->figures[i].glob, s->metric))
			continue;
		t->fitting[i]++;
		if (is_worse(o, s, t->series[i]))
			t->series[i] = s;
	}
}

static int badness(const struct alert *x)
{
	if (alert_is_hot(x))
		return x->severity == ALERT_CRITICAL ? 0 : 1;
	return x->muted ? 3 : 2;
}

static void take_alert(struct overview *o, const struct alert *x)
{
	struct tiles_source *t;
	size_t at;

	if (x->state == ALERT_ENDED || !names_find(&o->names, x->source, &at))
		return;
	t = &o->sources[at];
	t->hot += alert_is_hot(x);
	if (t->alert == NULL || badness(x) < badness(t->alert) ||
	    (badness(x) == badness(t->alert) && x->since < t->alert->since))
		t->alert = x;
}

/* "web12" and "web-eu.3" are of the group web. */
static const char *prefix(struct arena *a, const char *name)
{
	size_t n = 0;

	while (name[n] != '\0' && strchr("-._:/", name[n]) == NULL &&
	       !isdigit((unsigned char)name[n]))
		n++;
	return n > 0 ? arena_strndup(a, name, n) : NO_GROUP;
}

static size_t group_by_name(struct overview *o, const char *name)
{
	size_t i = 0;

	while (i < o->groups.n && !str_eq(o->groups.items[i], name))
		i++;
	if (i == o->groups.n)
		strings_add(o->arena, &o->groups, name);
	return i;
}

static size_t group_of(struct overview *o, const char *source)
{
	const struct tiles_conf *c = o->conf;

	if (c->by_prefix)
		return group_by_name(o, prefix(o->arena, source));
	for (size_t i = 0; i < c->n_groups; i++)
		if (str_glob_any(&c->groups[i].globs, source))
			return i;
	return c->n_groups;
}

/* Groups of globs in their order, and one for what is in none of them. */
static void name_groups(struct overview *o)
{
	const struct tiles_conf *c = o->conf;

	for (size_t i = 0; i < c->n_groups; i++)
		strings_add(o->arena, &o->groups, c->groups[i].name);
	if (!c->by_prefix)
		strings_add(
		    o->arena, &o->groups, c->n_groups > 0 ? NO_GROUP : "");
	for (size_t i = 0; i < o->n; i++)
		o->sources[i].group = group_of(o, o->sources[i].status->name);
}

/* web2 before web10 */
static int by_name(const void *x, const void *y)
{
	const struct tiles_source *a = x, *b = y;

	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
	return strverscmp(a->tile.name, b->tile.name);
}

static double fullest(const struct tile *t)
{
	double most = 0;

	for (size_t i = 0; i < t->n_figures; i++)
		most = fmax(most, t->figures[i].part);
	return most;
}

static int worst_first(const void *x, const void *y)
{
	const struct tiles_source *a = x, *b = y;
	int order = a->group != b->group ? (a->group < b->group ? -1 : 1)
					 : tiles_rank(a) - tiles_rank(b);
	double part = fullest(&b->tile) - fullest(&a->tile);

	if (order == 0)
		order = (part > 0) - (part < 0);
	return order != 0 ? order : by_name(x, y);
}

/* What has no full measure of its own is measured by the greatest. */
static void measure(struct overview *o, size_t figure)
{
	double most = 0;

	for (size_t i = 0; i < o->n; i++)
		if (o->sources[i].series[figure] != NULL)
			most = fmax(most, o->sources[i].series[figure]->last);
	for (size_t i = 0; i < o->n; i++) {
		struct tile_figure *f = &o->sources[i].tile.figures[figure];
		const struct series *s = o->sources[i].series[figure];

		if (isnan(f->part) && s != NULL && most > 0)
			f->part = s->last / most;
		if (f->part < 0)
			f->part = 0;
		if (f->part > 1)
			f->part = 1;
		if (o->n > SPARKS_MAX)
			f->spark = NULL;
	}
}

/* "10 ok, 1 alert, 1 failed" */
static const char *count_words(
    const struct tiles_source *s, size_t n, struct arena *a)
{
	static const enum panel_state order[] = {
	    PANEL_ALERT, PANEL_FAILED, PANEL_LATE, PANEL_EMPTY, PANEL_OK};
	const char *text = "";

	for (size_t k = 0; k < sizeof(order) / sizeof(order[0]); k++) {
		size_t count = 0;

		for (size_t i = 0; i < n; i++)
			count += s[i].tile.state == order[k];
		if (count > 0)
			text = arena_printf(a, "%s%s%zu %s", text,
			    text[0] != '\0' ? ", " : "", count,
			    panel_state_word(order[k]));
	}
	return text;
}

/* The sources are in the order of their groups. */
static void add_groups(struct overview *o, struct block *b)
{
	b->tile_groups =
	    arena_array(o->arena, o->groups.n, sizeof(*b->tile_groups));
	for (size_t i = 0; i < o->n;) {
		struct tile_group *g = &b->tile_groups[b->n_tile_groups++];
		size_t first = i;

		g->name = o->groups.items[o->sources[i].group];
		g->tiles = arena_array(o->arena, o->n, sizeof(*g->tiles));
		for (;
		     i < o->n && o->sources[i].group == o->sources[first].group;
		     i++)
			g->tiles[g->n++] = o->sources[i].tile;
		g->note = count_words(&o->sources[first], g->n, o->arena);
	}
	b->n_tiles = o->n;
}

static size_t count_of(const struct overview *o, enum panel_state state)
{
	size_t n = 0;

	for (size_t i = 0; i < o->n; i++)
		n += o->sources[i].tile.state == state;
	return n;
}

/* "app2, app7 (2 of 12)" */
static const char *names_of(const struct overview *o, enum panel_state state)
{
	const char *text = "";
	size_t named = 0;

	for (size_t i = 0; i < o->n; i++) {
		if (o->sources[i].tile.state != state)
			continue;
		if (named++ < NAMED_MAX)
			text = arena_printf(o->arena, "%s%s%s", text,
			    named == 1 ? "" : ", ", o->sources[i].tile.name);
	}
	return arena_printf(o->arena, "%s%s (%zu of %zu)", text,
	    named > NAMED_MAX ? ", …" : "", named, o->n);
}

static void set_state(const struct overview *o, struct block *b)
{
	static const enum panel_state order[] = {
	    PANEL_ALERT, PANEL_FAILED, PANEL_LATE};

	b->note = o->n > 0 ? count_words(o->sources, o->n, o->arena) : NULL;
	b->state = PANEL_OK;
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		if (count_of(o, order[i]) == 0)
			continue;
		b->state = order[i];
		b->message = names_of(o, order[i]);
		return;
	}
	if (count_of(o, PANEL_EMPTY) < o->n)
		return;
	b->state = PANEL_EMPTY;
	b->message = "no source was asked yet";
}

static const char **raw_row(
    const struct overview *o, const struct tiles_source *s, size_t n_columns)
{
	const char **cells = arena_array(o->arena, n_columns, sizeof(*cells));

	cells[0] = s->tile.name;
	cells[1] = o->groups.items[s->group];
	cells[2] = panel_state_word(s->tile.state);
	cells[3] = s->tile.word;
	for (size_t i = 0; i < o->conf->n_figures; i++)
		cells[4 + i] =
		    s->series[i] == NULL || isnan(s->series[i]->last)
			? ""
			: arena_printf(o->arena, "%.12g", s->series[i]->last);
	return cells;
}

static struct numbers *raw(const struct overview *o)
{
	struct numbers *n = arena_make(o->arena, struct numbers);

	n->text = true;
	n->n_columns = 4 + o->conf->n_figures;
	n->columns = arena_array(o->arena, n->n_columns, sizeof(*n->columns));
	n->columns[0] = "source";
	n->columns[1] = "group";
	n->columns[2] = "state";
	n->columns[3] = "word";
	for (size_t i = 0; i < o->conf->n_figures; i++)
		n->columns[4 + i] = o->conf->figures[i].title;
	n->n_rows = o->n;
	n->cells = arena_array(o->arena, o->n, sizeof(*n->cells));
	for (size_t i = 0; i < o->n; i++)
		n->cells[i] = raw_row(o, &o->sources[i], n->n_columns);
	return n;
}

static int build(const struct panel_input *in, struct block *b, struct arena *a,
    struct err *e)
{
	struct overview o = {.in = in, .conf = in->conf, .arena = a};

	(void)e;
	choose(&o);
	for (size_t i = 0; i < in->n_series; i++)
		take_series(&o, &in->series[i]);
	for (size_t i = 0; i < in->n_alerts; i++)
		take_alert(&o, &in->alerts[i]);
	for (size_t i = 0; i < o.n; i++)
		tiles_describe(in, &o.sources[i], a);
	for (size_t i = 0; i < o.conf->n_figures; i++)
		measure(&o, i);
	name_groups(&o);
	if (o.n > 1)
		qsort(o.sources, o.n, sizeof(*o.sources),
		    o.conf->sort == TILES_BY_NAME ? by_name : worst_first);
	set_state(&o, b);
	add_groups(&o, b);
	b->numbers = o.n > 0 ? raw(&o) : NULL;
	return 0;
}

const struct panel_kind panel_tiles = {
    .name = "tiles",
    .help = "a tile for each source of a family: its state and some figures",
    .options = options,
    .conf_size = sizeof(struct tiles_conf),
    .needs = NEEDS_STATUS | NEEDS_ALERTS | NEEDS_ANCHORS,
    .points = POINTS,
    .metrics = metrics,
    .check = check,
    .build = build,
};
