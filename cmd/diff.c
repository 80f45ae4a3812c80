/* diff: what differs between two moments, of the store or of snapshots. */
#include "output/diff.h"
#include "base/clock.h"
#include "base/file.h"
#include "cmd.h"
#include "output/capsule_read.h"
#include "run/gist.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define FILE_MAX   ((size_t)1 << 30)
#define BUFFER_MAX ((size_t)64 * 1024 * 1024)
#define MOST	   20 /* series that moved */
#define WINDOW_MIN 60

/* As those of diff(1), so that scripts need not learn others. */
enum verdict { SAME = 0, DIFFERS = 1, TROUBLE = 2 };

struct side {
	const char *asked;
	bool file;
	int64_t at; /* of a moment */
	struct gist gist;
};

struct comparison {
	struct invocation *in;
	struct plan plan; /* loaded if a side is a moment */
	struct store *store;
	struct side sides[2];
	int64_t window;
};

/* A moment has no slash, no suffix and no file of its name. */
static bool is_file(const char *text)
{
	const char *suffix = strrchr(text, '.');

	return file_exists(text) || strchr(text, '/') != NULL ||
	       (suffix != NULL && isalpha((unsigned char)suffix[1]));
}

static int read_side(struct comparison *c, struct side *s, struct err *e)
{
	struct span file;

	if (file_read(c->in->arena, s->asked, FILE_MAX, &file, e) != 0)
		return -1;
	if (capsule_read_gist(c->in->arena, file, c->in->force, &s->gist, e) !=
	    0)
		return err_context(e, "%s", s->asked);
	return 0;
}

static const struct gist *any_file(const struct comparison *c)
{
	for (size_t i = 0; i < 2; i++)
		if (c->sides[i].file)
			return &c->sides[i].gist;
	return NULL;
}

/* A file has its window, its page and its panels; moments follow. */
static int follow_files(struct comparison *c, struct err *e)
{
	const struct gist *f = any_file(c);

	if (c->sides[0].file && c->sides[1].file &&
	    c->sides[0].gist.window != c->sides[1].gist.window)
		return err_set(e, "the two are of other windows: %s and %s",
		    clock_duration(
			c->in->arena, (double)c->sides[0].gist.window),
		    clock_duration(
			c->in->arena, (double)c->sides[1].gist.window));
	if (f == NULL)
		return 0;
	if (c->in->window > 0 && (int64_t)c->in->window != f->window)
		return err_set(e,
		    "--window: a snapshot's is %s, whatever is "
		    "wished for",
		    clock_duration(c->in->arena, (double)f->window));
	if (c->in->page != NULL || c->in->panels != NULL)
		return err_set(e, "--page and --panels: of a snapshot they "
				  "are as it was taken");
	c->window = f->window;
	return 0;
}

/* Windows that overlap would hide what moved. */
static void choose_window(struct comparison *c)
{
	int64_t apart = llabs(c->sides[1].at - c->sides[0].at);

	c->window = GIST_WINDOW;
	if (c->in->window > 0)
		c->window = (int64_t)c->in->window;
	else if (apart > 0 && apart < c->window)
		c->window = apart > WINDOW_MIN ? apart : WINDOW_MIN;
}

/* The plan's page and panels, if only these are compared. */
static int narrow(struct comparison *c, bool *page, struct err *e)
{
	const struct gist *f = any_file(c);
	struct strings panels = {0};
	struct plan all = c->plan;
	const char *name = f != NULL ? f->page : c->in->page;

	if (f != NULL)
		panels = f->panels;
	else if (c->in->panels != NULL)
		strings_add(c->in->arena, &panels, c->in->panels);
	*page = name != NULL || panels.n > 0;
	return *page ? plan_narrow_page(
			   &all, name, &panels, c->in->arena, &c->plan, e)
		     : 0;
}

static int gather(
    struct comparison *c, struct side *s, bool page, struct err *e)
{
	struct gist_wanted wanted = {
	    .at = s->at, .window = c->window, .page = page};

	store_as_of(c->store, s->at < c->in->now ? s->at : INT64_MAX);
	if (gist_reaches(c->store, s->at, c->in->arena, e) != 0)
		return -1;
	return gist_gather(
	    &c->plan, c->store, &wanted, c->in->arena, &s->gist, e);
}

static int gather_moments(struct comparison *c, struct err *e)
{
	bool page;

	if (c->sides[0].file && c->sides[1].file)
		return 0;
	if (narrow(c, &page, e) != 0 ||
	    store_open_read(&c->store, c->plan.common.store, e) != 0)
		return -1;
	for (size_t i = 0; i < 2; i++)
		if (!c->sides[i].file && gather(c, &c->sides[i], page, e) != 0)
			return -1;
	return 0;
}

static int find_sides(struct comparison *c, struct err *e)
{
	for (size_t i = 0; i < 2; i++) {
		struct side *s = &c->sides[i];

		if (s->file && read_side(c, s, e) != 0)
			return -1;
		s->at = s->gist.at;
		if (s->file || (int)i >= c->in->argc)
			continue;
		if (clock_parse(s->asked, c->in->now, &s->at, e) != 0)
			return -1;
		if (s->at > c->in->now)
			return err_set(e, "%s is yet to come", s->asked);
	}
	if (c->in->argc < 2)
		c->sides[1].at = c->in->now;
	choose_window(c);
	return follow_files(c, e);
}

static size_t terminal_width(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static int print(struct comparison *c, const struct diff *d, struct err *e)
{
	const char *path = c->in->output;
	bool terminal = path == NULL && isatty(STDOUT_FILENO) == 1;
	struct diff_look look = {
	    .a = c->sides[0].asked,
	    .b = c->sides[1].asked,
	    .width = terminal ? terminal_width() : 0,
	    .colour = terminal && getenv("NO_COLOR") == NULL,
	};
	struct buf b;
	int rc = 0;

	buf_init(&b, BUFFER_MAX);
	(c->in->json ? diff_json : diff_text)(d, &look, &b);
	if (b.failed)
		rc = err_set(
		    e, "what differs is more than %zu bytes", BUFFER_MAX);
	else if (path != NULL && !str_eq(path, "-"))
		rc = file_replace(path, buf_text(&b), b.len, e);
	else if (fwrite(buf_text(&b), 1, b.len, stdout) != b.len ||
		 fflush(stdout) != 0)
		rc = err_set(e, "standard output: could not be written");
	buf_free(&b);
	return rc;
}

static int compare(struct comparison *c, bool *differs, struct err *e)
{
	struct diff d;

	if (find_sides(c, e) != 0 || gather_moments(c, e) != 0)
		return -1;
	diff_gist(c->in->arena, &c->sides[0].gist, &c->sides[1].gist, MOST, &d);
	*differs = d.differs;
	return print(c, &d, e);
}

int verb_diff(struct invocation *in)
{
	struct comparison c = {.in = in};
	struct err e = {0};
	bool differs;
	int rc;

	for (int i = 0; i < 2; i++) {
		c.sides[i].asked = i < in->argc ? in->argv[i] : "now";
		c.sides[i].file = i < in->argc && is_file(in->argv[i]);
	}
	if (!(c.sides[0].file && c.sides[1].file) &&
	    load_plan(in, &c.plan) != 0)
		return TROUBLE;
	rc = compare(&c, &differs, &e);
	store_close(c.store);
	if (rc != 0)
		return complain(&e, TROUBLE);
	return differs ? DIFFERS : SAME;
}
