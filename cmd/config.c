/* check-config, init, help and version. */
#include "base/file.h"
#include "cmd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define STARTER "assets/examples/starter.yaml"

int verb_check_config(struct invocation *in)
{
	struct plan plan;
	int status = load_plan(in, &plan);

	if (status == EXIT_WELL && !in->quiet)
		printf("%s: well: %zu sources, %zu pages\n", in->config,
		    plan.n_sources, plan.n_pages);
	return status;
}

/* Never over a file that is there. */
static int write_fresh(const char *path, struct span text, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	ssize_t n;

	if (fd < 0 && errno == EEXIST)
		return err_set(
		    e, "%s is there already; it is left alone", path);
	if (fd < 0)
		return err_set(e, "%s: %s", path, strerror(errno));
	n = write(fd, text.p, text.n);
	if (close(fd) != 0 || n != (ssize_t)text.n)
		return err_set(e, "%s: could not be written", path);
	return 0;
}

int verb_init(struct invocation *in)
{
	const char *path = in->argc > 0 ? in->argv[0] : "broadsheet.yaml";
	const char *starter = arena_printf(in->arena, "%s/" STARTER, in->data);
	struct span text;
	struct err e = {0};

	if (file_read(in->arena, starter, 65536, &text, &e) != 0 ||
	    write_fresh(path, text, &e) != 0)
		return complain(&e, EXIT_FATAL);
	if (!in->quiet)
		printf("wrote %s; now: broadsheet run --times 6 -c %s\n", path,
		    path);
	return EXIT_WELL;
}

int verb_version(struct invocation *in)
{
	(void)in;
	printf("broadsheet %s\n", BROADSHEET_VERSION);
	return EXIT_WELL;
}
