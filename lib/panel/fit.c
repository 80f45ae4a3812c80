#include "panel/fit.h"

#include <math.h>

#define LEAST	 3     /* two points always lie on a line */
#define NO_RANGE 1e-24 /* of squares, beside the level's own */

struct fit fit_line(const struct xy *p, size_t n)
{
	struct fit f = {.n = n, .r2 = NAN};
	double x = 0, y = 0, xx = 0, xy = 0, yy = 0;

	if (n < LEAST) {
		f.why = "fewer than 3 points";
		return f;
	}
	for (size_t i = 0; i < n; i++) {
		x += (p[i].x - x) / (double)(i + 1);
		y += (p[i].y - y) / (double)(i + 1);
	}
	for (size_t i = 0; i < n; i++) {
		xx += (p[i].x - x) * (p[i].x - x);
		xy += (p[i].x - x) * (p[i].y - y);
		yy += (p[i].y - y) * (p[i].y - y);
	}
	if (!isfinite(xx) || !isfinite(xy) || !isfinite(yy)) {
		f.why = "the values are too large";
		return f;
	}
	if (xx <= NO_RANGE * (double)n * x * x) {
		f.why = "all have the same x";
		return f;
	}
	f.slope = xy / xx;
	f.at = y - f.slope * x;
	if (yy > NO_RANGE * (double)n * y * y)
		f.r2 = fmin(xy / xx * (xy / yy), 1);
	return f;
}
