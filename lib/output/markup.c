#include "output/markup.h"

#include <string.h>

void markup_text(struct buf *b, const char *s)
{
	for (size_t n; *s != '\0'; s++) {
		n = strcspn(s, "&<>\"'\001\002\003\004\005\006\007\010\011\012"
			       "\013\014\015\016\017\020\021\022\023\024\025"
			       "\026\027\030\031\032\033\034\035\036\037");
		buf_add(b, s, n);
		s += n;
		if (*s == '\0')
			return;
		buf_str(b, *s == '&'	? "&amp;"
			   : *s == '<'	? "&lt;"
			   : *s == '>'	? "&gt;"
			   : *s == '"'	? "&quot;"
			   : *s == '\'' ? "&#39;"
			   : *s == '\t' || *s == '\n'
			       ? " "
			       : "\xef\xbf\xbd"); /* not allowed in XML */
	}
}
