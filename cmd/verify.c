/* verify. */
#include "base/file.h"
#include "cmd.h"
#include "output/capsule.h"
#include "output/signature.h"

#include <stdio.h>

#define FILE_MAX ((size_t)1 << 30)

/* Kinds without sums of their parts have only a signature of the whole. */
static int no_manifest(
    const char *path, const struct capsule_kind *kind, struct err *e)
{
	err_set(e, "%s: %s has no manifest of its parts", path, kind->name);
	return err_hint(
	    e, "html and zip have one; of any file a signature is proof");
}

static int check_parts(
    struct invocation *in, bool is_signed, size_t *parts, struct err *e)
{
	const char *path = in->argv[0];
	const struct capsule_kind *kind;
	struct manifest m;
	struct span file;

	*parts = 0;
	if (file_read(in->arena, path, FILE_MAX, &file, e) != 0)
		return -1;
	kind = capsule_kind_at(file);
	if (kind->check == NULL)
		return is_signed ? 0 : no_manifest(path, kind, e);
	if (kind->check(in->arena, file, &m, e) != 0)
		return err_context(e, "%s", path);
	if (m.broken != NULL)
		return err_set(e, "%s: changed: %s", path, m.broken);
	*parts = m.parts;
	return 0;
}

/* One that is there and was not looked at is told of, for it proves nothing. */
static void tell(struct invocation *in, const char *who, size_t parts)
{
	const char *path = in->argv[0];

	if (in->quiet)
		return;
	if (parts > 0)
		printf("%s: whole: %zu parts\n", path, parts);
	if (who != NULL)
		printf("%s: signed by %s\n", path, who);
	else if (signature_is_there(in->arena, path))
		printf("%s.sig: not checked: --signers names a file of those "
		       "who may sign\n",
		    path);
}

int verb_verify(struct invocation *in)
{
	const char *who = NULL;
	struct err e = {0};
	size_t parts;

	if (in->identity != NULL && in->signers == NULL) {
		err_set(&e, "verify: --identity goes with --signers");
		return complain(&e, EXIT_USAGE);
	}
	if (in->signers != NULL &&
	    signature_check(in->arena, in->argv[0], in->signers, in->identity,
		&who, &e) != 0)
		return complain(&e, EXIT_FATAL);
	if (check_parts(in, who != NULL, &parts, &e) != 0)
		return complain(&e, EXIT_FATAL);
	tell(in, who, parts);
	return EXIT_WELL;
}
