/*
 * When no new page can be printed, the last one says why. The page is also
 * the memory of having said so: cron mails a fault that lasts only once.
 */
#include "output/notice.h"
#include "base/file.h"
#include "run/run.h"
#include "run/stage.h"

#include <dirent.h>
#include <string.h>

#define PAGE_MAX (256u * 1024 * 1024)

static bool is_page(const char *name)
{
	size_t n = strlen(name);

	return n > 5 && name[0] != '.' && strcmp(name + n - 5, ".html") == 0;
}

/* 1 if the page had the notice already. */
static int put_notice(struct stage *s, struct arena *a, const char *dir,
    const char *name, const char *text, struct err *e)
{
	struct span page;
	struct buf b;
	int rc;

	if (file_read(a, arena_printf(a, "%s/%s", dir, name), PAGE_MAX, &page,
		e) != 0)
		return -1;
	buf_init(&b, PAGE_MAX);
	rc = notice_put(page, text, &b);
	if (rc == 0 && !b.failed)
		rc = stage_put(s, name, buf_text(&b), b.len, e);
	buf_free(&b);
	return rc;
}

/* Only into pages beside a status.json: a directory that we print into. */
static int notice_all(
    struct arena *a, const char *dir, const char *text, struct err *e)
{
	bool ours = file_exists(arena_printf(a, "%s/status.json", dir));
	DIR *d = ours ? opendir(dir) : NULL;
	struct dirent *entry;
	struct stage *s;
	int there = 0, rc = 0;

	if (d == NULL)
		return 0;
	if (stage_open(&s, dir, e) != 0) {
		closedir(d);
		return 0;
	}
	while (rc >= 0 && (entry = readdir(d)) != NULL) {
		if (!is_page(entry->d_name))
			continue;
		rc = put_notice(s, a, dir, entry->d_name, text, e);
		there |= rc == 1 && strcmp(entry->d_name, "index.html") == 0;
	}
	if (rc >= 0 && stage_commit(s, e) != 0)
		there = 0;
	stage_close(s);
	closedir(d);
	return there;
}

int run_notice(
    const struct plan *plan, const struct faults *faults, const struct err *e)
{
	struct arena *a = arena_new();
	struct err ignored;
	const char *text;
	int there = 0;

	text = arena_printf(
	    a, "this page is not being printed any more: %s", e->text);
	if (faults != NULL && faults->n > 0)
		text = arena_printf(a, "%s: %s:%d:%d: %s", text,
		    faults->items[0].file, faults->items[0].line,
		    faults->items[0].col, faults->items[0].text);
	if (plan->common.output != NULL)
		there = notice_all(a, plan->common.output, text, &ignored);
	arena_free(a);
	return there;
}
