/* Sources of the plan: families, transports and their decoders. */
#include "base/file.h"
#include "run/plan.h"
#include "run/plan_each.h"
#include "run/plan_use.h"

#include <string.h>

#define NAME_MAX_BYTES 100
#define SOURCES_MAX    100000
#define AT(member)     offsetof(struct source_common, member)

const struct option source_common_options[] = {
    {"each", OPTION_NODE, AT(each),
	.help = "makes a family: the source repeats for each of these words, "
		"a list or a file of them, which stand for {each} in its name "
		"and values"},
    {"use", OPTION_TEXT, AT(use),
	.help = "a recipe that the source builds on, one of the shipped ones "
		"or the path of your own: it gives every key that the source "
		"leaves out"},
    {"every", OPTION_DURATION, AT(every), .min = 1, .max = 366 * 86400.0,
	.help = "how often it is asked; the run's own if left out"},
    {"timeout", OPTION_DURATION, AT(timeout), .deflt = "10s", .min = 0.1,
	.max = 3600, .help = "how long it may take"},
    {"limit", OPTION_SIZE, AT(limit), .deflt = "4MB", .min = 1,
	.max = 1024.0 * 1024 * 1024, .help = "how many bytes it may yield"},
    {"decode", OPTION_TEXT, AT(decode),
	.help = "what makes readings of its bytes, one of the decoders below"},
    {"as", OPTION_CHOICE, AT(as),
	.choices = "default|samples|records|table|lines", .deflt = "default",
	.help = "what the readings are to be, where the decoder makes several "
		"things"},
    {"run", OPTION_TEXT, AT(run), .help = "a shell command (exec and ssh)"},
    {"private", OPTION_BOOL, AT(private), .deflt = "no",
	.help = "nothing of it is in the public output"},
    {"whole", OPTION_BOOL, AT(whole), .deflt = "no",
	.help = "of records: what the source lists is all that there is, so "
		"that what it no longer lists is forgotten, unless it lists "
		"nothing at all"},
    {"keep", OPTION_LIST, AT(keep),
	.help = "patterns of the metrics to store; all if left out"},
    {0},
};

static bool valid_name(const char *name)
{
	size_t n = strlen(name);

	return n > 0 && n <= NAME_MAX_BYTES && str_is_clean(name, n) &&
	       strpbrk(name, "/{}*?[]\\\n\"") == NULL;
}

static bool is_common(const char *key)
{
	for (const struct option *o = source_common_options; o->key; o++)
		if (str_eq(o->key, key))
			return true;
	return false;
}

static void no_transport(const struct node *n, struct faults *faults)
{
	struct strings kinds = {0};
	const char *near;

	for (size_t i = 0; source_kinds[i] != NULL; i++)
		strings_add(faults->arena, &kinds, source_kinds[i]->name);
	for (size_t i = 0; i < n->n; i++) {
		near = str_nearest(n->keys[i]->text, &kinds);
		if (near == NULL || is_common(n->keys[i]->text))
			continue;
		fault_at(faults, n->keys[i],
		    "no transport '%.80s'; did you mean '%s'?",
		    n->keys[i]->text, near);
		return;
	}
	fault_at(faults, n,
	    "no transport: one of exec, file, http, sql or ssh is wanted");
}

/* The kind whose key is in the mapping; a fault if not exactly one. */
static const struct source_kind *find_kind(
    const struct node *n, struct faults *faults)
{
	const struct source_kind *kind = NULL;

	for (size_t i = 0; source_kinds[i] != NULL; i++) {
		if (node_get(n, source_kinds[i]->name) == NULL)
			continue;
		if (kind != NULL) {
			fault_at(faults, n,
			    "both '%s' and '%s': a source has "
			    "one transport",
			    kind->name, source_kinds[i]->name);
			return NULL;
		}
		kind = source_kinds[i];
	}
	if (kind == NULL)
		no_transport(n, faults);
	return kind;
}

/* Whether the bytes of this kind, and no other, are for this decoder. */
static bool belong(const struct source_kind *kind, const struct decoder *d,
    const struct node *value, struct faults *faults)
{
	if (kind != NULL && kind->decoder != NULL &&
	    !str_eq(kind->decoder, d->name)) {
		fault_at(faults, value,
		    "decode: leave it out; rows of %s need no decoder",
		    kind->name);
		return false;
	}
	for (size_t i = 0; source_kinds[i] != NULL; i++)
		if (source_kinds[i] != kind &&
		    str_eq(source_kinds[i]->decoder, d->name)) {
			fault_at(faults, value,
			    "decode: %s goes only with '%s'", d->name,
			    source_kinds[i]->name);
			return false;
		}
	return true;
}

