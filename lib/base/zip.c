#include "base/zip.h"

#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

/* Where what zstd saves begins to cost more time than it is worth. */
#define LEVEL 12

void zip_pack(struct buf *b, struct span in)
{
	size_t bound = ZSTD_compressBound(in.n), n;
	void *frame = malloc(bound);

	n = frame == NULL ? 0 : ZSTD_compress(frame, bound, in.p, in.n, LEVEL);
	if (frame == NULL || ZSTD_isError(n))
		b->failed = true;
	else
		buf_add(b, frame, n);
	free(frame);
}

bool zip_unpack(struct arena *a, struct span in, size_t max, struct span *out)
{
	/* What it does not say, or not so that it can be read, is too large. */
	unsigned long long says = ZSTD_getFrameContentSize(in.p, in.n);
	char *bytes;
	size_t n;

	if (says > max)
		return false;
	bytes = arena_alloc(a, says + 1);
	n = ZSTD_decompress(bytes, says, in.p, in.n);
	*out = (struct span){bytes, n};
	return !ZSTD_isError(n) && n == says;
}

uint32_t zip_sum(uint32_t sum, const void *p, size_t n)
{
	/* To zlib a NULL means: begin anew. */
	return n == 0 ? sum : (uint32_t)crc32_z(sum, p, n);
}
