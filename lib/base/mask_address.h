/*
 * Addresses within a text: for lib/base/mask*.c only.
 */
#ifndef BASE_MASK_ADDRESS_H
#define BASE_MASK_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

/* As large as the canonical form of any address but one of mail. */
#define MASK_ADDRESS_MAX 48

/*
 * The length of an address that begins there, 0: none does. `at` is within
 * `text`, so that what stands before it is seen. `canon` becomes the same
 * text for all ways to write that address.
 */
size_t mask_ipv4(const char *text, const char *at, char *canon);
size_t mask_ipv6(const char *text, const char *at, char *canon);
size_t mask_mac(const char *text, const char *at, char *canon);

/* One of mail around a sign, which is "@" or "%40"; from is where it begins. */
size_t mask_mail(
    const char *text, const char *sign, size_t sign_n, const char **from);

/* Parts of words: ASCII letters and digits, and all that is beyond ASCII. */
bool mask_is_letter(char);

#endif
