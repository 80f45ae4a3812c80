#include "chart/theme.h"

static const struct {
	const char *variable;
	uint32_t rgb[2];
} inks[INK_COUNT] = {
#define X(name, variable, light, dark) [INK_##name] = {variable, {light, dark}},
    THEME_INKS(X)
#undef X
};

static enum ink known(enum ink ink)
{
	return ink <= INK_NONE || ink >= INK_COUNT ? INK_PAPER : ink;
}

uint32_t theme_rgb(enum theme theme, enum ink ink)
{
	return inks[known(ink)].rgb[theme == THEME_DARK];
}

const char *theme_variable(enum ink ink)
{
	return inks[known(ink)].variable;
}
