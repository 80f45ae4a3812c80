/*
 * The check of a template before ctemplate sees it: with lines, and with the
 * rules of template.h that ctemplate does not have. Faults are "line: what",
 * for the caller to put the file's name before.
 */
#ifndef PAGE_CHECK_H
#define PAGE_CHECK_H

#include "base/str.h"
#include "page/template.h"

must_use int template_check(
    struct span text, const struct template_name *names, struct err *);

#endif
