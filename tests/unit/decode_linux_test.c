/*
 * The Linux decoder: its real command in real shells, over captured hosts.
 */
#include "decode_with.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/proc.h"
#include "model/outcome.h"

#define HOSTS "tests/fixtures/hosts"

static const char *const columns =
    "pid:|process:|user:|cpu:percent|memory:bytes|open_files:count|"
    "threads:count|up:seconds";

static void run(const char *const *argv, struct buf *out)
{
	struct proc_result result;
	struct buf diag;
	struct err e;

	buf_init(&diag, 4096);
	buf_reset(out);
	assert_int_equal(proc_run(argv, 20, out, &diag, &result, &e), 0);
	assert_string_equal(buf_text(&diag), "");
	assert_int_equal(result.status, 0);
	buf_free(&diag);
}

static struct with host(const char *name)
{
	char yaml[256];
	struct with w;

	snprintf(yaml, sizeof(yaml), "root: '%s/%s'", HOSTS, name);
	w = with("linux", yaml);
	assert_null(w.fault);
	return w;
}

static void capture(struct with *w, const char *shell, struct buf *out)
{
	const char *command =
	    w->decoder->command(w->conf, w->in.state, w->arena);

	buf_init(out, 4 << 20);
	run((const char *const[]){shell, "-c", command, NULL}, out);
}

/* One run over a captured host. */
static struct with decoded(const char *name)
{
	struct with w = host(name);
	struct buf out;

	capture(&w, "sh", &out);
	if (with_bytes(&w, buf_text(&out), out.len) != 0)
		fail_msg("%s", w.e.text);
	buf_free(&out);
	return w;
}

static const struct table *table(const struct with *w, const char *name)
{
	for (size_t i = 0; i < w->out.n_tables; i++)
		if (str_eq(w->out.tables[i].name, name))
			return &w->out.tables[i];
	fail_msg("no table %s", name);
	return NULL;
}

static void assert_rows(
    const struct with *w, const char *name, const char *const *want)
{
	const struct table *t = table(w, name);
	size_t n = 0;

	for (; want[n] != NULL; n++)
		assert_string_equal(with_row(w, t, n), want[n]);
	assert_int_equal(t->n_rows, n);
}

static void debian(void **state)
{
	struct with w = decoded("debian");

	(void)state;
	assert_null(with_sample(&w, "cpu"));
	assert_sample(&w, "cores", 2, "count");
	assert_sample(
	    &w, "memory", 100.0 * (4018312 - 2411008) / 4018312, "percent");
	assert_sample(&w, "memory_used", 1607304 * 1024.0, "bytes");
	assert_sample(&w, "memory_total", 4018312 * 1024.0, "bytes");
	assert_sample(&w, "swap", 100.0 * 104856 / 1048572, "percent");
	assert_sample(&w, "swap_used", 104856 * 1024.0, "bytes");
	assert_sample(&w, "load1", 0.42, "");
	assert_sample(&w, "load5", 0.37, "");
	assert_sample(&w, "load15", 0.30, "");
	assert_sample(&w, "uptime", 48621.37, "seconds");
	assert_sample(&w, "open_files", 1888, "count");
	assert_sample(&w, "users", 2, "count");
	assert_sample(&w, "processes", 9, "count");
	assert_sample(&w, "threads", 51, "count");
	with_end(&w);
}

