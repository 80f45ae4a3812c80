#include "run/plan_sql.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define VIEWS_MAX     200
#define VIEW_NAME_MAX 64
#define LABEL	      "query"
#define CHECK_STEPS   1000000 /* nothing is read: these are plenty */
#define CIRCULAR      "is circularly defined"
#define CHAIN_MAX     20 /* views of a circle that are named */

static bool is_name(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz"
			     "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

	return n > 0 && n <= VIEW_NAME_MAX && s[n] == '\0' &&
	       !isdigit((unsigned char)s[0]);
}

static const struct plan_view *find_view(
    const struct plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->n_views; i++)
		if (strcasecmp(plan->views[i].name, name) == 0)
			return &plan->views[i];
	return NULL;
}

static bool is_source(const struct plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->record_sources.n; i++)
		if (strcasecmp(plan->record_sources.items[i], name) == 0)
			return true;
	return false;
}

static void add_view(struct plan *plan, const struct node *key,
    const struct node *n, struct faults *faults)
{
	const char *name = key->text;

	if (!is_name(name))
		fault_at(faults, key,
		    "'%.80s' is no name for a view: up to %d letters, digits "
		    "and underscores, not a digit first",
		    name, VIEW_NAME_MAX);
	else if (store_sql_reserved(name))
		fault_at(faults, key,
		    "view %s: that is what broadsheet calls its own", name);
	else if (is_source(plan, name))
		fault_at(faults, key,
		    "view %s: a source has that name, and its records are "
		    "called so",
		    name);
	else if (find_view(plan, name) != NULL)
		fault_at(faults, key, "view %s is here twice", name);
	else if (n->kind != NODE_SCALAR)
		fault_at(faults, n, "view %s: a SELECT is wanted here", name);
	else if (plan->n_views == VIEWS_MAX)
		fault_at(faults, key, "views: more than %d", VIEWS_MAX);
	else
		*arena_push(plan->arena, &plan->views, &plan->n_views,
		    &plan->cap_views) = (struct plan_view){name, n->text, n};
}

static void find_record_sources(struct plan *plan)
{
	for (size_t i = 0; i < plan->n_sources; i++)
		if (plan->sources[i].as == AS_RECORDS)
			strings_add(plan->arena, &plan->record_sources,
			    plan->sources[i].name);
}

void plan_bind_views(struct plan *plan, struct faults *faults)
{
	const struct node *all = plan->common.views;

	find_record_sources(plan);
	if (all == NULL)
		return;
	if (all->kind != NODE_MAP) {
		fault_at(faults, all,
		    "views: a mapping of names to SELECTs is wanted here");
		return;
	}
	for (size_t i = 0; i < all->n; i++)
		add_view(plan, all->keys[i], all->items[i], faults);
}

/* Is the name in the text, as a word of its own? */
static bool has_word(const char *text, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = strcasestr(text, word); p != NULL;
	     p = strcasestr(p + 1, word)) {
		bool begins = p == text ||
			      (!isalnum((unsigned char)p[-1]) && p[-1] != '_');

		if (begins && !isalnum((unsigned char)p[n]) && p[n] != '_')
			return true;
	}
	return false;
}

/* A way from a view back to itself; views that were tried lead nowhere. */
static bool find_circle(const struct plan *plan, const struct plan_view *goal,
    const struct plan_view *at, bool *tried, const struct plan_view **way,
    size_t n)
{
	way[n] = at;
	for (size_t i = 0; i < plan->n_views && n + 1 < CHAIN_MAX; i++) {
		const struct plan_view *next = &plan->views[i];

		if (!has_word(at->sql, next->name) || tried[i])
			continue;
		tried[i] = true;
		if (next == goal) {
			way[n + 1] = NULL;
			return true;
		}
		if (find_circle(plan, goal, next, tried, way, n + 1))
			return true;
	}
	return false;
}

static void say_circle(const struct plan *plan, const struct plan_view *view,
    struct faults *faults)
{
	const struct plan_view *way[CHAIN_MAX + 1] = {NULL};
	bool tried[VIEWS_MAX] = {false};
	const char *words = "";

