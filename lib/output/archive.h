/*
 * The page that lists snapshots, newest first, by the days of their moments.
 * It has no script.
 */
#ifndef OUTPUT_ARCHIVE_H
#define OUTPUT_ARCHIVE_H

#include "output/html.h"

#define ARCHIVE_FILES 8 /* of one snapshot, more than there are formats */

struct archive_file {
	const char *href;
	const char *format; /* "html" */
	uint64_t bytes;
};

struct archive_entry {
	const char *name;      /* of its files, but for their suffix */
	const char *page;      /* its title */
	int64_t moment, from;  /* that it shows; from 0: unknown */
	int64_t taken;	       /* 0: unknown */
	const char *reason;    /* "": unknown */
	const char *shows;     /* the picture in words */
	bool told;	       /* is it known which alerts fired? */
	struct strings alerts; /* those that did, or some of them */
	size_t n_alerts;       /* all */
	bool marked;
	const char *light, *dark; /* pictures, or NULL */
	struct archive_file files[ARCHIVE_FILES];
	size_t n_files;
};

struct archive {
	const char *title, *zone, *version;
	const char *key;     /* is put into its head: what it was made of */
	const char *limits;  /* in words: "90 d, 200 of them" */
	const char *warning; /* or NULL */
	uint64_t bytes;	     /* of all */
	struct archive_entry *entries;
	size_t n;
};

/* Adds it to buf, by archive.tpl. */
must_use int html_archive(
    struct html *, const struct archive *, struct buf *, struct err *);

#endif
