/*
 * Work on several threads: for what is pure, slow and many.
 */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <stddef.h>

#define POOL_MAX 64

/* How many threads can run at once, at most POOL_MAX. */
size_t pool_cores(void);

/*
 * Calls work(ctx, worker, i) for each i below n, on this thread (worker 0)
 * and on others, in any order; returns when all are done. A worker does one
 * at a time, so what belongs to worker w (< workers) needs no lock. Where no
 * threads can be had, this one does it all.
 */
void pool_each(size_t workers, size_t n,
    void (*work)(void *ctx, size_t worker, size_t i), void *ctx);

#endif
