#include "decode_fuzz.h"

/* Every input with each of these options. */
static const char *const options[] = {
    "{}",
    "{tail: /x.log, max_lines: 3}",
    "{match: x, max_lines: 10}",
    "{count: {a: 'x.*y', b: '^(a|b)+$'}}",
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	enum { N = sizeof(options) / sizeof(options[0]) };
	static const void *confs[N];

	for (size_t i = 0; i < N; i++) {
		if (confs[i] == NULL)
			confs[i] = fuzz_conf(decoder("lines"), options[i]);
		fuzz_decode(decoder("lines"), confs[i], data, n);
	}
	return 0;
}
