#include "decode/tail.h"

#include "decode/shell.h"
#include "model/outcome.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define WIDTH_MAX   256 /* bytes that are summed up to know a file again */
#define NUMBERS	    8
#define OLD_NUMBERS 5
#define NUMBER_MAX  (INT64_MAX / 16)
#define STATE_HEAD  "tail 2 "
#define PLACES	    9 /* numbers of a state */
#define FRAME_HEAD  "=== tail 1 "

/*
 * What is used is what coreutils and busybox both have. A sum is the first
 * 32 bits of a SHA-256.
 *
 * f path, i inode, o offset, c width and s sum of last time, e midline, m the
 * limit; j, p, u and v are i, o, c and s of the file before, where that may
 * still be written to, and ao, ac and as those of the old file at hand. The
 * file is 3, the one that it was rotated to is 4: found by its inode, or among
 * the newest files of a like name by its sum, if it is a copy. A redirection
 * that fails must not end the shell: so it is one of a group, not of exec. dd
 * with a count of 0 does nothing but seek.
 */
static const char script[] =
    "LC_ALL=C; export LC_ALL; exec 2>/dev/null; r=; old=; done=\n"
    "sum() { r=$(head -c $1 /proc/self/fd/$2 | sha256sum)\n"
    "r=${r%\"${r#????????}\"}; r=$((0x${r:-0})); }\n"
    "part() { [ $2 = 0 ] || {\n"
    "dd bs=1 skip=$1 count=0; head -c $2; }; }\n"
    "count() { q=0; [ $2 = 0 ] || [ $2 -gt 268435456 ] || q=$({\n"
    "dd bs=1 skip=$1 count=0; head -c $2; } </proc/self/fd/$3 | wc -l); }\n"
    "send() {\n"
    "nb=$((z - b)); [ $nb -le $m ] || nb=$m\n"
    "w=$z; [ $w -le 256 ] || w=256\n"
    "if [ $k = same ] && [ $nb = 0 ]; then w=$c t=$s\n"
    "elif [ $w = 0 ]; then t=0\n"
    "elif [ \"$w $r\" = \"$c $s\" ]; then t=$s\n"
    "else sum $w 3; t=$r; fi\n"
    "echo \"=== tail 1 $k\"\n"
    "if [ \"$old\" ]; then\n"
    "ob=$((m - nb)); [ $((y - ao)) -gt $ob ] || ob=$((y - ao))\n"
    "count $ao $((y - ob - ao)) 4\n"
    "echo \"old $old $ao $y $ob $((q))\"\n"
    "fi\n"
    "count $b $((z - nb - b)) 3\n"
    "echo \"new $n $b $z $nb $((q)) $w $t $e\"\n"
    "echo data\n"
    "[ -z \"$old\" ] || part $((y - ob)) $ob <&4\n"
    "part $((z - nb)) $nb <&3\n"
    "r=$t\n"
    "if [ $nb != 0 ]; then\n"
    "set -- $(ls -Lni /proc/self/fd/3); z=$6; sum $w 3; fi\n"
    "echo; echo \"=== after $z $r\"\n"
    "}\n"
    "renamed() { ls -iA -- \"$d\" | while read -r x name; do\n"
    "[ \"$x\" != $ai ] || { printf %s \"$name\"; break; }; done; }\n"
    "copied() { x=${f##*/}; [ $ac = 0 ] || ls -t -- \"$d\" | head -n 99 |\n"
    "while read -r name; do case $name in\n"
    "\"$x\") ;; \"${x%%.*}\"*) [ ! -f \"$d$name\" ] || { sum $ac 4\n"
    "[ \"$r\" != $as ] || { printf %s \"$name\"; break; }\n"
    "} 4<\"$d$name\";; esac; done; }\n"
    "older() {\n"
    "ai=$1 ao=$2 ac=$3 as=$4 g=\n"
    "d=${f%/*}/; case $f in */*) ;; *) d=./;; esac\n"
    "[ $k = truncated ] || g=$(renamed)\n"
    "[ \"$g\" ] || [ $k = same ] || g=$(copied)\n"
    "if [ \"$g\" ]; then {\n"
    "set -- $(ls -Lni /proc/self/fd/4); y=$6 r=$1 x=$ai\n"
    "[ $ac = 0 ] || { sum $ac 4; x=$as; }\n"
    "if [ $y -ge $ao ] && [ \"$r\" = $x ]; then r=; old=$1; send; fi\n"
    "} 4<\"$d$g\"; fi\n"
    "[ \"$old\" ] || { r=; send; }\n"
    "}\n"
    "{ done=1\n"
    "set -- $(ls -Lni /proc/self/fd/3); n=$1 z=$6 k=same b=$o\n"
    "case $2 in -*)\n"
    "if [ $i = 0 ]; then k=first b=$z\n"
    "[ $z = 0 ] ||\n"
    "[ -z \"$(dd bs=1 skip=$((z - 1)) count=1 <&3)\" ] || e=1\n"
    "elif [ $n != $i ]; then k=rotated b=0 e=0\n"
    "elif [ $z -lt $o ]; then k=truncated b=0 e=0\n"
    "elif [ $z -gt $o ] && [ $c != 0 ]; then\n"
    "sum $c 3; [ \"$r\" = $s ] || k=truncated b=0 e=0\n"
    "fi\n"
    "case $k$j in first*|same0) send;; same*) older $j $p $u $v;;\n"
    "*) older $i $o $c $s;; esac;;\n"
    "'') echo '=== tail 1 blind';;\n"
    "*) echo '=== tail 1 special';;\n"
    "esac; } 3<\"$f\"\n"
    "if [ -z \"$done\" ]; then\n"
    "if [ -e \"$f\" ]; then echo '=== tail 1 unreadable'\n"
    "else echo '=== tail 1 absent'; fi; fi\n";

