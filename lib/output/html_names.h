/*
 * Every name that templates may use, as template.h wants them. The file that
 * fills a name in is html.c or html_block.c.
 */
#ifndef OUTPUT_HTML_NAMES_H
#define OUTPUT_HTML_NAMES_H

#include "page/template.h"

extern const char *const html_files[];
extern const struct template_name html_names[];

#endif