static void debian_disks(void **state)
{
	struct with w = decoded("debian");

	(void)state;
	assert_sample(
	    &w, "disk{mount=\"/\"}", 100.0 * 12288 / (12288 + 7168), "percent");
	assert_sample(&w, "disk_used{mount=\"/\"}", 12288000 * 1024.0, "bytes");
	assert_sample(
	    &w, "disk_free{mount=\"/var\"}", 512000 * 1024.0, "bytes");
	assert_sample(&w, "disk{mount=\"/home\"}", 25, "percent");
	assert_sample(&w, "disk{mount=\"/mnt/back up\"}", 10, "percent");
	assert_non_null(with_sample(&w, "disk{mount=\"/boot/efi\"}"));
	assert_null(with_sample(&w, "disk{mount=\"/srv/ftp/incoming\"}"));
	assert_null(with_sample(&w, "disk{mount=\"/snap/core22/1621\"}"));
	assert_null(with_sample(&w, "disk{mount=\"/run\"}"));
	assert_sample(
	    &w, "disk_read{device=\"vda\"}", 2743650 * 512.0, "bytes");
	assert_sample(&w, "disk_read", (2743650 + 80000) * 512.0, "bytes");
	assert_sample(&w, "disk_written", (1815752 + 160000) * 512.0, "bytes");
	assert_true(with_sample(&w, "disk_read")->counter);
	assert_null(with_sample(&w, "disk_read{device=\"vda1\"}"));
	assert_null(with_sample(&w, "disk_read{device=\"dm-0\"}"));
	assert_null(with_sample(&w, "disk_read{device=\"nvme0n1p1\"}"));
	assert_sample(&w, "network_in{interface=\"eth0\"}", 163078108, "bytes");
	assert_sample(&w, "network_out{interface=\"docker0\"}", 1220, "bytes");
	assert_true(with_sample(&w, "network_in{interface=\"eth0\"}")->counter);
	assert_null(with_sample(&w, "network_in{interface=\"lo\"}"));
	assert_null(with_sample(&w, "network_in{interface=\"dummy0\"}"));
	assert_null(with_sample(&w, "network_in{interface=\"veth1a2b3c4\"}"));
	with_end(&w);
}

static void debian_tables(void **state)
{
	static const char *const processes[] = {
	    "702|java app.jar --db.password=*** --port 8080|deploy||"
	    "536870912|9|41|48606",
	    "803|python3 worker.py --token *** amqp://***@mq/q|deploy||"
	    "36909056|2|3|48596",
	    "611|postgres -D /var/lib/postgresql/15/main -c "
	    "config_file=/etc/postgresql/15/main/p|postgres||30638080|6|1|"
	    "48610",
	    "1|init|root||13557760|3|1|48621",
	    "530|nginx: worker process|www-data||12492800|7|1|48611",
	    "412|sshd: /usr/sbin/sshd -D [listener] 0 of 10-100 startups|"
	    "root||9175040|4|1|48612",
	    "28300|-bash|deploy||4915200|4|1|121",
	    "2|[kthreadd]|root||0||1|48621",
	    "17|[kworker/0:1-events]|root||0||1|48621",
	    NULL,
	};
	static const char *const system[] = {
	    "hostname|web1",
	    "distribution|Debian GNU/Linux 12 (bookworm)",
	    "kernel|6.1.0-26-amd64",
	    "cores|2",
	    "booted|2026-11-21 22:26",
	    NULL,
	};
	struct with w = decoded("debian");

	(void)state;
	assert_string_equal(with_columns(&w, table(&w, "processes")), columns);
	assert_rows(&w, "processes", processes);
	assert_int_equal(table(&w, "processes")->left_out, 0);
	assert_rows(&w, "system", system);
	with_end(&w);
}

/* The text with one part replaced, which must be there. */
static const char *replaced(
    struct arena *a, const char *text, const char *old, const char *new)
{
	const char *at = strstr(text, old);

	if (at == NULL)
		fail_msg("no '%s' in it", old);
	return arena_printf(
	    a, "%.*s%s%s", (int)(at - text), text, new, at + strlen(old));
}

/* The same host 20 seconds later. */
static const char *later(struct arena *a, const char *text)
{
	text = replaced(a, text, "cpu  81012 310 40211 9711002 5122 0 1210 877",
	    "cpu  81612 310 40411 9712002 5222 0 1210 977");
	text = replaced(a, text, "48621.37", "48641.37");
	text = replaced(a, text, " 55350 1500 ", " 56350 1500 ");
	text = replaced(
	    a, text, "28300 S 4194560 5 4850000", "28300 S 4194560 50 4863000");
	return text;
}