const char *tail_command(struct arena *a, const struct tail_place *p,
    const char *path, uint64_t max_bytes)
{
	return arena_printf(a,
	    "f=%s i=%" PRId64 " o=%" PRId64 " c=%" PRId64 " s=%" PRId64
	    " e=%d m=%" PRIu64 " j=%" PRId64 " p=%" PRId64 " u=%" PRId64
	    " v=%" PRId64 "\n%s",
	    shell_quote(a, path), p->inode, p->offset, p->width, p->sum,
	    p->midline, max_bytes, p->old.inode, p->old.offset, p->old.width,
	    p->old.sum, script);
}

/* Exactly n numbers of digits, with single spaces between them. */
static bool numbers(struct span s, int64_t *out, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		size_t len = 0;
		int64_t v = 0;

		for (; len < s.n && s.p[len] >= '0' && s.p[len] <= '9'; len++)
			if ((v = v * 10 + (s.p[len] - '0')) > NUMBER_MAX)
				return false;
		if (len == 0 || (i + 1 < n && (len == s.n || s.p[len] != ' ')))
			return false;
		out[i] = v;
		len += i + 1 < n;
		s.p += len;
		s.n -= len;
	}
	return s.n == 0;
}

static bool after(struct span *s, const char *prefix)
{
	size_t n = strlen(prefix);

	if (s->n < n || memcmp(s->p, prefix, n) != 0)
		return false;
	s->p += n;
	s->n -= n;
	return true;
}

/* The next line; unlike str_line() only LF ends it, and it must be there. */
static bool header(struct span *rest, struct span *line)
{
	const char *end = rest->n > 0 ? memchr(rest->p, '\n', rest->n) : NULL;

	if (end == NULL)
		return false;
	*line = (struct span){rest->p, (size_t)(end - rest->p)};
	rest->n -= line->n + 1;
	rest->p = end + 1;
	return true;
}

struct tail_place tail_place(struct span state, const char *path)
{
	struct tail_place none = {0};
	struct span line;
	int64_t v[PLACES];

	if (!after(&state, STATE_HEAD) || !header(&state, &line) ||
	    !span_eq(state, path) || !numbers(line, v, PLACES) || v[0] == 0 ||
	    v[2] > WIDTH_MAX || v[3] > UINT32_MAX || v[4] > 1 ||
	    v[7] > WIDTH_MAX || v[8] > UINT32_MAX)
		return none;
	return (struct tail_place){
	    true, v[0], v[1], v[2], v[3], v[4] == 1, {v[5], v[6], v[7], v[8]}};
}

struct span tail_state(
    struct arena *a, const struct tail_place *p, const char *path)
{
	const char *text = arena_printf(a,
	    STATE_HEAD "%" PRId64 " %" PRId64 " %" PRId64 " %" PRId64
		       " %d %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64
		       "\n%s",
	    p->inode, p->offset, p->width, p->sum, p->midline, p->old.inode,
	    p->old.offset, p->old.width, p->old.sum, path);

	return (struct span){text, strlen(text)};
}

static int not_ours(struct err *e)
{
	return err_code(e, OUTCOME_PARSE, "not the output of the tail command");
}

/* KINDs without bytes. */
static int without(struct span kind, const struct tail_place *p,
    const char *path, struct err *e)
{
	if (span_eq(kind, "absent"))
		return p->known ? 0
				: err_code(e, OUTCOME_FAILED,
				      "tail %s: No such file", path);
	if (span_eq(kind, "unreadable"))
		return err_code(
		    e, OUTCOME_FAILED, "tail %s: Permission denied", path);
	if (span_eq(kind, "special"))
		return err_code(
		    e, OUTCOME_FAILED, "tail %s: not a regular file", path);
	if (span_eq(kind, "blind"))
		return err_code(e, OUTCOME_FAILED,
		    "tail %s: there is no /proc to look at open files", path);
	return not_ours(e);
}

