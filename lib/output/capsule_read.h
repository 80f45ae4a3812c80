/*
 * Reading a snapshot again: of one as HTML or ZIP, what can be compared. Its
 * bytes are anyone's; see gist.h for what is made of them.
 */
#ifndef OUTPUT_CAPSULE_READ_H
#define OUTPUT_CAPSULE_READ_H

#include "model/gist.h"

/*
 * In the arena. A file that isn't whole by its manifest is an error that says
 * what was changed, unless forced.
 */
must_use int capsule_read_gist(
    struct arena *, struct span file, bool force, struct gist *, struct err *);

#endif
