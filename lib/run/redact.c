#include "run/redact_private.h"

#include <arpa/inet.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "run/plan_each.h"

#define CONFIG_MAX ((size_t)16 * 1024 * 1024)
#define HOST_MAX   256

static bool is_address(const char *host)
{
	struct in6_addr v;

	return inet_pton(AF_INET, host, &v) == 1 ||
	       inet_pton(AF_INET6, host, &v) == 1;
}

/*
 * app1.example.net is known by its first part, too, and so are all others of
 * its domain. What many have in common, a last part, is no domain.
 */
static void add_host(struct redact *r, const char *host)
{
	const char *dot = strchr(host, '.'), *label;

	if (host[0] == '\0' || str_eq(host, "localhost"))
		return;
	if (is_address(host) || dot == NULL) {
		mask_word(r->mask, MASK_HOST, host, NULL);
		return;
	}
	label = arena_strndup(r->arena, host, (size_t)(dot - host));
	mask_word(r->mask, MASK_HOST, label, NULL);
	mask_word(r->mask, MASK_HOST, host,
	    names_add(r->arena, &r->labels, label, 0) ? label : NULL);
	if (strchr(dot + 1, '.') != NULL)
		mask_domain(r->mask, dot + 1);
}

/* [user@]host[:port], or with [host] in brackets. */
static void add_target(struct redact *r, struct span s)
{
	const char *at = memrchr(s.p, '@', s.n), *end;
	size_t user;

	if (at != NULL) {
		user = (size_t)(at - s.p);
		if (r->profile->users)
			mask_word(r->mask, MASK_USER,
			    arena_strndup(r->arena, s.p, strcspn(s.p, ":@")),
			    NULL);
		s.p += user + 1;
		s.n -= user + 1;
	}
	if (s.n > 0 && s.p[0] == '[') {
		end = memchr(s.p, ']', s.n);
		s.n = end != NULL ? (size_t)(end - s.p) - 1 : s.n - 1;
		s.p++;
	} else if ((end = memchr(s.p, ':', s.n)) != NULL) {
		s.n = (size_t)(end - s.p);
	}
	if (r->profile->hosts)
		add_host(r, arena_strndup(r->arena, s.p, s.n));
}

/* Several stand behind commas. */
static void add_targets(struct redact *r, const char *text)
{
	for (;;) {
		size_t n = strcspn(text, ",/?# ");

		if (n > 0)
			add_target(r, (struct span){text, n});
		if (text[n] != ',')
			return;
		text += n + 1;
	}
}

static void add_scalar(struct redact *r, const char *key, const char *text)
{
	const char *url = strstr(text, "://");

	if (url != NULL)
		add_targets(r, url + 3);
	else if (str_eq(key, "ssh") || str_eq(key, "jump"))
		add_targets(r, text);
	else if (str_eq(key, "user") && r->profile->users)
		mask_word(r->mask, MASK_USER, text, NULL);
}

/* Whatever is a URL or a target of ssh in the options of a source. */
static void add_node(struct redact *r, const char *key, const struct node *n)
{
	if (n->kind == NODE_SCALAR)
		add_scalar(r, key, n->text);
	for (size_t i = 0; i < n->n; i++)
		add_node(r, n->kind == NODE_MAP ? n->keys[i]->text : key,
		    n->items[i]);
}

static void add_words_of(struct redact *r, const struct node *each)
{
	struct faults ignored = {.arena = r->arena};
	struct each words;

	if (!plan_each(each, &words, &ignored))
		return;
	for (size_t i = 0; i < words.n; i++)
		mask_word(
		    r->mask, MASK_HOST, words.members[i].words[0]->text, NULL);
}

static void add_families(struct redact *r)
{
	const struct node *all = r->plan->common.sources;

	for (size_t i = 0; i < all->n; i++) {
		const struct node *each = node_get(all->items[i], "each");

		if (each != NULL)
			add_words_of(r, each);
	}
}

/* Hosts first: a source that is called like one is that host. */
static void add_sources(struct redact *r)
{
	const struct plan *plan = r->plan;
	char own[HOST_MAX + 1] = "";

	if (r->profile->hosts || r->profile->users)
		for (size_t i = 0; i < plan->n_sources; i++)
			add_node(r, "", plan->sources[i].node);
	if (!r->profile->hosts)
		return;
	if (gethostname(own, HOST_MAX) == 0)
		add_host(r, own);
	add_families(r);
	for (size_t i = 0; i < plan->n_sources; i++)
		mask_word(r->mask, MASK_HOST, plan->sources[i].name, NULL);
}

static int add_profile(struct redact *r, struct err *e)
{
	const struct plan_redact *p = r->profile;

	for (size_t i = 0; i < p->keep.n; i++)
		mask_spare(r->mask, p->keep.items[i]);
	add_sources(r);
	for (size_t i = 0; i < p->words.n; i++)
		mask_word(r->mask, MASK_WORD, p->words.items[i], NULL);
	if (p->addresses)
		mask_addresses(r->mask);
	for (size_t i = 0; i < p->patterns.n; i++)
		if (mask_pattern(r->mask, p->patterns.items[i], e) != 0)
			return -1;
	return 0;
}

static const struct plan_redact *find_profile(
    const struct plan *plan, const char *name, struct arena *a, struct err *e)
{
	const char *known = "";

	for (size_t i = 0; i < plan->n_redacts; i++) {
		const struct plan_redact *p = &plan->redacts[i];

		if (str_eq(p->name, name))
			return p;
		known = arena_printf(
		    a, "%s%s%s", known, i > 0 ? ", " : "", p->name);
	}
	err_set(e, "there is no profile '%.80s' under redact:", name);
	if (plan->n_redacts > 0)
		err_hint(e, "there is %s", known);
	else
		err_hint(e, "broadsheet help redact tells what one is made of");
	return NULL;
}

static int read_key(struct redact *r, struct span *key, struct err *e)
{
	const char *line;

	if (r->profile->key_file == NULL)
		return file_read(r->arena, r->plan->file, CONFIG_MAX, key, e);
	if (file_read_secret(r->arena, r->profile->key_file, &line, e) != 0)
		return err_context(e, "redact %s", r->profile->name);
	*key = (struct span){line, strlen(line)};
	return 0;
}

int redact_open(struct redact **out, const struct plan *plan,
    const char *profile, struct arena *a, struct err *e)
{
	struct redact *r = *out = arena_make(a, struct redact);
	struct span key = {0};

	*r = (struct redact){.plan = plan, .arena = a};
	r->profile = find_profile(plan, profile, a, e);
	if (r->profile == NULL || read_key(r, &key, e) != 0)
		return -1;
	r->mask = mask_open(a, key);
	return add_profile(r, e);
}

void redact_close(struct redact *r)
{
	if (r != NULL)
		mask_close(r->mask);
}

const char *redact_text(struct redact *r, struct arena *a, const char *text)
{
	return mask_text(r->mask, a, text);
}

/* A title that stays keeps its id; the others are called after their place. */
void redact_plan(struct redact *r, struct plan *plan)
{
	for (size_t i = 0; i < plan->n_pages; i++) {
		struct plan_page *page = &plan->pages[i];
		const char *chosen = page->choose.section;

		for (size_t k = 0; k < page->n_panels; k++) {
			struct plan_panel *p = &page->panels[k];
			const char *old = p->id;

			if (redact_text(r, r->arena, p->title) == p->title &&
			    redact_text(r, r->arena, old) == old)
				continue;
			p->id = arena_printf(r->arena, "panel--%zu", k + 1);
			if (str_eq(chosen, old))
				page->choose.section = p->id;
		}
	}
}
