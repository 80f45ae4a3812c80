/* Profiles of the plan: what a snapshot does not show. */
#include "base/mask.h"
#include "run/plan.h"

#define AT(member) offsetof(struct plan_redact, member)

const struct option plan_redact_options[] = {
    {"hosts", OPTION_BOOL, AT(hosts),
	.help = "names of sources, of the hosts that they ask and of all "
		"below the domains of those, words of each:, and this "
		"machine's own name"},
    {"addresses", OPTION_BOOL, AT(addresses),
	.help = "addresses: IPv4, IPv6, Ethernet, mail"},
    {"users", OPTION_BOOL, AT(users), .help = "names that sources log in with"},
    {"places", OPTION_BOOL, AT(places),
	.help = "maps, and columns and fields called lat, lon and the like"},
    {"words", OPTION_LIST, AT(words), .help = "whole words, capital or small"},
    {"patterns", OPTION_LIST, AT(patterns),
	.help = "extended regular expressions, which may have \\d, too"},
    {"keep", OPTION_LIST, AT(keep),
	.help = "words that stay, though they are names of hosts or sources"},
    {"key_file", OPTION_PATH, AT(key_file),
	.help = "a file of one line that pseudonyms are made with, so that "
		"they stay the same when the configuration changes"},
    {0},
};

static void check_patterns(struct plan *plan, const struct node *n,
    const struct plan_redact *r, struct faults *faults)
{
	const struct node *list = node_get(n, "patterns");
	struct mask *m = mask_open(plan->arena, (struct span){"", 0});
	struct err e;

	for (size_t i = 0; list != NULL && i < r->patterns.n; i++)
		if (mask_pattern(m, r->patterns.items[i], &e) != 0)
			fault_at(faults,
			    list->kind == NODE_LIST ? list->items[i] : list,
			    "%s", e.text);
	mask_close(m);
}

static void add_profile(struct plan *plan, const struct node *key,
    const struct node *n, struct faults *faults)
{
	struct plan_redact r = {.name = key->text};
	struct binding b = {plan_redact_options, &r};

	if (n->kind != NODE_MAP) {
		fault_at(faults, n, "redact %.80s: a mapping is wanted here",
		    key->text);
		return;
	}
	option_bind(n, &b, 1, faults);
	check_patterns(plan, n, &r, faults);
	if (!r.hosts && !r.addresses && !r.users && !r.places &&
	    r.words.n + r.patterns.n == 0)
		fault_at(
		    faults, n, "redact %.80s: it hides nothing", key->text);
	*arena_push(plan->arena, &plan->redacts, &plan->n_redacts,
	    &plan->cap_redacts) = r;
}

void plan_bind_redact(struct plan *plan, struct faults *faults)
{
	const struct node *all = plan->common.redact;

	if (all->kind != NODE_MAP) {
		fault_at(faults, all,
		    "redact: a mapping of names to profiles is wanted here");
		return;
	}
	for (size_t i = 0; i < all->n; i++)
		add_profile(plan, all->keys[i], all->items[i], faults);
}
