/* A map in words, and its points in tables. */
#include <math.h>

#include "base/clock.h"
#include "chart/unit.h"
#include "panel/map.h"
#include "panel/parts.h"

#define ROWS_MAX    500
#define FAULTS_TOLD 3 /* in the message; all are in the table */

static const char *state_words(const struct map *m, size_t state)
{
	const char *name = m->states[state].name;

	if (m->conf->colour == NULL)
		return "";
	return name[0] != '\0' ? name : "without a state";
}

static const char *age_words(const struct map *m, const struct version *v)
{
	double age = (double)(m->in->now - v->ts);

	return age < 1 ? "now"
		       : arena_printf(
			     m->arena, "%s ago", clock_duration(m->arena, age));
}

static const char *gone_words(const struct map *m, const struct version *v)
{
	return arena_printf(m->arena, "not listed since %s",
	    moment_words(m->arena, v->seen, m->in->now));
}

const char *map_point_words(const struct map *m, const struct map_point *p)
{
	const char *state = state_words(m, p->state);

	return arena_printf(m->arena, "%s: %s%s%s%s%s", p->name, state,
	    state[0] != '\0' ? ", " : "", age_words(m, p->record),
	    p->gone ? ", " : "", p->gone ? gone_words(m, p->record) : "");
}

static const char *alt(const struct map *m)
{
	size_t listed = m->n_points - m->n_gone;
	const char *words = arena_printf(m->arena, "%s, map of %s %s",
	    m->in->title[0] != '\0' ? m->in->title : m->in->common->source,
	    unit_whole(m->arena, (double)listed),
	    listed == 1 ? "point" : "points");

	for (size_t i = 0, n = 0; i < m->n_states; i++)
		if (m->states[i].n > 0 && m->conf->colour != NULL)
			words = arena_printf(m->arena, "%s%s %zu %s", words,
			    n++ == 0 ? ":" : ",", m->states[i].n,
			    state_words(m, i));
	return words;
}

/* What is wrong, where all can be told in short. */
static const char *faults_words(const struct map *m)
{
	const char *words = arena_printf(m->arena, "%s not drawn",
	    unit_whole(m->arena, (double)m->n_faults));

	for (size_t i = 0; i < m->n_faults && i < FAULTS_TOLD; i++)
		words = arena_printf(m->arena, "%s%s %s (%s)", words,
		    i == 0 ? ":" : ",", m->faults[i].name, m->faults[i].why);
	if (m->n_faults > FAULTS_TOLD)
		words = arena_printf(m->arena, "%s and %zu more", words,
		    m->n_faults - FAULTS_TOLD);
	return words;
}

/* The numbers of a row: those on the map and those that are not alike. */
enum { NAME, STATE, LAT, LON, WHEN, REMARK, CELLS };

static const char *or_nothing(const char *text)
{
	return text != NULL ? text : "";
}

struct row {
	const struct version *record;
	const char *cells[CELLS];
};

static struct row row_of(const struct map *m, const struct version *v,
    const char *name, const char *state, const char *remark)
{
	return (struct row){
	    v, {
		   [NAME] = name,
		   [STATE] = state,
		   [LAT] = or_nothing(version_field(v, m->conf->lat)),
		   [LON] = or_nothing(version_field(v, m->conf->lon)),
		   [WHEN] = age_words(m, v),
		   [REMARK] = remark,
	       }};
}

static struct row row_at(const struct map *m, size_t i)
{
	const struct map_point *p;

	if (i < m->n_faults)
		return row_of(m, m->faults[i].record, m->faults[i].name,
		    state_words(m, map_state_of(m, m->faults[i].record)),
		    arena_printf(m->arena, "not drawn: %s", m->faults[i].why));
	p = &m->points[i - m->n_faults];
	return row_of(m, p->record, p->name, state_words(m, p->state),
	    p->gone ? gone_words(m, p->record) : "");
}

static struct grid *grid_of(const struct map *m)
{
	static const struct grid_column columns[CELLS] = {
	    [NAME] = {"name", false},
	    [STATE] = {"state", false},
	    [LAT] = {"lat", true},
	    [LON] = {"lon", true},
	    [WHEN] = {"as of", false},
	    [REMARK] = {"remark", false},
	};
	size_t all = m->n_faults + m->n_points;
	struct grid *g = arena_make(m->arena, struct grid);

	g->n_columns = CELLS;
	g->columns = arena_copy(m->arena, columns, sizeof(columns));
	g->n_rows = all < ROWS_MAX ? all : ROWS_MAX;
	g->rows = arena_array(m->arena, g->n_rows, sizeof(*g->rows));
	for (size_t i = 0; i < g->n_rows; i++) {
		struct row row = row_at(m, i);

		g->rows[i] = arena_array(m->arena, CELLS, sizeof(*g->rows[i]));
		for (size_t c = 0; c < CELLS; c++)
			g->rows[i][c].text = row.cells[c];
	}
	if (all > ROWS_MAX)
		g->foot = arena_printf(m->arena, "and %s more",
		    unit_whole(m->arena, (double)(all - ROWS_MAX)));
	return g;
}

static struct numbers *numbers_of(const struct map *m)
{
	static const char *const columns[] = {
	    "time", "key", "name", "state", "lat", "lon", "seen", "remark"};
	struct numbers *n = arena_make(m->arena, struct numbers);

	n->text = true;
	n->n_columns = sizeof(columns) / sizeof(columns[0]);
	n->columns = arena_copy(m->arena, columns, sizeof(columns));
	n->n_rows = m->n_faults + m->n_points;
	n->cells = arena_array(m->arena, n->n_rows, sizeof(*n->cells));
	for (size_t i = 0; i < n->n_rows; i++) {
		struct row row = row_at(m, i);
		const char *cells[] = {clock_iso(m->arena, row.record->ts),
		    row.record->key, row.cells[NAME], row.cells[STATE],
		    row.cells[LAT], row.cells[LON],
		    clock_iso(m->arena, row.record->seen), row.cells[REMARK]};

		n->cells[i] = arena_copy(m->arena, cells, sizeof(cells));
	}
	return n;
}

/* "equirectangular, 3 outside of the map, as of 03:14" */
static const char *note(const struct map *m, const struct map_picture *p)
{
	const char *outside =
	    p->outside == 0 ? ""
			    : arena_printf(m->arena, "%s outside of the map, ",
				  unit_whole(m->arena, (double)p->outside));

	return arena_printf(m->arena, "%s%sas of %s",
	    p->projection == PROJECTION_EQUIRECTANGULAR ? "equirectangular, "
							: "",
	    outside,
	    moment_words(m->arena, m->in->records->listed, m->in->now));
}

void map_write_words(
    const struct map *m, const struct map_picture *picture, struct block *b)
{
	size_t left = m->in->records->left_out;

	b->alt = alt(m);
	b->note = note(m, picture);
	if (b->message == NULL && m->n_faults > 0)
		b->message = faults_words(m);
	else if (b->message == NULL && left > 0)
		b->message = arena_printf(m->arena, "%s more are not shown",
		    unit_whole(m->arena, (double)left));
	b->folded = grid_of(m);
	b->folded_title = arena_printf(m->arena, "%s %s",
	    unit_whole(m->arena, (double)(m->n_points + m->n_faults)),
	    m->n_points + m->n_faults == 1 ? "point" : "points");
	b->numbers = numbers_of(m);
}
