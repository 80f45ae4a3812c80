/*
 * How bad a line of a log is, by the words that programs use.
 */
#ifndef PANEL_LEVEL_H
#define PANEL_LEVEL_H

/* "error", "warn" or "". */
const char *log_level(const char *line);

#endif
