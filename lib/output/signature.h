/*
 * Detached signatures of files, by an SSH key of the user's own: FILE.sig,
 * made and checked by ssh-keygen(1) -Y in the namespace "broadsheet", so that
 * anyone who has OpenSSH (8.4 or newer) can check them without this program:
 *
 *	ssh-keygen -Y verify -f ALLOWED -I WHO -n broadsheet -s FILE.sig <FILE
 *
 * Nobody is ever asked for a passphrase: such a key has to be in an agent.
 */
#ifndef OUTPUT_SIGNATURE_H
#define OUTPUT_SIGNATURE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

/*
 * Signs the file; a signature of before goes first, so that none is left if
 * this fails. The key is a private one, or a public one that an agent has.
 */
must_use int signature_make(
    struct arena *, const char *file, const char *key, struct err *);

/* Is there one beside the file? */
bool signature_is_there(struct arena *, const char *file);

/*
 * Who signed it, of those in `signers`, a file as ssh-keygen(1) has it under
 * ALLOWED SIGNERS: "ann@example.net with ED25519 key SHA256:...". With an
 * identity it has to be that one. Anything else is an error: there is none,
 * it is by nobody in the file, or of another file.
 */
must_use int signature_check(struct arena *, const char *file,
    const char *signers, const char *identity, const char **who, struct err *);

#endif
