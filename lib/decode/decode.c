#include "decode/decode.h"

/* "linux" is a macro in GNU C. */
#undef linux

#define X(name) extern const struct decoder decoder_##name;
#include "decode/kinds.h"
#undef X

const struct decoder *const decoders[] = {
#define X(name) &decoder_##name,
#include "decode/kinds.h"
#undef X
    NULL,
};

const struct decoder *decoder(const char *name)
{
	for (size_t i = 0; decoders[i] != NULL; i++)
		if (str_eq(decoders[i]->name, name))
			return decoders[i];
	return NULL;
}

bool decode_as_unsaid(const struct node *source)
{
	const struct node *as = node_get(source, "as");

	return as == NULL || str_eq(as->text, "default");
}
