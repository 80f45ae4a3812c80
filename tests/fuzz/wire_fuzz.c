/*
 * The body of a child's message: an error, or a message that is the same
 * after it was written and read again.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "run/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool true_)
{
	if (!true_)
		abort();
}

/* What was read can be written, and that read, and is written the same. */
static void again(struct arena *a, const struct wire_message *m)
{
	struct wire_message back;
	struct buf first, second;
	struct err e;

	buf_init(&first, WIRE_FRAME_MAX);
	buf_init(&second, WIRE_FRAME_MAX);
	wire_put(&first, m);
	must(!first.failed);
	must(wire_get(a,
		 (struct span){first.data + WIRE_HEAD, first.len - WIRE_HEAD},
		 &back, &e) == 0);
	wire_put(&second, &back);
	must(second.len == first.len);
	must(memcmp(first.data, second.data, first.len) == 0);
	buf_free(&first);
	buf_free(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena *a = arena_new();
	char *copy = malloc(n + 1);
	struct wire_message m;
	struct err e = {0};

	must(copy != NULL);
	memcpy(copy, data, n);
	if (wire_get(a, (struct span){copy, n}, &m, &e) == 0)
		again(a, &m);
	else
		must(e.code == OUTCOME_CRASHED && e.text[0] != '\0');
	free(copy);
	arena_free(a);
	return 0;
}
