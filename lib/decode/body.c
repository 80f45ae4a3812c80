#include "decode/body.h"

#include <string.h>
#include <strings.h>

struct span body_text(const struct decode_input *in)
{
	struct span s = {in->body, in->len};

	if (s.n >= 3 && memcmp(s.p, "\xef\xbb\xbf", 3) == 0)
		return (struct span){s.p + 3, s.n - 3};
	return s;
}

/* Does it begin as HTML and XML do? Nothing that we decode does. */
static bool is_page(struct span s)
{
	return s.n >= 2 && s.p[0] == '<' &&
	       (s.p[1] == '!' || s.p[1] == '?' ||
		   strncasecmp(s.p, "<html", s.n < 5 ? s.n : 5) == 0);
}

int body_check(struct span s, const char *what, struct err *e)
{
	struct span rest, line = {NULL, 0};

	if (s.n >= 2 && (memcmp(s.p, "\xff\xfe", 2) == 0 ||
			    memcmp(s.p, "\xfe\xff", 2) == 0))
		return err_code(e, OUTCOME_PARSE,
		    "UTF-16, where UTF-8 %s is "
		    "wanted",
		    what);
	rest = s = str_trim(s);
	if (s.n == 0)
		return err_code(e, OUTCOME_PARSE, "empty, instead of %s", what);
	if (!is_page(s))
		return 0;
	str_line(&rest, &line);
	err_code(e, OUTCOME_PARSE,
	    "a web page instead of %s (it begins with '%.*s')", what,
	    (int)(line.n < 60 ? line.n : 60), line.p);
	return err_hint(e, "is the address right, and may it be read without "
			   "a login (a sheet: is it shared by its link)?");
}
