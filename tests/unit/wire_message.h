/* One message that has everything in it, for tests of the wire. */
#ifndef UNIT_WIRE_MESSAGE_H
#define UNIT_WIRE_MESSAGE_H

#include "run/wire.h"

static inline void full_message(struct wire_message *m, struct arena *a)
{
	struct readings *r = &m->readings;
	struct sample *s;
	struct record *rec;
	struct table *t;
	const char **row;

	*m = (struct wire_message){
	    .job = 3,
	    .outcome = OUTCOME_TIMEOUT,
	    .message = "no answer in 10 s",
	    .hint = "one\ntwo",
	    .ms = 12.5,
	    .bytes = 4096,
	    .fetch_state = {"etag\0\xff", 6},
	};
	readings_init(r, a);
	r->state = (struct span){"offset", 6};
	s = readings_sample(r, "disk{mount=\"/\"}", -0.5, "bytes");
	s->ts = 1795317240;
	s->counter = true;
	readings_sample(r, "hole", NAN, "");
	readings_sample(r, "inf", -INFINITY, "")->ts = INT64_MIN;
	rec = readings_record(r, "id \xe2\x82\xac", 2);
	rec->ts = -1;
	record_field(r, rec, 0, "n", "1.5", true);
	record_field(r, rec, 1, "none", NULL, false);
	readings_record(r, "", 0);
	t = readings_table(r, "", 2);
	table_column(r, t, 0, "name", "");
	table_column(r, t, 1, "size", "bytes");
	row = table_row(r, t);
	table_cell(r, row, 0, "", 0);
	row = table_row(r, t);
	table_cell(r, row, 1, "5", 1);
	t->left_out = 7;
	readings_table(r, "empty", 0);
	readings_line(r, 0, "a line\nof two", 13);
	readings_line(r, 1795317240, "", 0);
	r->lines_left_out = 9;
}

#endif
