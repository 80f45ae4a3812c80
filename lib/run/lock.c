#include "run/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

int lock_take(const char *store, int *fd, struct err *e)
{
	char path[4096];

	if ((size_t)snprintf(path, sizeof(path), "%s.lock", store) >=
	    sizeof(path))
		return err_set(e, "%s: name too long", store);
	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (*fd < 0)
		return err_set(e, "%s: %s", path, strerror(errno));
	if (flock(*fd, LOCK_EX | LOCK_NB) == 0)
		return 1;
	if (errno != EWOULDBLOCK)
		err_set(e, "%s: %s", path, strerror(errno));
	else
		errno = 0;
	close(*fd);
	return errno == 0 ? 0 : -1;
}
