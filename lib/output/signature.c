#include "output/signature.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/proc.h"
#include "base/str.h"

#define SUFFIX	  ".sig"
#define NAMESPACE "broadsheet"
#define TIMEOUT	  60 /* seconds: a key in hardware waits for a touch */
#define SAID_MAX  65536

/* It may ask nobody anything, neither on a terminal nor in a window. */
#define QUIETLY "env", "SSH_ASKPASS_REQUIRE=force", "SSH_ASKPASS=false"

#define NOT_FOUND 127 /* of env and sh */

/* What ssh-keygen had to say. */
struct said {
	struct proc_result result;
	const char *out, *err;
};

/* Its lines end in CR LF where it takes them for a terminal's. */
static const char *cleaned(struct arena *a, const struct buf *b)
{
	char *text = arena_strndup(a, buf_text(b), b->len), *to = text;

	for (const char *from = text; *from != '\0'; from++)
		if (*from != '\r')
			*to++ = *from;
	return str_clean(a, text, (size_t)(to - text), SAID_MAX);
}

static int run(
    struct arena *a, const char *const *argv, struct said *said, struct err *e)
{
	struct buf out, diag;
	int rc;

	buf_init(&out, SAID_MAX);
	buf_init(&diag, SAID_MAX);
	rc = proc_run(argv, TIMEOUT, &out, &diag, &said->result, e);
	said->out = cleaned(a, &out);
	said->err = cleaned(a, &diag);
	buf_free(&out);
	buf_free(&diag);
	if (rc == 0 && said->result.timed_out)
		rc = err_set(e, "ssh-keygen: no answer in %d s", TIMEOUT);
	if (rc == 0 && said->result.status == NOT_FOUND) {
		err_set(e, "ssh-keygen is not there");
		rc = err_hint(e, "it is part of OpenSSH's client");
	}
	return rc;
}

/* The last line of a text. */
static const char *last_line(struct arena *a, const char *text)
{
	struct span rest = {text, strlen(text)}, line, last = {"", 0};

	while (str_line(&rest, &line))
		if (str_trim(line).n > 0)
			last = str_trim(line);
	return arena_strndup(a, last.p, last.n);
}

static const char *signature_of(struct arena *a, const char *file)
{
	return arena_printf(a, "%s" SUFFIX, file);
}

/* A path that is no option, however it begins. */
static const char *plain(struct arena *a, const char *path)
{
	return path[0] == '-' ? arena_printf(a, "./%s", path) : path;
}

static int not_signed(struct arena *a, const struct said *said,
    const char *file, const char *key, struct err *e)
{
	err_set(e, "%s was not signed with %s: %.300s", file, key,
	    last_line(a, said->err));
	if (strstr(said->err, "passphrase") != NULL)
		return err_hint(e,
		    "a key that has a passphrase must be in an agent: "
		    "ssh-add %s",
		    key);
	return -1;
}

int signature_make(
    struct arena *a, const char *file, const char *key, struct err *e)
{
	const char *path = plain(a, file);
	const char *sig = signature_of(a, path);
	const char *const argv[] = {QUIETLY, "ssh-keygen", "-Y", "sign", "-f",
	    plain(a, key), "-n", NAMESPACE, path, NULL};
	struct said said;

	if (unlink(sig) != 0 && errno != ENOENT)
		return file_write_failed(sig, e);
	if (!file_exists(key))
		return err_set(
		    e, "%s was not signed: there is no key %s", file, key);
	if (run(a, argv, &said, e) != 0)
		return -1;
	if (said.result.status != 0 || !file_exists(sig))
		return not_signed(a, &said, file, key, e);
	return 0;
}

bool signature_is_there(struct arena *a, const char *file)
{
	return file_exists(signature_of(a, file));
}

/* What it has to say first is why. */
static int no_signature(
    struct arena *a, const struct said *said, const char *file, struct err *e)
{
	struct span rest = {said->err, strlen(said->err)}, line = {"", 0};

	(void)str_line(&rest, &line);
	return err_set(e, "%s: ssh-keygen: %.*s", signature_of(a, file),
	    (int)(line.n < 300 ? line.n : 300), line.p);
}

/* Whose key it was made with, by the list: one name a line. */
static int find_principals(struct arena *a, const char *file,
    const char *signers, struct strings *names, struct err *e)
{
	const char *sig = signature_of(a, plain(a, file));
	const char *const argv[] = {QUIETLY, "ssh-keygen", "-Y",
	    "find-principals", "-s", sig, "-f", plain(a, signers), NULL};
	struct span rest, line;
	struct said said;

	if (run(a, argv, &said, e) != 0)
		return -1;
	rest = (struct span){said.out, strlen(said.out)};
	while (said.result.status == 0 && str_line(&rest, &line))
		strings_add(a, names, arena_strndup(a, line.p, line.n));
	if (names->n > 0)
		return 0;
	if (strstr(said.err, "No principal matched") != NULL &&
	    strstr(said.err, "parse signature") == NULL)
		return err_set(
		    e, "%s is by nobody in %s", signature_of(a, file), signers);
	return no_signature(a, &said, file, e);
}

/* ssh-keygen reads the file from its standard input. */
static int verify(struct arena *a, const char *file, const char *signers,
    const char *name, struct said *said, struct err *e)
{
	static const char script[] =
	    "exec ssh-keygen -Y verify -f \"$1\" -I \"$2\" -n " NAMESPACE
	    " -s \"$3\" <\"$4\"";
	const char *path = plain(a, file);
	const char *const argv[] = {QUIETLY, "sh", "-c", script, "sh",
	    plain(a, signers), name, signature_of(a, path), path, NULL};

	return run(a, argv, said, e);
}

/* "Good "broadsheet" signature for ann with ED25519 key SHA256:..." */
static const char *signer(struct arena *a, const char *out)
{
	const char *at = strstr(out, "signature for ");

	return last_line(a, at != NULL ? at + strlen("signature for ") : out);
}

static int refused(
    struct arena *a, const struct said *said, const char *file, struct err *e)
{
	if (strstr(said->err, "incorrect signature") != NULL)
		return err_set(e,
		    "%s is not of this file: one of them was changed",
		    signature_of(a, file));
	return no_signature(a, said, file, e);
}

static bool is_listed(const struct strings *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (str_glob(names->items[i], name))
			return true;
	return false;
}

int signature_check(struct arena *a, const char *file, const char *signers,
    const char *identity, const char **who, struct err *e)
{
	struct strings names = {0};
	struct said said;

	if (!signature_is_there(a, file))
		return err_set(
		    e, "there is no signature %s", signature_of(a, file));
	if (!file_exists(signers))
		return err_set(e, "there is no file %s of signers", signers);
	if (find_principals(a, file, signers, &names, e) != 0)
		return -1;
	assert(names.n > 0);
	if (identity == NULL)
		identity = names.items[0];
	else if (!is_listed(&names, identity))
		return err_set(e, "%s is by %s, not by %s",
		    signature_of(a, file), names.items[0], identity);
	if (verify(a, file, signers, identity, &said, e) != 0)
		return -1;
	if (said.result.status != 0)
		return refused(a, &said, file, e);
	*who = signer(a, said.out);
	return 0;
}
