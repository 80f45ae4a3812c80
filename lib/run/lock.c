#include "run/lock.h"
#include "base/clock.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

int lock_take(const char *store, int *fd, struct err *e)
{
	char path[4096];
	int why;

	*fd = -1;
	if ((size_t)snprintf(path, sizeof(path), "%s.lock", store) >=
	    sizeof(path))
		return err_set(e, "%s: name too long", store);
	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (*fd < 0)
		return file_write_failed(path, e);
	if (flock(*fd, LOCK_EX | LOCK_NB) == 0)
		return 1;
	why = errno;
	close(*fd);
	*fd = -1;
	if (why == EWOULDBLOCK)
		return 0;
	return err_set(e, "%s: %s", path, strerror(why));
}

int lock_wait(const char *store, double seconds, int *fd, struct err *e)
{
	const struct timespec pause = {.tv_nsec = 50000000};
	double until = clock_monotonic() + seconds;
	int rc;

	while ((rc = lock_take(store, fd, e)) == 0) {
		if (clock_monotonic() >= until)
			return err_set(
			    e, "another run holds the lock %s.lock", store);
		nanosleep(&pause, NULL);
	}
	return rc == 1 ? 0 : -1;
}
