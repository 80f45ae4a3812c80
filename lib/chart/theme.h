/*
 * The colours of the inks in light and dark, and the names of the page's CSS
 * variables for them.
 *
 * The series' colours keep apart in normal sight and with protanopia,
 * deuteranopia and tritanopia (simulated as by Machado, Oliveira and
 * Fernandes 2009: CIELAB distance of at least 13 between any two), none is
 * near the red, and all have a contrast of 3:1 or more with the paper.
 */
#ifndef CHART_THEME_H
#define CHART_THEME_H

#include <stdint.h>

#include "chart/scene.h"

enum theme { THEME_LIGHT, THEME_DARK };

/* ink, CSS variable, light, dark */
#define THEME_INKS(X)                                                          \
	X(TEXT, "--ink", 0x1c1b19, 0xe8e6e1)                                   \
	X(SOFT, "--soft", 0x6b675f, 0x9a978f)                                  \
	X(RULE, "--rule", 0xd9d5cb, 0x34353b)                                  \
	X(HAIR, "--hair", 0xe9e6dd, 0x25262b)                                  \
	X(PAPER, "--paper", 0xfbfaf6, 0x15161a)                                \
	X(RED, "--red", 0xb3261e, 0xff7b72)                                    \
	X(SERIES_1, "--s1", 0x2669c8, 0x5fadf4)                                \
	X(SERIES_2, "--s2", 0xb7791f, 0xe7bb59)                                \
	X(SERIES_3, "--s3", 0x1a8654, 0x40db97)                                \
	X(SERIES_4, "--s4", 0x5a2382, 0x8560e6)                                \
	X(SERIES_5, "--s5", 0x485059, 0x9ca8b1)                                \
	X(SERIES_6, "--s6", 0x0e97b8, 0xc2ebec)                                \
	X(SERIES_7, "--s7", 0xcd4395, 0xc965c0)                                \
	X(SERIES_8, "--s8", 0x5f5812, 0x8f8a1c)

#define INK_COUNT (INK_SERIES_8 + 1)

/* 0xRRGGBB; INK_NONE is the paper. */
uint32_t theme_rgb(enum theme, enum ink);

/* "--s1"; INK_NONE is the paper's. */
const char *theme_variable(enum ink);

#endif
