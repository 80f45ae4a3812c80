/* Is that the host that we know? Strictly, and with the way out in words. */
#include "source/ssh.h"

#include "base/file.h"

#include <string.h>

#define KNOWN_HOSTS_MAX (4 * 1024 * 1024)

/* What ssh-keyscan -t calls it, and the files of sshd. */
struct method {
	const char *name, *type;
};

/* In the order of preference; those of libssh2 1.10, without DSA. */
static const struct method methods[] = {
    {"ssh-ed25519", "ed25519"},
    {"ecdsa-sha2-nistp256", "ecdsa"},
    {"ecdsa-sha2-nistp384", "ecdsa"},
    {"ecdsa-sha2-nistp521", "ecdsa"},
    {"ssh-rsa", "rsa"},
};

#define N_METHODS (sizeof(methods) / sizeof(methods[0]))

/* The key at hand. */
struct offer {
	const struct ssh_link *link;
	struct arena *arena;
	const char *type; /* "ssh-ed25519" */
	struct span blob;
};

/* Where the user's own known hosts are. */
static const char *own_file(const struct ssh_conf *conf, struct arena *a)
{
	return conf->known_hosts != NULL
		   ? conf->known_hosts
		   : file_resolve(a, ".", "~/.ssh/known_hosts");
}

static int load(struct arena *a, const char *path, const char *name,
    struct ssh_known *known, struct err *e)
{
	struct span text;

	if (!file_exists(path))
		return 0;
	if (file_read(a, path, KNOWN_HOSTS_MAX, &text, e) != 0) {
		e->code = OUTCOME_HOST_KEY;
		return -1;
	}
	ssh_known_parse(a, path, text, name, known);
	return 0;
}

int ssh_hostkey_load(const struct ssh_conf *conf, struct arena *a,
    const struct ssh_target *t, struct ssh_known *known, struct err *e)
{
	const char *name = ssh_known_name(a, t);

	if (load(a, own_file(conf, a), name, known, e) != 0)
		return -1;
	return conf->known_hosts != NULL
		   ? 0
		   : load(a, "/etc/ssh/ssh_known_hosts", name, known, e);
}

static bool has_type(const struct ssh_known *known, const char *type)
{
	for (size_t i = 0; i < known->n; i++)
		if (!known->items[i].revoked &&
		    str_eq(known->items[i].type, type))
			return true;
	return false;
}

const char *ssh_hostkey_methods(struct arena *a, const struct ssh_known *known)
{
	const char *first = "", *rest = "";

	for (size_t i = 0; i < N_METHODS; i++) {
		const char **list =
		    has_type(known, methods[i].name) ? &first : &rest;

		*list = arena_printf(a, "%s%s%s", *list,
		    (*list)[0] != '\0' ? "," : "", methods[i].name);
	}
	if (first[0] == '\0' || rest[0] == '\0')
		return first[0] != '\0' ? first : rest;
	return arena_printf(a, "%s,%s", first, rest);
}

/* What the machine from which the target is seen would run. */
static const char *keyscan(const struct offer *o)
{
	const struct ssh_target *t = o->link->target;
	const char *type = o->type, *port = "";

	for (size_t i = 0; i < N_METHODS; i++)
		if (str_eq(methods[i].name, o->type))
			type = methods[i].type;
	if (t->port != 22)
		port = arena_printf(o->arena, " -p %d", t->port);
	return arena_printf(
	    o->arena, "ssh-keyscan -t %s%s %s", type, port, t->host);
}

/* "ssh -J a,b -p 2222 user@c " before a command that the last hop is to run. */
static const char *through(const struct offer *o)
{
	const struct ssh_link *links = o->link->conn->links;
	size_t n = (size_t)(o->link - links);
	const char *jumps = "";
	const struct ssh_target *t;
	char place[SSH_PLACE_MAX];

	if (n == 0)
		return "";
	for (size_t i = 0; i + 1 < n; i++) {
		t = links[i].target;
		jumps = arena_printf(o->arena, "%s%s%s@%s", jumps,
		    i > 0 ? "," : "-J ", t->user, ssh_place(place, t));
	}
	t = links[n - 1].target;
	return arena_printf(o->arena, "ssh %s%s-p %d %s@%s ", jumps,
	    n > 1 ? " " : "", t->port, t->user, t->host);
}

