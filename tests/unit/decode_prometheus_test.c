#include "decode_dump.h"

#include "model/outcome.h"

static void fails(const char *body, const char *text)
{
	struct with w = with("prometheus", "{}");

	assert_int_equal(with_text(&w, body), -1);
	assert_string_equal(w.e.text, text);
	assert_int_equal(w.e.code, OUTCOME_PARSE);
	with_end(&w);
}

static void gives(const char *body, const char *samples)
{
	struct with w = with("prometheus", "{}");

	if (with_text(&w, body) != 0)
		fail_msg("%s", w.e.text);
	assert_string_equal(dump_samples(&w), samples);
	assert_string_equal(dump_warnings(&w), "");
	with_end(&w);
}

static void fixture(const char *yaml, const char *name, const char *samples)
{
	struct with w = with("prometheus", yaml);

	assert_null(w.fault);
	if (with_fixture(&w, name) != 0)
		fail_msg("%s", w.e.text);
	assert_string_equal(dump_samples(&w), samples);
	assert_string_equal(dump_warnings(&w), "");
	with_end(&w);
}

static void node_exporter(void **state)
{
	(void)state;
	fixture("{}", "prometheus/node_exporter.txt",
	    "go_gc_duration_seconds{quantile=\"0\"} = "
	    "2.3791e-05 seconds\n"
	    "go_gc_duration_seconds{quantile=\"0.5\"} = "
	    "4.1234e-05 seconds\n"
	    "go_gc_duration_seconds_sum = 1.25 seconds counter\n"
	    "go_gc_duration_seconds_count = 31337 counter\n"
	    "go_info{version=\"go1.21.4\"} = 1\n"
	    "node_boot_time_seconds = 1795250000\n"
	    "node_cpu_seconds_total{cpu=\"0\",mode=\"idle\"} = "
	    "18442.38 seconds counter\n"
	    "node_cpu_seconds_total{cpu=\"0\",mode=\"user\"} = "
	    "391.02 seconds counter\n"
	    "node_cpu_seconds_total{cpu=\"1\",mode=\"idle\"} = "
	    "18401.77 seconds counter\n"
	    "node_disk_read_bytes_total{device=\"sda\"} = "
	    "1073741824 bytes counter\n"
	    "node_filesystem_avail_bytes{device=\"/dev/sda1\","
	    "fstype=\"ext4\",mountpoint=\"/\"} = 42949672960 bytes\n"
	    "node_filesystem_avail_bytes{device=\"C:\\\\data\","
	    "fstype=\"ntfs\",mountpoint=\"/mnt/\\\"old\\\"\\ndisk\"} = "
	    "1024 bytes\n"
	    "node_hwmon_temp_celsius{chip=\"coretemp\",sensor=\"temp1\"} = "
	    "48.5 °C\n"
	    "node_load1 = 0.21\n"
	    "node_netstat_Icmp_InErrors = 0\n");
}

#define REQUEST "method=\"GET\",status=\"200\",uri=\"/api/orders/{id}\""

static void actuator(void **state)
{
	static const char buckets[] =
	    "http_server_requests_seconds_bucket{le=\"0.005\"," REQUEST
	    "} = 12 counter\n"
	    "http_server_requests_seconds_bucket{le=\"+Inf\"," REQUEST
	    "} = 40 counter\n";
	static const char rest[] =
	    "http_server_requests_seconds_count{" REQUEST "} = 40 counter\n"
	    "http_server_requests_seconds_sum{" REQUEST
	    "} = 3.25 seconds counter\n"
	    "http_server_requests_seconds_max{" REQUEST "} = 0.75\n"
	    "jvm_memory_used_bytes{area=\"heap\",id=\"G1 Eden Space\"} = "
	    "25165824 bytes\n"
	    "jvm_memory_used_bytes{area=\"nonheap\",id=\"Metaspace\"} = "
	    "98765432 bytes\n"
	    "jvm_memory_max_bytes{area=\"heap\",id=\"G1 Eden Space\"} = "
	    "-1 bytes\n"
	    "process_start_time_seconds = 1795301234.567\n";
	struct arena *a = arena_new();

	(void)state;
	fixture("{}", "prometheus/actuator.txt", rest);
	fixture("{buckets: yes}", "prometheus/actuator.txt",
	    arena_printf(a, "%s%s", buckets, rest));
	arena_free(a);
}

static void others(void **state)
{
	(void)state;
	fixture("{}", "prometheus/nginx.txt",
	    "nginx_connections_active = 3\n"
	    "nginx_http_requests_total = 10453 counter @1795317180\n"
	    "nginx_up = 1\n"
	    "nginx_untold_total = 5 counter\n");
	fixture("{}", "prometheus/openmetrics.txt",
	    "http_requests_total{path=\"/\"} = 17 requests counter "
	    "@1795317180\n"
	    "room_temperature_celsius = 21.5 °C\n"
	    "build_info{version=\"1.2\"} = 1\n");
}

