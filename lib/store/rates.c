#include "store/store_private.h"

#include <math.h>

double counter_rate(struct counter *c, int64_t ts, double raw, int64_t gap)
{
	if (!isfinite(raw) || (!isnan(c->raw) && ts < c->ts))
		return NAN;
	if (!isnan(c->raw) && ts > c->ts) {
		c->before_ts = c->ts;
		c->before = c->raw;
	}
	c->ts = ts;
	c->raw = raw;
	if (isnan(c->before) || raw < c->before || ts - c->before_ts > gap)
		return NAN;
	return (raw - c->before) / (double)(ts - c->before_ts);
}
