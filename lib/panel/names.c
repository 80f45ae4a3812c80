#include <string.h>

#include "panel/parts.h"

#define PARTS_MAX 34 /* source, metric and 32 labels */

/* A series' name in parts; the keys of labels are those of the first. */
struct parts {
	const char *value[PARTS_MAX]; /* "" where the series has none */
};

struct splitter {
	struct arena *arena;
	const char *keys[PARTS_MAX]; /* [0] source, [1] metric */
	size_t n;
};

static size_t key_index(struct splitter *s, const char *key, size_t len)
{
	for (size_t i = 2; i < s->n; i++)
		if (strlen(s->keys[i]) == len &&
		    memcmp(s->keys[i], key, len) == 0)
			return i;
	if (s->n == PARTS_MAX)
		return 0;
	s->keys[s->n] = arena_strndup(s->arena, key, len);
	return s->n++;
}

/* The text between quotes, unescaped; *p moves behind the closing one. */
static const char *quoted(struct arena *a, const char **p)
{
	char *out = arena_alloc(a, strlen(*p) + 1);
	size_t n = 0;

	for (; **p != '\0' && **p != '"'; (*p)++) {
		if (**p == '\\' && (*p)[1] != '\0')
			(*p)++;
		out[n++] = **p;
	}
	if (**p == '"')
		(*p)++;
	return out;
}

/* metric{a="1",b="2"}: as metric_name() writes it. */
static void split(
    struct splitter *s, const struct series *series, struct parts *out)
{
	const char *p = series->metric + strcspn(series->metric, "{");

	out->value[0] = series->source;
	out->value[1] = arena_strndup(
	    s->arena, series->metric, (size_t)(p - series->metric));
	while (*p == '{' || *p == ',') {
		const char *key = ++p;
		size_t len = strcspn(key, "="), i;
		const char *value;

		p += len;
		if (p[0] != '=' || p[1] != '"')
			return;
		p += 2;
		value = quoted(s->arena, &p);
		i = key_index(s, key, len);
		if (i > 0)
			out->value[i] = value;
	}
}

static const char *part(const struct parts *p, size_t i)
{
	return p->value[i] != NULL ? p->value[i] : "";
}

static bool all_equal(const struct parts *parts, size_t n, size_t i)
{
	for (size_t k = 1; k < n; k++)
		if (!str_eq(part(&parts[0], i), part(&parts[k], i)))
			return false;
	return true;
}

/* Few series: every pair is looked at. Many: they take all parts. */
static bool all_differ(const struct parts *parts, size_t n, size_t i)
{
	for (size_t k = 0; k < n; k++) {
		if (part(&parts[k], i)[0] == '\0')
			return false;
		for (size_t j = 0; j < k; j++)
			if (str_eq(part(&parts[j], i), part(&parts[k], i)))
				return false;
	}
	return true;
}

static const char *join(
    struct arena *a, const struct parts *p, const bool *use, size_t n)
{
	const char *name = "";

	for (size_t i = 0; i < n; i++) {
		if (!use[i] || part(p, i)[0] == '\0')
			continue;
		name = name[0] == '\0'
			   ? part(p, i)
			   : arena_printf(a, "%s %s", name, part(p, i));
	}
	return name;
}

static bool at_boundary(char c)
{
	return c == '_' || c == '.' || c == ' ' || c == '-';
}

/* memory_used and memory_free become used and free. */
static void drop_common_start(const char **names, size_t n)
{
	size_t common = 0;

	for (size_t i = 0;; i++) {
		char c = names[0][i];

		for (size_t k = 0; k < n; k++)
			if (names[k][i] != c || c == '\0')
				goto differ;
		if (at_boundary(c))
			common = i + 1;
	}
differ:
	for (size_t k = 0; k < n; k++)
		if (names[k][common] == '\0')
			return;
	for (size_t k = 0; k < n; k++)
		names[k] += common;
}

static const char *spaced(struct arena *a, const char *s)
{
	char *copy = arena_strdup(a, s);

	for (char *p = copy; *p != '\0'; p++)
		if (*p == '_')
			*p = ' ';
	return copy;
}

static void name_all(struct arena *a, const struct splitter *s,
    const struct parts *parts, size_t n, const char **names)
{
	bool use[PARTS_MAX] = {false};
	size_t only = PARTS_MAX;

	for (size_t i = 0; i < s->n; i++) {
		use[i] = !all_equal(parts, n, i);
		if (use[i] && only == PARTS_MAX && all_differ(parts, n, i))
			only = i;
	}
	if (only < PARTS_MAX) {
		memset(use, 0, sizeof(use));
		use[only] = true;
	}
	for (size_t k = 0; k < n; k++)
		names[k] = join(a, &parts[k], use, s->n);
	if (only == 1)
		drop_common_start(names, n);
	for (size_t k = 0; k < n; k++)
		if (only == 1 || use[1])
			names[k] = spaced(a, names[k]);
}

const char **series_names(
    struct arena *a, const struct series *series, size_t n)
{
	struct splitter s = {.arena = a, .n = 2};
	struct parts *parts = arena_array(a, n, sizeof(*parts));
	const char **names = arena_array(a, n, sizeof(*names));
	bool one[PARTS_MAX] = {false, true};

	for (size_t k = 0; k < n; k++)
		split(&s, &series[k], &parts[k]);
	if (n == 1)
		names[0] = spaced(a, join(a, &parts[0], one, 2));
	else if (n > 1)
		name_all(a, &s, parts, n, names);
	for (size_t k = 0; k < n; k++)
		if (names[k][0] == '\0')
			names[k] = series[k].name;
	return names;
}