static void since_the_last_run(void **state)
{
	struct with w = host("debian");
	struct buf out;
	const char *text;

	(void)state;
	capture(&w, "sh", &out);
	text = buf_text(&out);
	assert_int_equal(with_text(&w, text), 0);
	assert_int_equal(with_text(&w, later(w.arena, text)), 0);
	assert_sample(&w, "cpu", 45, "percent");
	assert_sample(&w, "cpu_user", 30, "percent");
	assert_sample(&w, "cpu_system", 10, "percent");
	assert_sample(&w, "cpu_iowait", 5, "percent");
	assert_sample(&w, "cpu_steal", 5, "percent");
	/*
	 * 1000 ticks in 2000; the pid that was given again starts anew. (The
	 * arguments, with their NULs, are cut off here.)
	 */
	assert_string_equal(with_row(&w, table(&w, "processes"), 0),
	    "702|java|deploy|50.0|536870912|9|41|48626");
	assert_string_equal(with_row(&w, table(&w, "processes"), 1),
	    "28300|bash|deploy|2.5|4915200|4|1|11");
	/* Nothing moved: nothing can be said. */
	assert_int_equal(with_text(&w, later(w.arena, text)), 0);
	assert_null(with_sample(&w, "cpu"));
	/* The machine started again. */
	assert_int_equal(with_text(&w, text), 0);
	assert_null(with_sample(&w, "cpu"));
	assert_string_equal(with_row(&w, table(&w, "processes"), 6),
	    "28300|bash|deploy||4915200|4|1|121");
	buf_free(&out);
	with_end(&w);
}

static void states_that_are_none(void **state)
{
	static const char *const states[] = {"", "tail 1 1 2 3 4 0\n/x",
	    "linux 2 1\ncpu\nshown\nfloor 0\n",
	    "linux 1 1\ncpu 1 2 3\nshown\nfloor 0\n",
	    "linux 1 1\ncpu 1 1 1 1 1 1 1 -1\nshown\nfloor 0\n",
	    "linux 1 1\ncpu 1 1 1 1 1 1 1 1\nshown x\nfloor 0\n",
	    "linux 1 1\ncpu 1 1 1 1 1 1 1 1\nshown $(reboot)\nfloor 0\n",
	    "linux 1 1\ncpu 1 1 1 1 1 1 1 1\nshown\nfloor 0\n5 1 1\n4 1 1\n",
	    "linux 1 1\ncpu 1 1 1 1 1 1 1 1\nshown\nfloor 0\n5 1\n",
	    "linux 1 1\ncpu 1 1 1 1 1 1 1 99999999999999999999\n"
	    "shown\nfloor 0\n"};
	struct with w = host("debian");
	const char *none =
	    w.decoder->command(w.conf, (struct span){"", 0}, w.arena);
	struct buf out;

	(void)state;
	capture(&w, "sh", &out);
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		w.in.state = (struct span){states[i], strlen(states[i])};
		assert_string_equal(
		    w.decoder->command(w.conf, w.in.state, w.arena), none);
		assert_int_equal(with_text(&w, buf_text(&out)), 0);
		assert_null(with_sample(&w, "cpu"));
	}
	buf_free(&out);
	with_end(&w);
}

static void alpine(void **state)
{
	static const char *const processes[] = {
	    "2101|chronyd -f /etc/chrony/chrony.conf|chrony||1679360|5|1|"
	    "8066",
	    "1|init|root||737280|1|1|8075",
	    "2190|crond -c /etc/crontabs -f|root||655360||1|8066",
	    NULL,
	};
	struct with w = decoded("alpine");

	(void)state;
	assert_sample(&w, "swap", 0, "percent");
	assert_sample(&w, "disk{mount=\"/\"}",
	    100.0 * 275552 / (275552 + 1450024), "percent");
	assert_sample(&w, "disk_read", 410232 * 512.0, "bytes");
	assert_null(with_sample(&w, "users"));
	assert_rows(&w, "processes", processes);
	assert_string_equal(with_row(&w, table(&w, "system"), 1),
	    "distribution|Alpine Linux v3.20");
	with_end(&w);
}

