/*
 * Panels built from made-up series at a fixed time.
 */
#ifndef TESTS_PANEL_INPUT_H
#define TESTS_PANEL_INPUT_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "panel/panel.h"
#include "scene_dump.h"

#define NOW	INT64_C(1795317240) /* 2026-11-22 03:14 UTC */
#define MINUTES INT64_C(60)
#define HOURS	INT64_C(3600)
#define DAYS	INT64_C(86400)

/* One test's panel; all else is zero. */
struct rig {
	struct arena *arena;
	struct panel_common common;
	struct panel_input in;
	struct block block;
	struct faults faults;
	struct err err;
};

static inline int rig_set_up(void **state)
{
	struct arena *a = arena_new();
	struct rig *r = arena_make(a, struct rig);
	struct err e;

	r->arena = a;
	r->faults.arena = a;
	r->in = (struct panel_input){
	    .common = &r->common,
	    .title = "CPU",
	    .now = NOW,
	    .from = NOW - 6 * HOURS,
	    .to = NOW,
	    .run_every = 60,
	    .ruler = &even_ruler,
	};
	r->block = (struct block){.title = "CPU", .width = WIDTH_THIRD};
	*state = r;
	return clock_set_zone("Europe/London", &e);
}

static inline int rig_tear_down(void **state)
{
	arena_free(((struct rig *)*state)->arena);
	return 0;
}

/* The kind's options from YAML, as the configuration would bind them. */
static inline void *rig_bind(
    struct rig *r, const struct panel_kind *kind, const char *yaml)
{
	void *conf = arena_alloc(r->arena, kind->conf_size + 1);
	const struct node *n =
	    node_parse(r->arena, "t.yaml", yaml, strlen(yaml), &r->faults);

	option_bind(n,
	    (struct binding[]){
		{kind->options, conf}, {panel_common_options, &r->common}},
	    2, &r->faults);
	if (kind->check != NULL)
		kind->check(conf, &r->common, n, &r->faults);
	return conf;
}

static inline int rig_build(
    struct rig *r, const struct panel_kind *kind, const char *yaml)
{
	r->in.conf = rig_bind(r, kind, yaml);
	assert_int_equal(r->faults.n, 0);
	return kind->build(&r->in, &r->block, r->arena, &r->err);
}

static inline const char *rig_fault(
    struct rig *r, const struct panel_kind *kind, const char *yaml)
{
	(void)rig_bind(r, kind, yaml);
	return r->faults.n > 0 ? r->faults.items[0].text : "";
}

/* n points, one each `every` seconds up to `last_ts`, from lo up to hi. */
static inline struct series rising(struct rig *r, const char *name,
    const char *unit, double lo, double hi, size_t n, int64_t every,
    int64_t last_ts)
{
	const char *slash = strchr(name, '/');
	struct series s = {
	    .name = name,
	    .source = arena_strndup(r->arena, name, (size_t)(slash - name)),
	    .metric = slash + 1,
	    .unit = unit,
	    .every = every,
	    .points = arena_array(r->arena, n, sizeof(struct point)),
	    .n = n,
	    .last = hi,
	    .last_ts = last_ts,
	};

	for (size_t i = 0; i < n; i++) {
		double v =
		    n == 1 ? hi : lo + (hi - lo) * (double)i / (double)(n - 1);

		s.points[i] = (struct point){
		    last_ts - (int64_t)(n - 1 - i) * every, v, v, v};
	}
	return s;
}

#define rig_test(f)                                                            \
	cmocka_unit_test_setup_teardown(f, rig_set_up, rig_tear_down)

#endif
