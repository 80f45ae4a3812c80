/* States of a map's points: which there are, and how they look. */
#include <stdlib.h>
#include <string.h>

#include "panel/map.h"

static const struct {
	const char *word;
	enum ink ink;
} colours[] = {
    {"blue", INK_SERIES_1},
    {"orange", INK_SERIES_2},
    {"green", INK_SERIES_3},
    {"purple", INK_SERIES_4},
    {"grey", INK_SERIES_5},
    {"gray", INK_SERIES_5},
    {"cyan", INK_SERIES_6},
    {"pink", INK_SERIES_7},
    {"olive", INK_SERIES_8},
};

#define COLOURS (sizeof(colours) / sizeof(colours[0]))

static const enum mark shapes[] = {
    MARK_CIRCLE,
    MARK_SQUARE,
    MARK_CROSS,
    MARK_TRIANGLE,
    MARK_DIAMOND,
    MARK_NABLA,
    MARK_PLUS,
};

#define SHAPES (sizeof(shapes) / sizeof(shapes[0]))

bool map_ink(const char *word, enum ink *ink)
{
	for (size_t i = 0; i < COLOURS; i++) {
		if (!str_eq(colours[i].word, word))
			continue;
		*ink = colours[i].ink;
		return true;
	}
	return false;
}

const char *map_ink_words(struct arena *a)
{
	const char *words = colours[0].word;

	for (size_t i = 1; i < COLOURS; i++)
		if (colours[i].ink != colours[i - 1].ink)
			words =
			    arena_printf(a, "%s, %s", words, colours[i].word);
	return words;
}

static void add(struct map *m, const char *name, enum ink ink)
{
	struct map_state *s = &m->states[m->n_states];

	*s = (struct map_state){
	    .name = name,
	    .ink = ink,
	    .mark = shapes[m->n_states % SHAPES],
	};
	m->n_states++;
}

static bool is_used(const struct map *m, enum ink ink)
{
	for (size_t i = 0; i < m->n_states; i++)
		if (m->states[i].ink == ink)
			return true;
	return false;
}

/* One that no state has yet, while there are any. */
static enum ink next_ink(const struct map *m)
{
	for (int ink = INK_SERIES_1; ink <= INK_SERIES_8; ink++)
		if (!is_used(m, (enum ink)ink))
			return (enum ink)ink;
	return (enum ink)(INK_SERIES_1 + (int)m->n_states % INK_SERIES_COUNT);
}

static const char *name_of(const struct map *m, const struct version *v)
{
	const char *name =
	    m->conf->colour != NULL ? version_field(v, m->conf->colour) : NULL;

	return name != NULL ? name : "";
}

static bool is_known(const struct map *m, const char *name)
{
	for (size_t i = 0; i < m->n_states; i++)
		if (str_eq(m->states[i].name, name))
			return true;
	return false;
}

/* The least name that is not known yet, or NULL. */
static const char *next_name(const struct map *m)
{
	const struct records *r = m->in->records;
	const char *least = NULL;

	for (size_t i = 0; i < r->n; i++) {
		const struct version *v = &r->versions[i];
		const char *name = name_of(m, v);

		if (i + 1 < r->n && str_eq(v->key, v[1].key))
			continue; /* what it was once */
		if ((least == NULL || strcmp(name, least) < 0) &&
		    !is_known(m, name))
			least = name;
	}
	return least;
}

void map_find_states(struct map *m)
{
	const struct pairs *given = &m->conf->colours;
	const char *name;

	m->states =
	    arena_array(m->arena, MAP_STATES_MAX + 1, sizeof(*m->states));
	for (size_t i = 0; i < given->n && m->n_states < MAP_STATES_MAX; i++) {
		enum ink ink = INK_SERIES_5;

		(void)map_ink(given->items[i].value, &ink);
		add(m, given->items[i].key, ink);
	}
	while (m->n_states < MAP_STATES_MAX && (name = next_name(m)) != NULL)
		add(m, name,
		    name[0] == '\0' && m->conf->colour != NULL ? INK_SERIES_5
							       : next_ink(m));
	if (m->n_states == MAP_STATES_MAX && next_name(m) != NULL)
		add(m, "others", INK_SERIES_5);
}

size_t map_state_of(const struct map *m, const struct version *v)
{
	const char *name = name_of(m, v);

	for (size_t i = 0; i < m->n_states; i++)
		if (str_eq(m->states[i].name, name))
			return i;
	return m->n_states - 1;
}