/*
 * The last line of a file that is still written to is taken when it is
 * complete, or when it is longer than all that may travel in one run.
 */
static void take_lines(
    struct tail_piece *piece, const int64_t *v, struct tail_place *next)
{
	int64_t from = v[2] - v[3];
	const char *end = piece->text.n > 0
			      ? memrchr(piece->text.p, '\n', piece->text.n)
			      : NULL;

	*next =
	    (struct tail_place){true, v[0], from, v[5], v[6], v[7] == 1, {0}};
	if (end != NULL) {
		piece->text.n = (size_t)(end - piece->text.p) + 1;
		next->midline = false;
	} else if (piece->skipped > 0) {
		next->midline = true;
	} else {
		piece->text.n = 0;
		return;
	}
	next->offset = from + (int64_t)piece->text.n;
}

/* Bytes, then the line that says that they stayed the same meanwhile. */
static bool unchanged(struct span data, const int64_t *v, int64_t bytes)
{
	struct span trailer;
	int64_t then[2];

	if (data.n < (size_t)bytes)
		return false;
	trailer = (struct span){data.p + bytes, data.n - (size_t)bytes};
	if (!after(&trailer, "\n=== after ") || trailer.n == 0 ||
	    trailer.p[trailer.n - 1] != '\n')
		return false;
	trailer.n--;
	return numbers(trailer, then, 2) && then[0] >= v[2] && then[1] == v[6];
}

static bool sane(const int64_t *v)
{
	return v[0] > 0 && v[1] <= v[2] && v[3] <= v[2] - v[1] &&
	       v[4] <= v[2] - v[1] - v[3];
}

/*
 * What is new in the file that was rotated. A program may go on writing to it
 * for a while: so its last line, if that has no end yet, waits for the next
 * run, which looks there once more. A copy is all that there will be.
 */
static void old_piece(struct tail_piece *piece, const int64_t *old,
    const struct tail_place *p, struct tail_rest *rest)
{
	int64_t from = old[2] - old[3];
	const char *end = piece->text.n > 0
			      ? memrchr(piece->text.p, '\n', piece->text.n)
			      : NULL;

	piece->skipped = old[2] - old[1] - old[3];
	piece->lines = old[4];
	if (old[0] != p->inode)
		return;
	piece->midline = p->midline;
	if (end != NULL)
		piece->text.n = (size_t)(end - piece->text.p) + 1;
	else if (piece->skipped == 0)
		piece->text.n = 0;
	*rest = (struct tail_rest){
	    old[0], from + (int64_t)piece->text.n, p->width, p->sum};
}

/* The pieces of one output whose header lines have been read. */
static void pieces(struct span data, const int64_t *old, const int64_t *v,
    const struct tail_place *p, struct tail_news *news)
{
	struct tail_piece *piece = &news->pieces[0];
	struct tail_rest rest = {0};

	if (old[0] != 0) {
		piece->text = (struct span){data.p, (size_t)old[3]};
		old_piece(piece, old, p, &rest);
		data.p += old[3];
		piece++;
	}
	piece->text = (struct span){data.p, (size_t)v[3]};
	piece->skipped = v[2] - v[1] - v[3];
	piece->lines = v[4];
	piece->midline = v[7] == 1;
	take_lines(piece, v, &news->next);
	news->next.old = rest;
	news->n = (size_t)(piece - news->pieces) + 1;
}

int tail_read(struct span output, const struct tail_place *p, const char *path,
    struct tail_news *news, struct err *e)
{
	int64_t old[OLD_NUMBERS] = {0}, v[NUMBERS];
	struct span kind, line;

	*news = (struct tail_news){.next = *p};
	if (!after(&output, FRAME_HEAD) || !header(&output, &kind))
		return not_ours(e);
	if (output.n == 0)
		return without(kind, p, path, e);
	if (!header(&output, &line))
		return not_ours(e);
	if (after(&line, "old ") && (!numbers(line, old, OLD_NUMBERS) ||
					!sane(old) || !header(&output, &line)))
		return not_ours(e);
	if (!after(&line, "new ") || !numbers(line, v, NUMBERS) || !sane(v) ||
	    v[5] > WIDTH_MAX || v[6] > UINT32_MAX || v[7] > 1 ||
	    !header(&output, &line) || !span_eq(line, "data"))
		return not_ours(e);
	if (unchanged(output, v, old[3] + v[3]))
		pieces(output, old, v, p, news);
	return 0;
}
