#include <string.h>

#include "output/capsule.h"

#define X(name) extern const struct capsule_kind capsule_##name;
#include "output/kinds.h"
#undef X

const struct capsule_kind *const capsule_kinds[] = {
#define X(name) &capsule_##name,
#include "output/kinds.h"
#undef X
    NULL,
};

static const struct capsule_kind *find(const char *name)
{
	for (size_t i = 0; capsule_kinds[i] != NULL; i++)
		if (str_eq(name, capsule_kinds[i]->name))
			return capsule_kinds[i];
	return NULL;
}

const struct capsule_kind *capsule_kind(const char *name, struct err *e)
{
	const struct capsule_kind *kind = find(name);
	struct strings known = {0};
	const char *near, *all = "";
	struct arena *a;

	if (kind != NULL)
		return kind;
	a = arena_new();
	for (size_t i = 0; capsule_kinds[i] != NULL; i++) {
		strings_add(a, &known, capsule_kinds[i]->name);
		all = arena_printf(a, "%s%s%s", all, i > 0 ? ", " : "",
		    capsule_kinds[i]->name);
	}
	near = str_nearest(name, &known);
	err_set(e, "--format: a snapshot can't be '%.80s'", name);
	if (near != NULL)
		err_hint(e, "did you mean '%s'?", near);
	else
		err_hint(e, "there are %s", all);
	arena_free(a);
	return NULL;
}

const struct capsule_kind *capsule_kind_of(const char *path)
{
	const char *suffix = strrchr(path, '.');

	for (size_t i = 0; suffix != NULL && capsule_kinds[i] != NULL; i++)
		if (strcasecmp(suffix, capsule_kinds[i]->suffix) == 0)
			return capsule_kinds[i];
	return capsule_kinds[0];
}

const struct capsule_kind *capsule_kind_at(struct span file)
{
	for (size_t i = 0; capsule_kinds[i] != NULL; i++) {
		const char *magic = capsule_kinds[i]->magic;
		size_t n = strlen(magic);

		if (file.n >= n && memcmp(file.p, magic, n) == 0)
			return capsule_kinds[i];
	}
	return capsule_kinds[0];
}
