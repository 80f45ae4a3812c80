#include "base/pool.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

struct pool {
	atomic_size_t next;
	size_t n;
	void (*work)(void *ctx, size_t worker, size_t i);
	void *ctx;
};

struct worker {
	struct pool *pool;
	size_t number;
	pthread_t thread;
};

size_t pool_cores(void)
{
	cpu_set_t set;
	int n;

	if (sched_getaffinity(0, sizeof(set), &set) != 0)
		return 1;
	n = CPU_COUNT(&set);
	return n < 1 ? 1 : n > POOL_MAX ? POOL_MAX : (size_t)n;
}

static void *go(void *arg)
{
	struct worker *w = arg;
	struct pool *p = w->pool;

	for (size_t i; (i = atomic_fetch_add(&p->next, 1)) < p->n;)
		p->work(p->ctx, w->number, i);
	return NULL;
}

void pool_each(size_t workers, size_t n,
    void (*work)(void *ctx, size_t worker, size_t i), void *ctx)
{
	struct pool pool = {.n = n, .work = work, .ctx = ctx};
	struct worker all[POOL_MAX];
	size_t started = 1;

	if (workers > POOL_MAX)
		workers = POOL_MAX;
	all[0] = (struct worker){.pool = &pool};
	for (; started < workers && started < n; started++) {
		struct worker *w = &all[started];

		*w = (struct worker){.pool = &pool, .number = started};
		if (pthread_create(&w->thread, NULL, go, w) != 0)
			break;
	}
	go(&all[0]);
	for (size_t i = 1; i < started; i++)
		pthread_join(all[i].thread, NULL);
}
