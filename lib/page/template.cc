extern "C" {
#include "page/template.h"
#include "base/arena.h"
#include "base/crypto.h"
#include "base/file.h"
#include "base/str.h"
#include "page/check.h"
}

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctemplate/template_cache.h>
#include <ctemplate/template_dictionary.h>
#include <ctemplate/template_emitter.h>
#include <deque>
#include <dirent.h>
#include <fnmatch.h>
#include <iostream>
#include <string>
#include <sys/mman.h>
#include <unistd.h>

using ctemplate::STRIP_BLANK_LINES;
using ctemplate::TemplateCache;
using ctemplate::TemplateDictionary;
using ctemplate::TemplateString;

/* No exception leaves this file: each function that C calls catches all. */

struct template_set {
	TemplateCache cache;
	char digest[CRYPTO_SHA256_HEX];
};

struct family;

/* One dictionary; the family owns it. */
struct dict {
	TemplateDictionary *d;
	struct family *family;
};

struct family {
	struct dict top;
	TemplateDictionary dictionary;
	std::deque<struct dict> children;
	bool failed; /* memory ran out: what is there is not all */

	family() : dictionary("page"), failed(false)
	{
		top.d = &dictionary;
		top.family = this;
	}
};

namespace
{

/* While it lives, what is written to fd 2 is kept. */
class captured_stderr
{
	int saved, memory;

      public:
	captured_stderr() : saved(-1), memory(-1)
	{
		std::cerr.flush();
		fflush(stderr);
		memory = memfd_create("complaints", MFD_CLOEXEC);
		saved = memory < 0 ? -1 : dup(2);
		if (saved >= 0)
			dup2(memory, 2);
	}

	~captured_stderr()
	{
		restore();
		if (memory >= 0)
			close(memory);
	}

	captured_stderr(const captured_stderr &) = delete;
	captured_stderr &operator=(const captured_stderr &) = delete;

	void restore()
	{
		std::cerr.flush();
		fflush(stderr);
		if (saved < 0)
			return;
		dup2(saved, 2);
		close(saved);
		saved = -1;
	}

	/* What was written, on one line. */
	std::string text()
	{
		char part[ERR_TEXT_MAX];
		ssize_t n =
		    memory < 0 ? -1 : pread(memory, part, sizeof(part), 0);
		std::string all(part, n > 0 ? (size_t)n : 0);

		while (!all.empty() && all.back() == '\n')
			all.pop_back();
		for (char &c : all)
			if (c == '\n')
				c = ' ';
		return all;
	}
};

/* Writes to a struct buf, which keeps its maximum. */
class buf_emitter : public ctemplate::ExpandEmitter
{
	struct buf *b;

      public:
	explicit buf_emitter(struct buf *to) : b(to)
	{
	}

	void Emit(char c) override
	{
		buf_char(b, c);
	}

	void Emit(const std::string &s) override
	{
		buf_add(b, s.data(), s.size());
	}

	void Emit(const char *s) override
	{
		buf_str(b, s);
	}

	void Emit(const char *s, size_t n) override
	{
		buf_add(b, s, n);
	}
};

const char *path_of(
    struct arena *a, const struct template_conf *c, const char *file)
{
	const char *own;

	if (c->overrides != NULL) {
		own = arena_printf(a, "%s/%s", c->overrides, file);
		if (file_exists(own))
			return own;
	}
	return arena_printf(a, "%s/%s", c->shipped, file);
}

/* "path: complaint", without what ctemplate puts before it. */
int complain(struct err *e, const char *path, const std::string &said)
{
	static const char *const noise[] = {
	    "ERROR: ", "WARNING: ", "Template ", ": ", "ERROR: "};
	const char *why = said.c_str();

	for (const char *n : noise)
		if (str_starts(why, n))
			why += strlen(n);
	return err_set(
	    e, "%s: %s", path, *why == '\0' ? "not a template" : why);
}

/* Of what was read so far. */
void add_digest(struct template_set *set, struct span text)
{
	char all[2 * CRYPTO_SHA256_HEX];

	memcpy(all, set->digest, CRYPTO_SHA256_HEX);
	crypto_sha256_hex(text.p, text.n, all + CRYPTO_SHA256_HEX);
	crypto_sha256_hex(all, sizeof(all), set->digest);
}

int load(struct template_set *set, const struct template_conf *c,
    const char *file, struct arena *a, struct err *e)
{
	const char *path = path_of(a, c, file);
	struct span text;
	struct err why;
	std::string said;
	bool well;

	if (file_read(a, path, TEMPLATE_FILE_MAX, &text, e) < 0)
		return -1;
	add_digest(set, text);
	if (template_check(text, c->names, &why) < 0)
		return err_set(e, "%s:%s", path, why.text);
	{
		captured_stderr capture;

		well = set->cache.StringToTemplateCache(
		    file, text.p, text.n, STRIP_BLANK_LINES);
		capture.restore();
		said = capture.text();
	}
	return well && said.empty() ? 0 : complain(e, path, said);
}

/* A name that is meant to override but does not is a fault. */
int check_override(const struct template_conf *c, const char *name,
    struct arena *a, struct err *e)
{
	struct strings files = {};
	const char *near;