static void syntax(void **state)
{
	(void)state;
	gives("a 1", "a = 1\n");
	gives("\xef\xbb\xbf\n  a:b_9\t{ x = \"1\" , y=\"\" , }  2  \r\n\n",
	    "a:b_9{x=\"1\",y=\"\"} = 2\n");
	gives("a{}1 -1500\n", "a = 1 @-2\n");
	gives("#\n# \n# HELP\n# TYPE\n# TYPE a\n#TYPE a counter\n"
	      "# TYPE b counter extra\na 1\n",
	    "a = 1\n");
	gives("a NaN\nb +Inf\nc -Inf\nd nan\n# EOF\n", "");
	gives("a{x=\"}\",y=\"#\",z=\"\\\\n\\t\"} 1 # not an exemplar",
	    "a{x=\"}\",y=\"#\",z=\"\\\\n\\\\t\"} = 1\n");
	gives("# TYPE a gauge\na 1\na_total 2\na_sum 3\na_created 4\n",
	    "a = 1\na_total = 2 counter\na_sum = 3\na_created = 4\n");
	gives("# TYPE a_total counter\na_total 1\n# TYPE x stateset\nx 1\n"
	      "# TYPE y_total untyped\ny_total 1\n",
	    "a_total = 1 counter\nx = 1\ny_total = 1 counter\n");
	gives("a_bucket{le=\"1\"} 1\nb_bucket 2\n", "b_bucket = 2\n");
	gives("disk_used_ratio 0.5\nhumidity_percent 40\n",
	    "disk_used_ratio = 0.5 ratio\nhumidity_percent = 40 percent\n");
}

static void malformed(void **state)
{
	(void)state;
	fails("a 1\n\n9b 2\n", "line 3: not the name of a metric: '9b 2'");
	fails("a", "line 1: no value: 'a'");
	fails("a{x=\"1\"}", "line 1: no value: 'a{x=\"1\"}'");
	fails("a b", "line 1: a value that is not a number: 'a b'");
	fails("a 1 b", "line 1: a time that is not a number: 'a 1 b'");
	fails("a 1 1e30", "line 1: a time that is out of range: 'a 1 1e30'");
	fails("a 1 2 3", "line 1: text behind the value: 'a 1 2 3'");
	fails("a{x} 1", "line 1: a label without a value: 'a{x} 1'");
	fails("a{x=1} 1", "line 1: a label's value without quotes: 'a{x=1} 1'");
	fails("a{x=\"1} 1\n",
	    "line 1: a label's value without its end: 'a{x=\"1} 1'");
	fails("a{x=\"1\" 1\n", "line 1: labels without their end: 'a{x=\"1\" "
			       "1'");
	fails(
	    "a{-=\"1\"} 1", "line 1: not the name of a label: 'a{-=\"1\"} 1'");
	fails("a{x=\"1\",x=\"2\"} 1",
	    "line 1: a label that is given twice: 'a{x=\"1\",x=\"2\"} 1'");
	fails("# TYPE a counter\na 1\nb{le=\"0.5\"} 12\nc{le=\"0.",
	    "line 4: a label's value without its end: 'c{le=\"0.'");
	fails("{\"status\":\"UP\"}",
	    "line 1: not the name of a metric: '{\"status\":\"UP\"}'");
}

static void not_metrics(void **state)
{
	struct with w = with("prometheus", "{}");

	(void)state;
	fails("", "empty, instead of metrics");
	assert_int_equal(with_text(&w, "<html><head>"), -1);
	assert_string_equal(w.e.text, "a web page instead of metrics "
				      "(it begins with '<html><head>')");
	assert_string_equal(w.e.hint, "they are often at /metrics");
	with_end(&w);
}

static void hostile_bytes(void **state)
{
	struct with w = with("prometheus", "{}");

	(void)state;
	assert_int_equal(with_bytes(&w, "a{x=\"\0\"} 1", 11), -1);
	assert_string_equal(w.e.text, "line 1: a NUL byte: 'a{x=\"'");
	gives("a{x=\"\x1b]0;t\",y=\"\xff\x01\"} 1\n",
	    "a{x=\"\",y=\"\xef\xbf\xbd\xef\xbf\xbd\"} = 1\n");
	assert_int_equal(with_text(&w, "\x1b[31mred 1"), -1);
	assert_string_equal(
	    w.e.text, "line 1: not the name of a metric: 'red 1'");
	with_end(&w);
}

static void bounds(void **state)
{
	struct with w = with("prometheus", "{}");
	char *text = repeat(&w, "0123456789", 1024 * 1024);

	(void)state;
	assert_int_equal(
	    with_text(&w, arena_printf(w.arena, "a{x=\"%s\"} 1\nb 2\n", text)),
	    0);
	assert_string_equal(dump_samples(&w), "b = 2\n");
	assert_string_equal(dump_warnings(&w),
	    "line 1: a with its labels is longer than 512 bytes\n");
	assert_int_equal(
	    with_text(&w, arena_printf(w.arena, "a %s\n", text)), -1);
	assert_string_equal(w.e.text,
	    arena_printf(w.arena,
		"line 1: a value that is not a number: 'a %.78s...'", text));
	text = arena_strdup(w.arena, "");
	for (int i = 0; i < 65; i++)
		text = arena_printf(w.arena, "%sl%d=\"\",", text, i);
	assert_int_equal(
	    with_text(&w, arena_printf(w.arena, "a{%s} 1\n", text)), -1);
	assert_non_null(strstr(w.e.text, "line 1: more than 64 labels: "));
	assert_int_equal(
	    with_text(&w, repeat(&w, "a 1\n", READINGS_MAX + 1)), -1);
	assert_string_equal(w.e.text, "more than 200000 samples");
	assert_int_equal(w.e.code, OUTCOME_TOO_LARGE);
	with_end(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(node_exporter),
	    cmocka_unit_test(actuator),
	    cmocka_unit_test(others),
	    cmocka_unit_test(syntax),
	    cmocka_unit_test(malformed),
	    cmocka_unit_test(not_metrics),
	    cmocka_unit_test(hostile_bytes),
	    cmocka_unit_test(bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
