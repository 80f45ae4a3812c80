#include "decode_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const yaml[] = {
	    "{}",
	    "{labels: [id, name], unit: ms, units: {n: kg}, counters: ['*']}",
	};
	static const void *conf[2];
	const struct decoder *d = decoder("sql");

	for (size_t i = 0; i < 2; i++) {
		if (conf[i] == NULL)
			conf[i] = fuzz_conf(d, yaml[i]);
		fuzz_decode(d, conf[i], data, n);
	}
	return 0;
}
