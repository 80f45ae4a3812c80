/*
 * A Linux machine by what its /proc says, read by one shell command that
 * needs nothing but a shell, cat, awk, head and df.
 */
#include "decode/linux.h"
#include "decode/decode.h"
#include "decode/shell.h"
#include "decode/text.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

struct conf {
	const char *root;
	int64_t processes;
};

static const struct option options[] = {
    {"root", OPTION_TEXT, offsetof(struct conf, root),
	.help = "a host tree elsewhere: what is read is ROOT/proc and "
		"ROOT/etc, and ROOT/df and ROOT/who, if they are there, are "
		"the output of df -kP and who"},
    {"processes", OPTION_INT, offsetof(struct conf, processes), .min = 1,
	.max = LINUX_SHOWN_MAX, .deflt = "20",
	.help = "rows of the table of processes, the busiest"},
    {0},
};

/*
 * What awk does: of each process it keeps what the decoder wants in a short
 * line (a line of /proc/PID/stat that ends before its 35th field goes on in
 * the next: the name had a line feed in it). It chooses whom to tell more
 * of: the largest, the busiest of their life, and who was shown last time
 * (w), m of each, but no kernel threads. Then the files, lines that nobody
 * needs left out. The shell (me) and what it started are not of the machine.
 */
static const char program[] =
    "function keep(k,v,p,i){if(n[k]<m)n[k]++;else if(v<=V[k,m])return\n"
    "for(i=n[k];i>1&&V[k,i-1]<v;i--){V[k,i]=V[k,i-1];P[k,i]=P[k,i-1]}\n"
    "V[k,i]=v;P[k,i]=p}\n"
    "function file(f,l){while((getline l<f)>0)\n"
    "if(l!~/^(intr|softirq|HugeP|Direct)/)print f \":\" l;close(f)}\n"
    "function value(f,key,l,a){while((getline l<f)>0)if(index(l,key)==1)\n"
    "{close(f);split(l,a);return a[2]};close(f);return \"\"}\n"
    "BEGIN{k=split(w,a);for(i=1;i<=k;i++)shown[a[i]]\n"
    "getline up<\"proc/uptime\";close(\"proc/uptime\");up=(up+1)*100}\n"
    "{b=b==\"\"?$0:b \"?\" $0;if(length(b)>4096)b=\"\"\n"
    "if(!match(b,/.*\\) /))next\n"
    "e=RLENGTH;if(split(substr(b,e+1),f,\" \")<35)next\n"
    "p=b+0;if(p==me||f[2]==me||f[3]==me){b=\"\";next}\n"
    "t++;h+=f[18];i=index(b,\"(\");s=f[12]+f[13]\n"
    "if(t<=20000)l[t]=p \" \" f[1] \" \" f[7] \" \" s \" \" f[20] \" \" "
    "f[22] \" \" f[18] \" \" substr(b,i+1,e-i-2)\n"
    "b=\"\";if(f[22]>0){keep(1,f[22],p);if(s>4)keep(2,s/(up-f[20]+100),p)\n"
    "if(p in shown)c[p]}}\n"
    "END{for(k=1;k<3;k++)for(i=1;i<=n[k];i++)c[P[k,i]]\n"
    "for(p in c)printf \"%d \",p\n"
    "print \"\\n=== files\"\n"
    "k=split(\"proc/stat proc/meminfo proc/loadavg proc/uptime "
    "proc/sys/fs/file-nr proc/sys/kernel/hostname proc/sys/kernel/osrelease "
    "proc/net/dev proc/diskstats proc/mounts etc/os-release "
    "etc/redhat-release\",a);for(i=1;i<=k;i++)file(a[i])\n"
    "print \"=== processes\"\n"
    "print t+0,h+0,value(\"proc/self/smaps\",\"KernelPageSize\")\n"
    "for(i=1;i<=t&&i<=20000;i++)print l[i]\n"
    "print \"=== owners\"\n"
    "for(p in c){u=value(\"proc/\" p \"/status\",\"Uid:\")\n"
    "if(u!=\"\"){o[p]=u;q[u]}}\n"
    "while((getline u<\"etc/passwd\")>0){split(u,a,\":\")\n"
    "if(a[3] in q&&q[a[3]]==\"\")q[a[3]]=a[1]}\n"
    "for(p in o)print p,(q[o[p]]==\"\"?o[p]:q[o[p]])}\n";