static const struct decoder *find_decoder(
    const struct node *n, const struct source_kind *kind, struct faults *faults)
{
	const struct node *value = node_get(n, "decode");
	struct strings known = {0};
	const struct decoder *d;
	const char *near;

	if (value == NULL && node_get(n, "tail") != NULL)
		return decoder("lines");
	if (value == NULL && kind != NULL && kind->decoder != NULL)
		return decoder(kind->decoder);
	if (value == NULL) {
		fault_at(faults, n, "'decode' is missing");
		return NULL;
	}
	if ((d = decoder(value->text)) != NULL)
		return belong(kind, d, value, faults) ? d : NULL;
	for (size_t i = 0; decoders[i] != NULL; i++)
		strings_add(faults->arena, &known, decoders[i]->name);
	near = str_nearest(value->text, &known);
	fault_at(faults, value, "no decoder '%.80s'%s%s%s", value->text,
	    near != NULL ? "; did you mean '" : "", near != NULL ? near : "",
	    near != NULL ? "'?" : "");
	return NULL;
}

/*
 * A log file of this machine is tailed by this machine's shell, as one of
 * another machine is by that one's: "file: F, decode: lines" becomes
 * "exec: [], tail: F".
 */
static const struct node *tail_local_file(
    struct arena *a, const struct node *n, struct faults *faults)
{
	const struct node *file = node_get(n, "file");
	const struct node *decode = node_get(n, "decode");
	const struct node *tail = node_key(n, "tail");
	struct node *copy;

	if (file == NULL || file->kind != NODE_SCALAR ||
	    file->text[0] == '\0' || decode == NULL ||
	    !str_eq(decode->text, "lines"))
		return n;
	if (tail != NULL) {
		fault_at(faults, tail,
		    "tail: 'file' says already which file is followed");
		return n;
	}
	copy = node_new(a, n, NODE_MAP, "");
	for (size_t i = 0; i < n->n; i++)
		if (n->items[i] != file)
			node_add(a, copy, n->keys[i], n->items[i]);
	node_add(a, copy, node_new(a, file, NODE_SCALAR, "tail"),
	    node_new(a, file, NODE_SCALAR,
		file_resolve(a, file_dir(a, file->file), file->text)));
	node_add(a, copy, node_new(a, file, NODE_SCALAR, "exec"),
	    node_new(a, file, NODE_LIST, ""));
	return copy;
}

static void check_as(struct plan_source *s, struct faults *faults)
{
	const struct decoder *d = s->decoder;

	s->as = (enum decode_as)s->common.as;
	if (s->as == AS_DEFAULT)
		s->as =
		    d->unsaid != NULL ? d->unsaid(s->decode_conf) : d->as[0];
	for (size_t i = 0; i < 5 && d->as[i] != AS_DEFAULT; i++)
		if (d->as[i] == s->as)
			return;
	fault_at(faults, node_get(s->node, "as"), "as: decoder %s makes no %s",
	    d->name, node_get(s->node, "as")->text);
}

static void check_command(struct plan_source *s, struct faults *faults)
{
	const struct decoder *d = s->decoder;
	bool own =
	    d->command != NULL &&
	    d->command(s->decode_conf, (struct span){0}, faults->arena) != NULL;
	const struct node *exec = node_get(s->node, "exec");
	bool argv = exec != NULL && (exec->n > 0 || exec->text[0] != '\0');

	if (s->common.run != NULL && !s->kind->commands)
		fault_at(faults, node_get(s->node, "run"),
		    "run: %s runs no commands", s->kind->name);
	else if (s->common.run != NULL && argv)
		fault_at(faults, node_get(s->node, "run"),
		    "run: exec has a command already");
	else if (s->kind->commands && s->common.run == NULL && !own && !argv)
		fault_at(faults, s->node,
		    "no command: 'run' (or a decoder that brings its own) is "
		    "wanted");
}

static void check_whole(const struct plan_source *s, struct faults *faults)
{
	if (s->common.whole && !decode_as_unsaid(s->node) &&
	    s->as != AS_RECORDS)
		fault_at(faults, node_get(s->node, "whole"),
		    "whole: goes only with 'as: records'");
}