static int unknown(
    const struct offer *o, const struct ssh_known *known, struct err *e)
{
	const struct ssh_conf *conf = o->link->conn->conf;
	const char *host = o->link->target->host;

	err_code(e, OUTCOME_HOST_KEY, "host key of %s is not known (%s %s)",
	    host, o->type, ssh_fingerprint(o->arena, o->blob));
	for (size_t i = 0; i < known->n; i++)
		if (!known->items[i].revoked)
			err_code(e, OUTCOME_HOST_KEY,
			    "host key of %s is not known (%s %s): %s:%d has "
			    "only its %s key",
			    host, o->type, ssh_fingerprint(o->arena, o->blob),
			    known->items[i].file, known->items[i].line,
			    known->items[i].type);
	return err_hint(e,
	    "compare that fingerprint with the one of the machine itself, "
	    "then: %s%s >> %s",
	    through(o), keyscan(o),
	    ssh_quote(o->arena, own_file(conf, o->arena)));
}

static int changed(
    const struct offer *o, const struct ssh_known_key *key, struct err *e)
{
	const struct ssh_target *t = o->link->target;
	const char *file = ssh_quote(o->arena, key->file);

	err_code(e, OUTCOME_HOST_KEY,
	    "host key of %s has changed: %s:%d has %s %s, the host offers "
	    "%s %s",
	    t->host, key->file, key->line, key->type,
	    ssh_fingerprint(o->arena, key->blob), o->type,
	    ssh_fingerprint(o->arena, o->blob));
	return err_hint(e,
	    "someone may be in between; if the machine was set up anew: "
	    "ssh-keygen -R %s -f %s && %s%s >> %s",
	    ssh_quote(o->arena, ssh_known_name(o->arena, t)), file, through(o),
	    keyscan(o), file);
}

static int revoked(
    const struct offer *o, const struct ssh_known_key *key, struct err *e)
{
	return err_code(e, OUTCOME_HOST_KEY,
	    "host key of %s is revoked by %s:%d (%s %s)", o->link->target->host,
	    key->file, key->line, o->type, ssh_fingerprint(o->arena, o->blob));
}

static bool same(const struct ssh_known_key *key, const struct offer *o)
{
	return key->blob.n == o->blob.n &&
	       memcmp(key->blob.p, o->blob.p, o->blob.n) == 0;
}

static int judge(
    const struct offer *o, const struct ssh_known *known, struct err *e)
{
	const struct ssh_known_key *other = NULL;
	bool found = false;

	for (size_t i = 0; i < known->n; i++) {
		const struct ssh_known_key *key = &known->items[i];

		if (same(key, o) && key->revoked)
			return revoked(o, key, e);
		if (key->revoked)
			continue;
		found = found || same(key, o);
		if (str_eq(key->type, o->type))
			other = key;
	}
	if (found)
		return 0;
	return other != NULL ? changed(o, other, e) : unknown(o, known, e);
}

int ssh_hostkey_check(
    struct ssh_link *l, const struct ssh_known *known, struct err *e)
{
	struct offer o = {.link = l, .arena = l->conn->arena};
	struct span rest, type;
	int code;

	o.blob.p = libssh2_session_hostkey(l->session, &o.blob.n, &code);
	rest = o.blob;
	if (o.blob.p == NULL || !ssh_wire_take(&rest, &type))
		return err_code(e, OUTCOME_PROTOCOL, "%s sent no host key",
		    l->target->host);
	o.type = arena_strndup(o.arena, type.p, type.n);
	return judge(&o, known, e);
}
