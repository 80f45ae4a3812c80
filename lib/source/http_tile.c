/*
 * Tiles of a map: a kind that no configuration names. What many people share
 * is asked for politely: by name and version, two at once, and only for what
 * has changed.
 */
#include "source/tile.h"

#include <signal.h>

#include "source/http.h"

#define AT_ONCE 2

static const struct option options[] = {{0}};

void *tile_conf(struct arena *a, const char *url)
{
	struct http_conf *conf = arena_make(a, struct http_conf);

	conf->http = url;
	conf->conditional = true;
	return conf;
}

static const char *endpoint(const void *conf, struct arena *a)
{
	(void)conf, (void)a;
	return "tiles";
}

static void fetch(struct fetch *jobs, size_t n, const struct fetch_sink *sink)
{
	for (size_t i = 0; i < n; i++)
		jobs[i].name = "map tiles"; /* in the User-Agent */
	signal(SIGPIPE, SIG_IGN);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	http_multi(jobs, n, AT_ONCE, sink);
	curl_global_cleanup();
}

const struct source_kind source_tile = {
    .name = "tile",
    .help = "tiles of a map",
    .options = options,
    .conf_size = sizeof(struct http_conf),
    .batch = TILES_A_RUN,
    .endpoint = endpoint,
    .fetch = fetch,
};
