#include "decode_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const char *const yaml[] = {
	    "{}",
	    "{separator: ';', decimal: ',', header: no, columns: [a, b, c], "
	    "units: {a: kg}}",
	    "{key: id}",
	    "{time: t}",
	    "{key: id, time: t, time_format: serial}",
	    "{columns: [id, t], time: t, time_format: '%d.%m.%Y'}",
	};
	static const void *conf[6];
	const struct decoder *d = decoder("csv");

	for (size_t i = 0; i < 6; i++) {
		if (conf[i] == NULL)
			conf[i] = fuzz_conf(d, yaml[i]);
		fuzz_decode(d, conf[i], data, n);
	}
	return 0;
}
