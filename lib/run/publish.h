/*
 * Publishing: the report's pages and everything that they refer to, into the
 * output directory, all at once.
 *
 *	index.html …		pages
 *	charts/NAME-HASH.svg	charts that are not inside a page, named by
 *				their content
 *	charts/NAME.svg|png|pdf	where a panel asks for it
 *	data/NAME.csv|json	the numbers behind each panel
 *	explore.html, data/explore/	 see run/explore.h
 *	status.json		how the run went; the last to appear
 */
#ifndef RUN_PUBLISH_H
#define RUN_PUBLISH_H

#include "chart/canvas.h"
#include "model/report.h"
#include "run/explore.h"
#include "run/plan.h"

/*
 * Broken templates of the user's are a warning on the page, which is then
 * printed with the shipped ones. `data` has templates/ and assets/.
 * Without an explorer (NULL) its files stay as they are.
 */
must_use int publish(const struct plan *, struct report *, struct explorer *,
    struct canvas *, const char *data, struct err *);

#endif