/*
 * df leaves file systems of the network alone where it can (-l, not in
 * busybox): a server that is gone must not hang us.
 */
static const char here[] =
    "echo '=== df'; d=$(df -kPl); [ \"$d\" ] || d=$(df -kP)\n"
    "printf '%s\\n' \"$d\"\n"
    "if command -v who >/dev/null; then echo '=== who'; who; fi\n";

static const char elsewhere[] =
    "echo '=== df'; if [ -e df ]; then cat df; else df -kP .; fi\n"
    "if [ -e who ]; then echo '=== who'; cat who; fi\n";

/* The names come last, since arguments may hold anything. */
static const char rest[] =
    "echo '=== fds'; c=\n"
    "for p in $w; do c=\"$c proc/$p/cmdline\"; set -- proc/$p/fd/*\n"
    "case $1 in *\\*);; *) echo \"$p $#\";; esac; done\n"
    "echo '=== names'; head -c 400 /dev/null $c; :\n";

static const char *command(const void *conf, struct span state, struct arena *a)
{
	const struct conf *c = conf;
	struct linux_state last = linux_state_read(a, state);
	bool local = c->root == NULL || c->root[0] == '\0';
	const char *shown = "";

	for (size_t i = 0; i < last.n_shown && i < (size_t)c->processes; i++)
		shown = arena_printf(a, "%s %" PRId64, shown, last.shown[i]);
	return arena_printf(a,
	    "LC_ALL=C; export LC_ALL; cd -- %s || exit; exec 2>/dev/null\n"
	    "o=$(cat proc/[0-9]*/stat | awk -v me=%s -v m=%" PRId64
	    " -v w='%s' '%s')\n"
	    "w=${o%%%%\"\n\"*}; printf '%%s\\n' \"=== chosen $o\"\n%s%s",
	    local ? "/" : shell_quote(a, c->root), local ? "$$" : "-1",
	    c->processes, shown, program, local ? here : elsewhere, rest);
}

/* Sections come in this order, each once; names go to the end. */
static struct linux_output sections(struct span body)
{
	static const char *const names[LINUX_SECTIONS] = {
	    "=== files",
	    "=== processes",
	    "=== owners",
	    "=== df",
	    "=== who",
	    "=== fds",
	    "=== names",
	};
	struct linux_output o = {0};
	struct span line, *section = NULL;
	size_t next = 0;

	while (next < LINUX_SECTIONS && str_line(&body, &line)) {
		size_t i = next;

		while (i < LINUX_SECTIONS && !span_eq(line, names[i]))
			i++;
		if (i < LINUX_SECTIONS) {
			section = &o.sections[i];
			*section = (struct span){body.p, 0};
			next = i + 1;
		} else if (section != NULL) {
			section->n = (size_t)(body.p - section->p);
		}
	}
	if (next == LINUX_SECTIONS)
		o.sections[LINUX_NAMES] = body;
	return o;
}

static int decode(
    const struct decode_input *in, struct readings *out, struct err *e)
{
	const struct conf *c = in->conf;
	struct linux_output o = sections((struct span){in->body, in->len});
	struct linux_state last = linux_state_read(out->arena, in->state);
	struct linux_state next = {.known = true};

	if (!linux_system(&o, &last, &next, in->now, out))
		return err_code(e, OUTCOME_PARSE,
		    "not the output of the linux command: '%s'",
		    text_excerpt(out->arena, (struct span){in->body, in->len}));
	linux_disks(&o, out);
	linux_processes(&o, (size_t)c->processes, &last, &next, out);
	out->state = linux_state_write(out->arena, &next);
	return 0;
}

const struct decoder decoder_linux = {
    .name = "linux",
    .help = "a Linux machine: processor, memory, disks, network, processes",
    .options = options,
    .conf_size = sizeof(struct conf),
    .as = {AS_SAMPLES},
    .command = command,
    .decode = decode,
};