static void old_kernel(void **state)
{
	struct with w = decoded("centos6");

	(void)state;
	/* free 1.0 + buffers 0.2 + cached 1.8 + slab 0.3 - shared 0.1 of 8 */
	assert_sample(&w, "memory", 60, "percent");
	assert_sample(&w, "swap", 25, "percent");
	assert_sample(
	    &w, "network_in{interface=\"eth0\"}", 4294967296.0, "bytes");
	assert_sample(&w, "disk_written", 128000 * 512.0, "bytes");
	assert_sample(&w, "cores", 4, "count");
	assert_string_equal(with_row(&w, table(&w, "system"), 1),
	    "distribution|CentOS release 6.10 (Final)");
	assert_string_equal(with_row(&w, table(&w, "processes"), 0),
	    "3011|ora_pmon_PROD|oracle||614400000|3|1|910");
	with_end(&w);
}

static void container(void **state)
{
	struct with w = decoded("container");

	(void)state;
	assert_sample(&w, "disk{mount=\"/\"}", 40, "percent");
	assert_sample(&w, "disk{mount=\"/data\"}", 25, "percent");
	assert_null(with_sample(&w, "disk{mount=\"/etc/hosts\"}"));
	assert_null(with_sample(&w, "disk_read"));
	assert_null(with_sample(&w, "open_files"));
	assert_string_equal(with_row(&w, table(&w, "processes"), 0),
	    "1|node server.js|1000||81920000|3|11|10");
	with_end(&w);
}

static void nasty_names(void **state)
{
	static const char *const processes[] = {
	    "66|evil|mallory||3686400||1|9",
	    "67|a?67 (b) R|mallory||3276800||1|9",
	    "68|x|mallory||2867200||1|9",
	    "69|red <script> \xef\xbf\xbd|mallory||2457600||1|9",
	    "70|z\\n\\c%s|mallory||2048000||1|9",
	    "71|sh -c echo one echo two|mallory||1638400||1|9",
	    /* Process 68 would have it called otherwise. */
	    "1|init|root||409600|1|1|10",
	    NULL,
	};
	struct with w = decoded("nasty");

	(void)state;
	assert_rows(&w, "processes", processes);
	assert_sample(&w, "disk{mount=\"/mnt/a\\\"b\\\\c\"}", 10, "percent");
	assert_sample(&w, "processes", 7, "count");
	with_end(&w);
}

/* Every shell prints the same. */
static void shells(void **state)
{
	static const char *const hosts[] = {
	    "debian", "alpine", "centos6", "container", "nasty"};
	char dir[] = "/tmp/broadsheet-linux-XXXXXX", path[64];
	struct buf a, b, c, none;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "PATH=%s", dir);
	buf_init(&none, 4096);
	run((const char *const[]){"busybox", "--install", "-s", dir, NULL},
	    &none);
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		struct with w = host(hosts[i]);
		const char *command =
		    w.decoder->command(w.conf, w.in.state, w.arena);

		capture(&w, "dash", &a);
		buf_init(&b, 4 << 20);
		buf_init(&c, 4 << 20);
		run((const char *const[]){"bash", "--posix", "-c", command,
			NULL},
		    &b);
		run((const char *const[]){"env", path, "sh", "-c", command,
			NULL},
		    &c);
		/* The order of awk's arrays is its own: compare readings. */
		for (size_t k = 0; k < 3; k++) {
			const struct buf *out = k == 0 ? &a : k == 1 ? &b : &c;
			static struct readings first;

			assert_int_equal(
			    with_bytes(&w, buf_text(out), out->len), 0);
			w.in.state = (struct span){"", 0};
			if (k == 0)
				first = w.out;
			assert_int_equal(first.n_samples, w.out.n_samples);
			for (size_t s = 0; s < first.n_samples; s++)
				assert_sample(&w, first.samples[s].metric,
				    first.samples[s].value,
				    first.samples[s].unit);
			for (size_t r = 0; r < first.tables[1].n_rows; r++)
				assert_string_equal(
				    with_row(&w, &first.tables[1], r),
				    with_row(&w, &w.out.tables[1], r));
		}
		buf_free(&a);
		buf_free(&b);
		buf_free(&c);
		with_end(&w);
	}
	run((const char *const[]){"rm", "-rf", dir, NULL}, &none);
	buf_free(&none);
}

