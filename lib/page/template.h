/*
 * Templates: text with places to fill in, by ctemplate (which is C++; its
 * only home is template.cc).
 *
 * Every file of a set is read, checked and parsed by template_open(), so
 * that nothing is left to be found while a page is printed. A directory of
 * the user's may override the shipped files one by one.
 *
 * What is filled in is escaped for the place that it lands in (text,
 * attribute, URL…). ctemplate does that only in files that begin with
 *
 *	{{%AUTOESCAPE context="HTML"}}
 *
 * and is silent otherwise; so a file without it is refused, as are a name
 * that nobody fills in, text marked `:none`, and markup not marked so.
 */
#ifndef PAGE_TEMPLATE_H
#define PAGE_TEMPLATE_H

#include <stddef.h>

#include "base/buf.h"
#include "base/err.h"

#define TEMPLATE_FILE_MAX (256 * 1024)

enum template_use {
	TEMPLATE_TEXT,	  /* {{NAME}}: escaped */
	TEMPLATE_MARKUP,  /* {{NAME:none}}: our own HTML, as it is */
	TEMPLATE_SECTION, /* {{#NAME}}…{{/NAME}} */
	TEMPLATE_INCLUDE, /* {{>NAME}} */
};

struct template_name {
	const char *name;
	enum template_use use;
};

struct template_conf {
	const char *shipped;	  /* directory */
	const char *overrides;	  /* directory of the user's, or NULL */
	const char *const *files; /* of a set, ends with NULL */
	const struct template_name *names; /* ends with a NULL name */
};

struct template_set;

/*
 * Opens a set. Faults name file and line. To be called while there is one
 * thread: stderr is captured meanwhile, for ctemplate's own complaints.
 */
must_use int template_open(
    struct template_set **, const struct template_conf *, struct err *);
void template_close(struct template_set *); /* accepts NULL */

/* The same text as long as the files are the same. */
const char *template_digest(const struct template_set *);

/*
 * What is filled in. Dictionaries are freed with the one that came from
 * dict_new(). Names must be those of template_conf, as literals: ctemplate
 * keeps them for ever. What is not set is empty; no section shows unless it
 * is asked to.
 */
struct dict;

struct dict *dict_new(void);   /* NULL: no memory */
void dict_free(struct dict *); /* accepts NULL */

/* Text is cleaned (str_clean) and copied; NULL sets nothing. */
void dict_text(struct dict *, const char *name, const char *);
/* Trusted HTML, copied. */
void dict_markup(struct dict *, const char *name, const void *, size_t n);
/* Shows a section (once more), with values of its own. */
struct dict *dict_section(struct dict *, const char *name);
/* Shows a section with the values around it. */
void dict_show(struct dict *, const char *name);
/*
 * Fills an include with a file of the set (once more). Unlike a section it
 * does not see the values around it.
 */
struct dict *dict_include(struct dict *, const char *name, const char *file);

/* Adds a filled-in file to buf; a full buf is an error. */
must_use int template_expand(struct template_set *, const char *file,
    const struct dict *, struct buf *, struct err *);

#endif
