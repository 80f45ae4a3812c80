/* Records to points of the map, and what is wrong with the others. */
#include <math.h>

#include "panel/map.h"
#include "panel/parts.h"

/* Between two places of a trail: so many intervals of the source. */
#define TRAIL_HOLE 5

/* Degrees: one that goes on around the earth begins anew. */
#define WOUND_MAX 700.0

/* NULL, or why the field is no coordinate. */
static const char *read_degrees(const struct map *m, const struct version *v,
    const char *field, double most, double *out)
{
	const char *text = version_field(v, field);

	*out = NAN;
	if (text == NULL || text[0] == '\0')
		return arena_printf(m->arena, "%s is missing", field);
	if (!str_real(text, out))
		return arena_printf(
		    m->arena, "%s '%.40s' is not a number", field, text);
	if (!isfinite(*out))
		return arena_printf(
		    m->arena, "%s is %s", field, isnan(*out) ? "NaN" : text);
	if (fabs(*out) > most)
		return arena_printf(m->arena,
		    "%s %.40s is out of range, "
		    "%.0f to %.0f",
		    field, text, -most, most);
	return NULL;
}

/* A device without a fix says that it is in the Gulf of Guinea. */
static const char *read_place(
    const struct map *m, const struct version *v, struct lonlat *at)
{
	const char *why = read_degrees(m, v, m->conf->lat, 90, &at->lat);

	if (why == NULL)
		why = read_degrees(m, v, m->conf->lon, 360, &at->lon);
	if (why == NULL && at->lat == 0 && at->lon == 0)
		why = "0, 0 is no position";
	if (why == NULL && m->conf->projection == MAP_MERCATOR &&
	    fabs(at->lat) > MERCATOR_LAT_MAX)
		why = arena_printf(m->arena,
		    "%s %.4f is past %.2f, where Mercator's map ends",
		    m->conf->lat, at->lat, MERCATOR_LAT_MAX);
	if (why == NULL)
		at->lon = geo_turn(at->lon, -180);
	return why;
}

static const char *point_name(const struct map *m, const struct version *v)
{
	const char *label =
	    m->conf->label != NULL ? version_field(v, m->conf->label) : NULL;

	return label != NULL && label[0] != '\0' ? label : v->key;
}

static void add_point(
    struct map *m, const struct version *v, const char *name, struct lonlat at)
{
	struct map_point *p = &m->points[m->n_points];
	bool gone = v->seen < m->in->records->listed;

	if (gone && (double)(m->in->now - v->seen) > m->conf->gone)
		return;
	*p = (struct map_point){v, name, at, map_state_of(m, v), gone};
	m->n_points++;
	m->n_gone += gone;
	m->states[p->state].n += !gone;
}

static void add_record(struct map *m, const struct version *v)
{
	const char *name = point_name(m, v), *why;
	struct lonlat at;

	if ((why = read_place(m, v, &at)) == NULL)
		add_point(m, v, name, at);
	else if (v->seen >= m->in->records->listed)
		m->faults[m->n_faults++] = (struct map_fault){v, name, why};
}

/* The last of the versions of a key is the newest. */
static bool is_newest(const struct records *r, size_t i)
{
	return i + 1 == r->n ||
	       !str_eq(r->versions[i].key, r->versions[i + 1].key);
}

void map_find_points(struct map *m)
{
	const struct records *r = m->in->records;

	m->points = arena_array(m->arena, r->n, sizeof(*m->points));
	m->faults = arena_array(m->arena, r->n, sizeof(*m->faults));
	for (size_t i = 0; i < r->n; i++)
		if (is_newest(r, i))
			add_record(m, &r->versions[i]);
}

static int64_t trail_hole(const struct map *m)
{
	int64_t every = m->in->run_every;

	for (size_t i = 0; i < m->in->n_status; i++)
		if (str_eq(m->in->status[i].name, m->in->common->source) &&
		    m->in->status[i].every > every)
			every = m->in->status[i].every;
	return TRAIL_HOLE * every;
}

/* The places of one key, longitudes without jumps at the antimeridian. */
struct trail {
	struct lonlat *places;
	size_t n;
	int64_t until; /* the last one was seen */
};

static void end_trail(struct map *m, struct trail *t, size_t state)
{
	if (t->n > 1)
		outline_add(
		    m->arena, &m->trails[state], OUTLINE_LINE, t->places, t->n);
	t->places += t->n;
	t->n = 0;
}

static void add_place(
    const struct map *m, struct trail *t, const struct version *v)
{
	struct lonlat at;

	if (read_place(m, v, &at) != NULL)
		return;
	if (t->n > 0)
		at.lon = geo_turn(at.lon, t->places[t->n - 1].lon - 180);
	t->places[t->n++] = at;
	t->until = v->ts > v->seen ? v->ts : v->seen;
}

/* Versions first..last, of one key. */
static void find_trail(struct map *m, struct lonlat *places,
    const struct version *first, const struct version *last, int64_t hole)
{
	struct trail t = {.places = places};
	size_t state = map_state_of(m, last);

	for (const struct version *v = first; v <= last; v++) {
		if (t.n > 0 && (v->ts - t.until > hole ||
				   fabs(t.places[t.n - 1].lon) > WOUND_MAX))
			end_trail(m, &t, state);
		add_place(m, &t, v);
	}
	end_trail(m, &t, state);
}

void map_find_trails(struct map *m)
{
	const struct records *r = m->in->records;
	struct lonlat *places = arena_array(m->arena, r->n, sizeof(*places));
	int64_t hole = trail_hole(m);
	size_t first = 0;

	m->trails = arena_array(m->arena, m->n_states, sizeof(*m->trails));
	for (size_t i = 0; i < r->n && m->conf->trail > 0; i++) {
		if (!is_newest(r, i))
			continue;
		if (r->versions[i].seen >= r->listed)
			find_trail(m, places + first, &r->versions[first],
			    &r->versions[i], hole);
		first = i + 1;
	}
}
