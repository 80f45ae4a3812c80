#include "run/compose_map.h"

#include "base/file.h"

#define KEYS_MAX     20000
#define VERSIONS_MAX 60000

struct world {
	struct arena *arena;
	const char *data;
	bool read;
	struct outline far, near;
};

struct world *world_new(struct arena *a, const char *data)
{
	struct world *w = arena_make(a, struct world);

	w->arena = a;
	w->data = data;
	return w;
}

static void read_outline(struct world *w, const char *name, struct outline *out)
{
	const char *path =
	    arena_printf(w->arena, "%s/assets/outline/%s", w->data, name);
	struct err ignored;
	struct span bytes;

	if (file_read(w->arena, path, OUTLINE_BYTES_MAX, &bytes, &ignored) !=
		0 ||
	    outline_parse(w->arena, bytes, out, &ignored) != 0)
		*out = (struct outline){0};
}

void gather_outlines(struct world *w, struct panel_input *in)
{
	if (!w->read) {
		read_outline(w, "world-110m.outline", &w->far);
		read_outline(w, "world-50m.outline", &w->near);
		w->read = true;
	}
	in->world = w->far.n > 0 ? &w->far : NULL;
	in->near = w->near.n > 0 ? &w->near : NULL;
}

struct panel_wish wish_of(
    const struct panel_kind *kind, const struct panel_input *in)
{
	struct panel_wish wish = {0};

	if (kind->wish != NULL)
		kind->wish(in->conf, in->now, &wish);
	return wish;
}

int gather_records(struct store *st, const struct panel_kind *kind,
    struct panel_input *in, struct arena *a, struct err *e)
{
	struct records *r = arena_make(a, struct records);
	struct records_wanted w = {
	    .source = in->common->source,
	    .from = in->to - (int64_t)wish_of(kind, in).past,
	    .at = in->to,
	    .keys = KEYS_MAX,
	    .versions = VERSIONS_MAX,
	};

	in->records = r;
	return store_records(st, a, &w, r, e);
}

int gather_file(const struct panel_kind *kind, struct panel_input *in,
    struct arena *a, struct err *e)
{
	const char *path = wish_of(kind, in).file;

	return path == NULL ? 0
			    : file_read(a, path, PANEL_FILE_MAX, &in->file, e);
}

int gather_then(struct store *st, const struct panel_kind *kind,
    struct panel_input *in, const struct strings *globs, struct arena *a,
    struct err *e)
{
	struct panel_wish wish = wish_of(kind, in);
	struct series *then;

	for (size_t i = 0; i < wish.n_moments; i++) {
		if (store_series(st, a, globs, wish.moments[i], wish.moments[i],
			0, &then, &in->n_then[i], e) != 0)
			return -1;
		in->then[i] = then;
	}
	return 0;
}
