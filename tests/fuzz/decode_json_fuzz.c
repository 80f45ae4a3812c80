#include "decode_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const yaml[] = {
	    "{values: {a: $, b: $.a, c: '$.a[0].b', d: '$[#-1]'}, "
	    "counters: [a*]}",
	    "{key: id}",
	    "{key: id, time: t, items: $.a, time_format: serial}",
	    "extract: SELECT key, value, type, atom AS metric, value AS text, "
	    "key AS ts FROM json_each(:body)",
	    "extract: SELECT fullkey AS key, atom, path AS text, type AS ts "
	    "FROM json_tree(:body)",
	};
	static const void *conf[5];
	const struct decoder *d = decoder("json");

	for (size_t i = 0; i < 5; i++) {
		if (conf[i] == NULL)
			conf[i] = fuzz_conf(d, yaml[i]);
		fuzz_decode(d, conf[i], data, n);
	}
	return 0;
}