	for (const char *const *f = c->files; *f != nullptr; f++) {
		if (str_eq(*f, name))
			return 0;
		strings_add(a, &files, *f);
	}
	near = str_nearest(name, &files);
	if (near == nullptr)
		return err_set(
		    e, "%s/%s overrides no template", c->overrides, name);
	return err_set(e, "%s/%s overrides no template (did you mean %s?)",
	    c->overrides, name, near);
}

int is_template(const struct dirent *entry)
{
	return fnmatch("*.tpl", entry->d_name, FNM_PERIOD) == 0;
}

int check_overrides(
    const struct template_conf *c, struct arena *a, struct err *e)
{
	struct dirent **entries;
	int n, rc = 0;

	if (c->overrides == nullptr)
		return 0;
	n = scandir(c->overrides, &entries, is_template, alphasort);
	if (n < 0)
		return err_set(e, "%s: %s", c->overrides, strerror(errno));
	for (int i = 0; i < n; i++) {
		if (rc == 0)
			rc = check_override(c, entries[i]->d_name, a, e);
		free(entries[i]);
	}
	free(entries);
	return rc;
}

int load_all(struct template_set *set, const struct template_conf *c,
    struct arena *a, struct err *e)
{
	if (check_overrides(c, a, e) < 0)
		return -1;
	for (const char *const *f = c->files; *f != nullptr; f++)
		if (load(set, c, *f, a, e) < 0)
			return -1;
	set->cache.Freeze();
	return 0;
}

struct dict *child_of(struct dict *parent, TemplateDictionary *d)
{
	struct family *f = parent->family;

	f->children.push_back({d, f});
	return &f->children.back();
}

/* The text without what is not fit to be shown. */
std::string clean(const char *text)
{
	size_t n = strlen(text);
	std::string out(n * 3 + 1, '\0');

	str_clean_into(&out[0], out.size(), text, n);
	out.resize(strlen(out.c_str()));
	return out;
}

} /* namespace */

/* What is left to do when memory runs out: give the parent, and say so. */
#define OUT_OF_MEMORY(dict) ((dict)->family->failed = true)

extern "C" int template_open(
    struct template_set **out, const struct template_conf *c, struct err *e)
try {
	struct template_set *set = new template_set();
	struct arena *a = arena_new();
	int rc = load_all(set, c, a, e);

	arena_free(a);
	if (rc < 0) {
		delete set;
		return -1;
	}
	*out = set;
	return 0;
} catch (const std::exception &x) {
	return err_set(e, "%s: %s", c->shipped, x.what());
}

extern "C" void template_close(struct template_set *set)
{
	delete set;
}

extern "C" const char *template_digest(const struct template_set *set)
{
	return set->digest;
}

extern "C" struct dict *dict_new(void)
try {
	return &(new family)->top;
} catch (const std::exception &) {
	return nullptr;
}

extern "C" void dict_free(struct dict *d)
{
	if (d != nullptr)
		delete d->family;
}

extern "C" void dict_text(struct dict *d, const char *name, const char *text)
try {
	if (text != nullptr)
		d->d->SetValue(name, clean(text));
} catch (const std::exception &) {
	OUT_OF_MEMORY(d);
}

extern "C" void dict_markup(
    struct dict *d, const char *name, const void *p, size_t n)
try {
	d->d->SetValue(name, TemplateString((const char *)p, n));
} catch (const std::exception &) {
	OUT_OF_MEMORY(d);
}

extern "C" struct dict *dict_section(struct dict *d, const char *name)
try {
	return child_of(d, d->d->AddSectionDictionary(name));
} catch (const std::exception &) {
	OUT_OF_MEMORY(d);
	return d;
}

extern "C" void dict_show(struct dict *d, const char *name)
try {
	d->d->ShowSection(name);
} catch (const std::exception &) {
	OUT_OF_MEMORY(d);
}

extern "C" struct dict *dict_include(
    struct dict *d, const char *name, const char *file)
try {
	TemplateDictionary *child = d->d->AddIncludeDictionary(name);

	child->SetFilename(file);
	return child_of(d, child);
} catch (const std::exception &) {
	OUT_OF_MEMORY(d);
	return d;
}

extern "C" int template_expand(struct template_set *set, const char *file,
    const struct dict *d, struct buf *b, struct err *e)
try {
	buf_emitter to(b);
	bool well = set->cache.ExpandNoLoad(
	    file, STRIP_BLANK_LINES, d->d, nullptr, &to);

	if (b->failed)
		return err_set(e, "%s: larger than %zu bytes", file, b->max);
	if (!well || d->family->failed)
		return err_set(e, "%s: could not be filled in", file);
	return 0;
} catch (const std::exception &x) {
	return err_set(e, "%s: %s", file, x.what());
}