static void this_machine(void **state)
{
	struct with w = with("linux", "processes: 3");
	struct buf out;

	(void)state;
	capture(&w, "sh", &out);
	assert_int_equal(with_bytes(&w, buf_text(&out), out.len), 0);
	assert_non_null(with_sample(&w, "memory"));
	assert_non_null(with_sample(&w, "uptime"));
	assert_int_equal(table(&w, "processes")->n_rows, 3);
	assert_int_equal(table(&w, "processes")->left_out,
	    (int)with_sample(&w, "processes")->value - 3);
	buf_free(&out);
	with_end(&w);
}

/* A root with a quote in its name is one word for the shell. */
static void root_is_quoted(void **state)
{
	struct with w =
	    with("linux", "root: \"/nonexistent/'$(echo a)'; echo b #\"");
	struct proc_result result;
	struct buf out, diag;
	struct err e;

	(void)state;
	buf_init(&out, 4096);
	buf_init(&diag, 4096);
	assert_int_equal(
	    proc_run((const char *const[]){"dash", "-c",
			 w.decoder->command(w.conf, w.in.state, w.arena), NULL},
		20, &out, &diag, &result, &e),
	    0);
	assert_int_not_equal(result.status, 0);
	assert_int_equal(out.len, 0);
	assert_non_null(
	    strstr(buf_text(&diag), "/nonexistent/'$(echo a)'; echo b #"));
	buf_free(&out);
	buf_free(&diag);
	with_end(&w);
}

/* 10,000 processes: the state stays bounded, and so does what is lost. */
static void many_processes(void **state)
{
	struct with w = with("linux", "{}");
	struct buf b;

	(void)state;
	buf_init(&b, 4 << 20);
	for (int round = 0; round < 2; round++) {
		buf_reset(&b);
		buf_printf(&b,
		    "=== chosen \n=== files\nproc/stat:cpu  1 0 0 1\n"
		    "proc/uptime:%d.00 1.00\n=== processes\n10000 10000 4\n",
		    1000 + 60 * round);
		for (int i = 1; i <= 10000; i++)
			buf_printf(&b, "%d S 0 %d 5 1 1 p%d\n", i,
			    i + (i == 9000 ? 3000 * round : 0), i);
		assert_int_equal(with_text(&w, buf_text(&b)), 0);
		assert_in_range(w.out.state.n, 1, 80000);
	}
	assert_string_equal(with_row(&w, table(&w, "processes"), 0),
	    "9000|p9000||50.0|4096||1|1059");
	assert_int_equal(table(&w, "processes")->left_out, 9980);
	/* Those that were forgotten are not said to be busy. */
	assert_string_equal(table(&w, "processes")->rows[1][3], "0.0");
	buf_free(&b);
	with_end(&w);
}

static void foreign_output(void **state)
{
	struct with w = with("linux", "{}");

	(void)state;
	assert_int_equal(
	    with_text(&w, "bash: line 1: \033[1mcat\033[0m: not found\n"), -1);
	assert_string_equal(w.e.text, "not the output of the linux command: "
				      "'bash: line 1: cat: not found '");
	assert_int_equal(w.e.code, OUTCOME_PARSE);
	assert_int_equal(with_text(&w, ""), -1);
	assert_string_equal(
	    w.e.text, "not the output of the linux command: ''");
	with_end(&w);
}

static int utc(void **state)
{
	struct err e;

	(void)state;
	return clock_set_zone("UTC", &e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(debian),
	    cmocka_unit_test(debian_disks),
	    cmocka_unit_test(debian_tables),
	    cmocka_unit_test(since_the_last_run),
	    cmocka_unit_test(states_that_are_none),
	    cmocka_unit_test(alpine),
	    cmocka_unit_test(old_kernel),
	    cmocka_unit_test(container),
	    cmocka_unit_test(nasty_names),
	    cmocka_unit_test(shells),
	    cmocka_unit_test(this_machine),
	    cmocka_unit_test(root_is_quoted),
	    cmocka_unit_test(many_processes),
	    cmocka_unit_test(foreign_output),
	};

	return cmocka_run_group_tests(tests, utc, NULL);
}
