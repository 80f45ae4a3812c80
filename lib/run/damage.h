/*
 * What a page, status and a run say of the parts of the store that are
 * damaged. NULL if none were found since then, by a run or this reader.
 */
#ifndef RUN_DAMAGE_H
#define RUN_DAMAGE_H

#include "store/store.h"

must_use int damage_sentence(struct store *, struct arena *, int64_t since,
    const char **text, struct err *);

#endif