	if (!find_circle(plan, view, view, tried, way, 0))
		return; /* it only leads to one, which says so itself */
	for (size_t i = 0; way[i] != NULL; i++)
		words = arena_printf(plan->arena, "%s%s %s names %s", words,
		    i > 0 ? "," : "", way[i]->name,
		    way[i + 1] != NULL ? way[i + 1]->name : view->name);
	fault_at(faults, view->node, "view %s is made from itself:%s",
	    view->name, words);
}

/* What SQLite says, without what it is told of. */
static const char *words_of(const struct err *e)
{
	return str_starts(e->text, LABEL ": ") ? e->text + strlen(LABEL ": ")
					       : e->text;
}

static bool holds(struct store_sql *sql, const char *text, struct err *e)
{
	struct db_stmt *s;

	if (store_sql_prepare(sql, text, &s, e) != 0)
		return e->code == SQL_UNKNOWN_YET;
	db_finalize(s);
	return true;
}

static void check_views(
    const struct plan *plan, struct store_sql *sql, struct faults *faults)
{
	size_t before = faults->n;
	struct err e = {0};

	for (size_t i = 0; i < plan->n_views; i++) {
		const struct plan_view *v = &plan->views[i];

		if (store_sql_add_view(sql, v->name, v->sql, &e) != 0)
			fault_at(faults, v->node, "view %s: %s", v->name,
			    words_of(&e));
	}
	if (faults->n > before)
		return;
	for (size_t i = 0; i < plan->n_views; i++) {
		const struct plan_view *v = &plan->views[i];

		if (holds(sql,
			arena_printf(
			    plan->arena, "SELECT * FROM \"%s\"", v->name),
			&e))
			continue;
		if (strstr(e.text, CIRCULAR) != NULL)
			say_circle(plan, v, faults);
		else
			fault_at(faults, v->node, "view %s: %s", v->name,
			    words_of(&e));
	}
}

static bool has_sql(const struct plan *plan)
{
	if (plan->n_views > 0)
		return true;
	for (size_t i = 0; i < plan->n_pages; i++)
		if (plan->pages[i].choose.query != NULL)
			return true;
	for (size_t i = 0; i < plan->n_pages; i++)
		for (size_t j = 0; j < plan->pages[i].n_panels; j++)
			if (plan->pages[i].panels[j].common.query != NULL)
				return true;
	return false;
}

static void check_queries(
    const struct plan *plan, struct store_sql *sql, struct faults *faults)
{
	struct err e = {0};

	for (size_t i = 0; i < plan->n_pages; i++) {
		const struct plan_choose *c = &plan->pages[i].choose;

		if (c->query != NULL && !holds(sql, c->query, &e))
			fault_at(
			    faults, node_get(c->node, "query"), "%s", e.text);
		for (size_t j = 0; j < plan->pages[i].n_panels; j++) {
			const struct plan_panel *p = &plan->pages[i].panels[j];

			if (p->common.query != NULL &&
			    !holds(sql, p->common.query, &e))
				fault_at(faults, p->query, "%s", e.text);
		}
	}
}

/* In a store that has nothing: enough to see whether SQL can be read. */
void plan_check_sql(struct plan *plan, struct faults *faults)
{
	const struct store_sql_conf conf = {
	    .label = LABEL,
	    .max_steps = CHECK_STEPS,
	    .sources = &plan->record_sources,
	};
	struct store_sql *sql;
	size_t before = faults->n;
	struct err e = {0};

	if (!has_sql(plan))
		return;
	if (store_sql_open(&sql, &conf, &e) != 0) {
		fault_at(faults, plan->common.pages, "%s", e.text);
		return;
	}
	check_views(plan, sql, faults);
	if (faults->n == before) {
		check_queries(plan, sql, faults);
		plan_check_parameters(plan, faults);
	}
	store_sql_close(sql);
}

int plan_open_sql(const struct plan *plan, const char *label,
    uint64_t max_steps, int64_t at, struct store_sql **sql, struct err *e)
{
	const struct store_sql_conf conf = {
	    .path = plan->common.store,
	    .label = label,
	    .max_steps = max_steps,
	    .at = at,
	    .sources = &plan->record_sources,
	};

	if (store_sql_open(sql, &conf, e) != 0)
		return -1;
	for (size_t i = 0; i < plan->n_views; i++)
		if (store_sql_add_view(
			*sql, plan->views[i].name, plan->views[i].sql, e) != 0)
			return err_context(e, "view %s", plan->views[i].name);
	return 0;
}
