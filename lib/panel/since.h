/*
 * Changes since a while ago, by the calendar: "1mo" before 31 March is the
 * end of February, "1d" the same time of the day before, also where clocks
 * were changed.
 *
 * The value then is the newest one at or before that moment. Where there was
 * none for as long again, the words say from when it is instead. Pure.
 */
#ifndef PANEL_SINCE_H
#define PANEL_SINCE_H

#include <stdbool.h>
#include <stdint.h>

#include "panel/panel.h"

enum good { GOOD_NONE, GOOD_DOWN, GOOD_UP };

/* A length of time of a second or more before now; false: it is none. */
bool since_moment(const char *length, int64_t now, int64_t *out);

/*
 * The changes of a series into its figure: since each of the lengths, of
 * which the input has the values then.
 */
void since_add(const struct panel_input *, const struct strings *lengths,
    enum good, const struct series *, struct figure *, struct arena *);

#endif