static void keep_source(
    struct plan *plan, const struct plan_source *s, struct faults *faults)
{
	const struct plan_source *other = plan_source(plan, s->name);

	if (other != NULL) {
		fault_at(faults, s->key,
		    "source '%s' is here twice (line %d too)", s->name,
		    other->key->line);
		return;
	}
	if (plan->n_sources == SOURCES_MAX) {
		fault_at(faults, plan->common.sources, "sources: more than %d",
		    SOURCES_MAX);
		return;
	}
	names_add(plan->arena, &plan->source_names, s->name, plan->n_sources);
	*arena_push(plan->arena, &plan->sources, &plan->n_sources,
	    &plan->cap_sources) = *s;
}

static void bind_options(struct plan *plan, struct plan_source *s,
    const struct option *parameters, const char **ignored,
    struct faults *faults)
{
	struct binding tables[4];

	s->conf = arena_alloc(plan->arena, s->kind->conf_size);
	s->decode_conf = arena_alloc(plan->arena, s->decoder->conf_size);
	tables[0] = (struct binding){source_common_options, &s->common};
	tables[1] = (struct binding){s->kind->options, s->conf};
	tables[2] = (struct binding){s->decoder->options, s->decode_conf};
	tables[3] = (struct binding){parameters, ignored};
	option_bind(s->node, tables, 4, faults);
	if (s->kind->check != NULL)
		s->kind->check(s->conf, s->node, faults);
	if (s->decoder->check != NULL)
		s->decoder->check(s->decode_conf, s->node, faults);
}

static void bind_source(struct plan *plan, const struct node *key,
    const struct use *use, struct faults *faults)
{
	struct plan_source s = {.name = key->text, .key = key};
	const char *ignored;

	s.node = tail_local_file(plan->arena, use->node, faults);
	s.kind = find_kind(s.node, faults);
	s.decoder = find_decoder(s.node, s.kind, faults);
	if (s.kind == NULL || s.decoder == NULL)
		return;
	bind_options(plan, &s, use->parameters, &ignored, faults);
	check_as(&s, faults);
	check_command(&s, faults);
	check_whole(&s, faults);
	s.every = s.common.every > (double)plan->every ? (int64_t)s.common.every
						       : plan->every;
	keep_source(plan, &s, faults);
}

static void add_source(struct plan *plan, const struct node *key,
    const struct node *n, struct faults *faults)
{
	struct faults found = {.arena = faults->arena};
	struct use use = {.node = n};

	if (!valid_name(key->text))
		fault_at(faults, key,
		    "'%.80s' is no name for a source: up to %d bytes without "
		    "/ \\ { } [ ] * ? or quotes",
		    key->text, NAME_MAX_BYTES);
	else if (plan_use(plan, n, &use, &found))
		bind_source(plan, key, &use, &found);
	plan_use_faults(plan, &use, &found, faults);
}

/* A family: the source once for each word of its each. */
static void add_family(struct plan *plan, const struct node *key,
    const struct node *n, const struct node *words, struct faults *faults)
{
	struct arena *a = plan->arena;
	struct each each;
	struct node *name;

	if (!plan_each(words, &each, faults))
		return;
	for (size_t i = 0; i < each.n; i++) {
		const struct node *word = each.members[i].words[0];

		name = each_replace(a, key, &each, &each.members[i]);
		if (str_eq(name->text, key->text)) {
			fault_at(faults, key,
			    "the name of a family must hold {each}: "
			    "\"{each}\"");
			return;
		}
		if (word->file != key->file) {
			/* a bad name is one of the file's */
			name->file = word->file;
			name->line = word->line;
			name->col = word->col;
		}
		add_source(plan, name,
		    each_replace(a, n, &each, &each.members[i]), faults);
	}
}

void plan_bind_sources(struct plan *plan, struct faults *faults)
{
	const struct node *all = plan->common.sources;

	if (all->kind != NODE_MAP) {
		fault_at(faults, all,
		    "sources: a mapping of names to sources is wanted here");
		return;
	}
	for (size_t i = 0; i < all->n; i++) {
		const struct node *n = all->items[i];
		const struct node *each = node_get(n, "each");

		if (n->kind != NODE_MAP)
			fault_at(faults, n,
			    "source %.80s: a mapping is wanted here",
			    all->keys[i]->text);
		else if (each != NULL)
			add_family(plan, all->keys[i], n, each, faults);
		else
			add_source(plan, all->keys[i], n, faults);
	}
}
