/*
 * What a command and all that it waited for cost, as one line in a file:
 * CPU seconds, the KiB of memory of the largest of its processes, and the
 * bytes that they gave to write(2) and that were dirtied for the disk.
 *
 *	cost FILE COMMAND [ARGUMENT...]
 *
 * A small process of its own, because a fork of a large one would count as
 * large as that one was. It exits as the command did.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static double seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

/* A count in the /proc/PID/io of one that has ended and was not reaped. */
static unsigned long long count(pid_t pid, const char *what)
{
	unsigned long long n = 0;
	char path[64], line[80];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/io", (int)pid);
	f = fopen(path, "r");
	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		if (strncmp(line, what, strlen(what)) == 0)
			n = strtoull(line + strlen(what), NULL, 10);
	if (f != NULL)
		fclose(f);
	return n;
}

int main(int argc, char **argv)
{
	FILE *out = argc < 3 ? NULL : fopen(argv[1], "we");
	struct rusage u;
	int status = 0;
	siginfo_t info;
	pid_t pid;

	if (out == NULL || (pid = fork()) < 0)
		return 2;
	if (pid == 0) {
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) != 0)
		return 2;
	fprintf(out, "%llu %llu ", count(pid, "wchar:"),
	    count(pid, "write_bytes:"));
	if (wait4(pid, &status, 0, &u) != pid)
		return 2;
	fprintf(out, "%.6f %ld\n", seconds(u.ru_utime) + seconds(u.ru_stime),
	    u.ru_maxrss);
	fclose(out);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}
