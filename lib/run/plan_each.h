/*
 * Families: what is written once in a configuration and repeats for each of
 * some words, which stand for {each} in it. The words are
 *
 *	each: [app1, app2]
 *	each: hosts.txt
 *	each: {file: hosts.txt, columns: [name, address]}
 *
 * a list, or a file of one a line: blank lines and what follows a # are left
 * out. Further words of a line stand for {2}, {3}…, and any of them for what
 * `columns` calls it.
 */
#ifndef RUN_PLAN_EACH_H
#define RUN_PLAN_EACH_H

#include "conf/node.h"

#define EACH_MAX	 100000
#define EACH_COLUMNS_MAX 16

/* One member of a family: its words at the place that they are written at. */
struct each_member {
	struct node **words;
	size_t n;
};

struct each {
	struct each_member *members;
	size_t n, cap;
	const struct node *columns; /* a list, or NULL */
};

/* False with a fault if it can't be read. The file is read at once. */
bool plan_each(const struct node *, struct each *, struct faults *);

/* A copy for one member. */
struct node *each_replace(struct arena *, const struct node *,
    const struct each *, const struct each_member *);

#endif
