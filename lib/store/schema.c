#include "store/convert.h"

/*
 * The layouts, in steps. A step that was released is never edited: a change
 * is a new step at the end, and a fixture of the layout before it in
 * tests/fixtures/store.
 *
 * Outcomes are kept as words, so that the order in model/outcome.h may
 * change. Times are epoch seconds.
 */
static const char layout_1[] =
    /* One that was ever asked; spell: its current one. */
    "CREATE TABLE source ("
    "	id INTEGER PRIMARY KEY,"
    "	name TEXT NOT NULL UNIQUE,"
    "	every INTEGER NOT NULL,"
    "	tried INTEGER NOT NULL,"
    "	last_ok INTEGER NOT NULL,"
    "	failures INTEGER NOT NULL,"
    "	spell INTEGER NOT NULL,"
    "	similar INTEGER NOT NULL);"

    /* What it wants back at its next run. */
    "CREATE TABLE memory ("
    "	source INTEGER PRIMARY KEY,"
    "	fetch BLOB NOT NULL,"
    "	decode BLOB NOT NULL);"

    /* The ledger: a row lasts as long as outcome and message. */
    "CREATE TABLE spell ("
    "	id INTEGER PRIMARY KEY,"
    "	source INTEGER NOT NULL,"
    "	outcome TEXT NOT NULL,"
    "	message TEXT NOT NULL,"
    "	hint TEXT NOT NULL,"
    "	since INTEGER NOT NULL,"
    "	until INTEGER NOT NULL,"
    "	ms REAL NOT NULL,"
    "	bytes INTEGER NOT NULL);"
    "CREATE INDEX spell_since ON spell (since);"
    "CREATE INDEX spell_trouble ON spell (until) WHERE outcome <> 'ok';"

    /* ms is NULL until it ended; an overlap is a run that was refused. */
    "CREATE TABLE run ("
    "	id INTEGER PRIMARY KEY,"
    "	kind TEXT NOT NULL CHECK (kind IN ('run', 'overlap')),"
    "	begun INTEGER NOT NULL,"
    "	ms REAL);"

    /* span: see samples.c; it stays what it was when the series was made. */
    "CREATE TABLE series ("
    "	id INTEGER PRIMARY KEY,"
    "	source INTEGER NOT NULL,"
    "	metric TEXT NOT NULL,"
    "	unit TEXT NOT NULL,"
    "	span INTEGER NOT NULL,"
    "	created INTEGER NOT NULL,"
    "	UNIQUE (source, metric));"

    "CREATE TABLE sample ("
    "	cell INTEGER NOT NULL,"
    "	series INTEGER NOT NULL,"
    "	ts INTEGER NOT NULL,"
    "	value REAL NOT NULL,"
    "	PRIMARY KEY (cell, series, ts)) WITHOUT ROWID;"

    /* The newest sample; of a counter the last two raw values as well. */
    "CREATE TABLE latest ("
    "	series INTEGER PRIMARY KEY,"
    "	ts INTEGER,"
    "	value REAL,"
    "	raw_ts INTEGER,"
    "	raw REAL,"
    "	before_ts INTEGER,"
    "	before REAL);"

    "CREATE TABLE record ("
    "	id INTEGER PRIMARY KEY,"
    "	source INTEGER NOT NULL,"
    "	key TEXT NOT NULL,"
    "	ts INTEGER NOT NULL,"
    "	fields TEXT NOT NULL,"
    "	UNIQUE (source, key));"

    /* A table as it was from ts until until; content: see tableblob.c. */
    "CREATE TABLE snapshot ("
    "	id INTEGER PRIMARY KEY,"
    "	source INTEGER NOT NULL,"
    "	name TEXT NOT NULL,"
    "	ts INTEGER NOT NULL,"
    "	until INTEGER NOT NULL,"
    "	content BLOB NOT NULL,"
    "	UNIQUE (source, name, ts));"
    "CREATE INDEX snapshot_until ON snapshot (until);"

    "CREATE TABLE line ("
    "	id INTEGER PRIMARY KEY,"
    "	source INTEGER NOT NULL,"
    "	ts INTEGER NOT NULL,"
    "	text TEXT NOT NULL);"
    "CREATE INDEX line_ts ON line (source, ts);"

    /* Lines that were counted and not kept. */
    "CREATE TABLE line_gap ("
    "	ts INTEGER NOT NULL,"
    "	source INTEGER NOT NULL,"
    "	n INTEGER NOT NULL,"
    "	PRIMARY KEY (ts, source)) WITHOUT ROWID;";

/* Samples as hot rows, chunks and rollups: cohort.h, chunk.h. */
static const char layout_2[] =
    "CREATE TABLE cohort ("
    "	id INTEGER PRIMARY KEY,"
    "	source INTEGER NOT NULL,"
    "	lane INTEGER NOT NULL,"
    "	hot_from INTEGER NOT NULL,"
    "	rolled INTEGER NOT NULL,"
    "	kinds INTEGER NOT NULL);"
    "CREATE INDEX cohort_source ON cohort (source);"

    "CREATE TABLE hot ("
    "	lane INTEGER NOT NULL,"
    "	at INTEGER NOT NULL,"
    "	cohort INTEGER NOT NULL,"
    "	data BLOB NOT NULL,"
    "	PRIMARY KEY (lane, at, cohort)) WITHOUT ROWID;"

    "CREATE TABLE chunk ("
    "	id INTEGER PRIMARY KEY,"
    "	data BLOB NOT NULL);"

    /* Until when chunks of a kind were removed. */
    "CREATE TABLE pruned ("
    "	kind INTEGER PRIMARY KEY,"
    "	until INTEGER NOT NULL);"

    /* Of counters the last two raw values: see roster.c. */
    "CREATE TABLE counter ("
    "	cohort INTEGER PRIMARY KEY,"
    "	data BLOB NOT NULL);"

    /* id: cohort × 64 + slot; ts, value: the newest that is in a chunk. */
    "ALTER TABLE series RENAME TO old_series;"
    "CREATE TABLE series ("
    "	id INTEGER PRIMARY KEY,"
    "	source INTEGER NOT NULL,"
    "	metric TEXT NOT NULL,"
    "	unit TEXT NOT NULL,"
    "	created INTEGER NOT NULL,"
    "	ts INTEGER,"
    "	value REAL,"
    "	UNIQUE (source, metric));";

static const char layout_2_after[] =
    "DROP TABLE sample; DROP TABLE latest; DROP TABLE old_series;";

/*
 * Records have a past: since is the run that first found one so, seen the last
 * one; what it was before, from since until it was replaced.
 */
static const char layout_3[] =
    "ALTER TABLE record ADD COLUMN since INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE record ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;"
    "UPDATE record SET since = ts, seen = ts;"
    "CREATE TABLE record_past ("
    "	id INTEGER PRIMARY KEY,"
    "	record INTEGER NOT NULL,"
    "	since INTEGER NOT NULL,"
    "	until INTEGER NOT NULL,"
    "	ts INTEGER NOT NULL,"
    "	seen INTEGER NOT NULL,"
    "	fields TEXT NOT NULL);"
    "CREATE INDEX record_past_record ON record_past (record, until);"
    "CREATE INDEX record_past_until ON record_past (until);";

/* Seals; what was found damaged: damage.h. */
static const char layout_4[] = "ALTER TABLE chunk RENAME TO old_chunk;"
			       "CREATE TABLE chunk ("
			       "	id INTEGER PRIMARY KEY,"
			       "	data BLOB NOT NULL);"

			       "CREATE TABLE damage ("
			       "	id INTEGER PRIMARY KEY,"
			       "	what TEXT NOT NULL,"
			       "	since INTEGER NOT NULL,"
			       "	until INTEGER NOT NULL,"
			       "	found INTEGER NOT NULL);";

static const char layout_4_after[] = "DROP TABLE old_chunk;";

/* Alerts: a row from the first value past the level on; see alerts.c. */
static const char layout_5[] =
    "CREATE TABLE alert ("
    "	id INTEGER PRIMARY KEY,"
    "	rule TEXT NOT NULL,"
    "	series TEXT NOT NULL,"
    "	source TEXT NOT NULL,"
    "	unit TEXT NOT NULL,"
    "	message TEXT NOT NULL,"
    "	severity TEXT NOT NULL,"
    "	test TEXT NOT NULL,"
    "	low REAL,"
    "	high REAL,"
    "	since INTEGER NOT NULL,"
    "	fired INTEGER," /* NULL: has not */
    "	ended INTEGER," /* NULL: goes on */
    "	first REAL,"
    "	value REAL,"
    "	peak REAL,"
    "	seen INTEGER NOT NULL,"
    "	clear INTEGER NOT NULL);"
    "CREATE INDEX alert_ended ON alert (ended);"

    /* One row: the run until which all was judged. */
    "CREATE TABLE judged ("
    "	id INTEGER PRIMARY KEY CHECK (id = 1),"
    "	until INTEGER NOT NULL);";

/* Lines and tables of hours that are over: pack.h. */
static const char layout_6[] = "CREATE TABLE pack ("
			       "	id INTEGER PRIMARY KEY,"
			       "	kind INTEGER NOT NULL,"
			       "	source INTEGER NOT NULL,"
			       "	name TEXT NOT NULL,"
			       "	closed INTEGER NOT NULL,"
			       "	first INTEGER NOT NULL,"
			       "	last INTEGER NOT NULL,"
			       "	n INTEGER NOT NULL,"
			       "	data BLOB NOT NULL);"
			       "CREATE INDEX pack_key ON pack"
			       " (kind, source, name, last, first, closed, n);"
			       "CREATE INDEX pack_last ON pack (kind, last);";

/* The first sample that came for a day that was closed; 0: there is none. */
static const char layout_7[] =
    "ALTER TABLE cohort ADD COLUMN oldest INTEGER NOT NULL DEFAULT 0;";

/* What sources have kept at once: vault.c. */
static const char layout_8[] = "CREATE TABLE vault ("
			       "	name TEXT PRIMARY KEY,"
			       "	data BLOB NOT NULL) WITHOUT ROWID;";

/* Tiles of maps: tiles.c. */
static const char layout_9[] = "CREATE TABLE tile ("
			       "	url TEXT PRIMARY KEY,"
			       "	png BLOB NOT NULL,"
			       "	memory BLOB NOT NULL,"
			       "	expires INTEGER NOT NULL,"
			       "	used INTEGER NOT NULL) WITHOUT ROWID;"
			       "CREATE INDEX tile_used ON tile (used);";

/* Records that are listed no more stay for a while: gone is since when. */
static const char layout_10[] =
    "ALTER TABLE record ADD COLUMN gone INTEGER;"
    "CREATE INDEX record_gone ON record (gone) WHERE gone IS NOT NULL;";

/*
 * Who is told of alerts: dispatch.c. A column of dispatch_item for each of
 * alert, so that both are read alike.
 */
static const char layout_11[] =
    "ALTER TABLE alert ADD COLUMN acked INTEGER;"
    "ALTER TABLE alert ADD COLUMN ack_until INTEGER;"
    "ALTER TABLE alert ADD COLUMN note TEXT;"

    "CREATE TABLE told ("
    "	channel TEXT NOT NULL,"
    "	rule TEXT NOT NULL,"
    "	series TEXT NOT NULL,"
    "	key TEXT NOT NULL DEFAULT (lower(hex(randomblob(16)))),"
    "	fired INTEGER NOT NULL," /* the alert that was told of */
    "	last INTEGER NOT NULL,"
    "	open INTEGER NOT NULL,"
    "	PRIMARY KEY (channel, rule, series)) WITHOUT ROWID;"

    "CREATE TABLE dispatch ("
    "	id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "	uid TEXT NOT NULL DEFAULT (lower(hex(randomblob(16)))),"
    "	channel TEXT NOT NULL,"
    "	recipient TEXT NOT NULL,"
    "	made INTEGER NOT NULL,"
    "	left_out INTEGER NOT NULL,"
    "	tries INTEGER NOT NULL DEFAULT 0,"
    "	next INTEGER NOT NULL," /* not to be tried before */
    "	ended INTEGER);"	/* NULL: waits */
    "CREATE INDEX dispatch_waiting ON dispatch (channel, recipient, id)"
    " WHERE ended IS NULL;"
    "CREATE INDEX dispatch_ended ON dispatch (ended)"
    " WHERE ended IS NOT NULL;"

    "CREATE TABLE dispatch_item ("
    "	dispatch INTEGER NOT NULL,"
    "	n INTEGER NOT NULL,"
    "	event TEXT NOT NULL,"
    "	key TEXT NOT NULL,"
    "	rule TEXT NOT NULL,"
    "	series TEXT NOT NULL,"
    "	source TEXT NOT NULL,"
    "	unit TEXT NOT NULL,"
    "	message TEXT NOT NULL,"
    "	severity TEXT NOT NULL,"
    "	test TEXT NOT NULL,"
    "	low REAL,"
    "	high REAL,"
    "	since INTEGER NOT NULL,"
    "	fired INTEGER,"
    "	ended INTEGER,"
    "	first REAL,"
    "	value REAL,"
    "	peak REAL,"
    "	seen INTEGER NOT NULL,"
    "	clear INTEGER NOT NULL,"
    "	acked INTEGER,"
    "	ack_until INTEGER,"
    "	note TEXT,"
    "	PRIMARY KEY (dispatch, n)) WITHOUT ROWID;"

    "CREATE TABLE recipient ("
    "	channel TEXT NOT NULL,"
    "	recipient TEXT NOT NULL,"
    "	sent INTEGER NOT NULL DEFAULT 0,"
    "	failing INTEGER NOT NULL DEFAULT 0,"
    "	message TEXT NOT NULL DEFAULT '',"
    "	lost INTEGER NOT NULL DEFAULT 0,"
    "	PRIMARY KEY (channel, recipient)) WITHOUT ROWID;";

/*
 * A table of chunks for each kind, by batch, series, and which of the n of the
 * batch: see chunk.c. The old ids are kind, span and series.
 */
#define OLD_SPAN "(id >> 32 & (1 << 27) - 1)"
#define CHUNKS_FROM(name, kind, n)                                             \
	"INSERT INTO " name " SELECT (" OLD_SPAN " / " n " << 34)"             \
	" + ((id & (1 << 32) - 1) << 2) + " OLD_SPAN " % " n ", data"          \
	" FROM chunk WHERE id >> 60 = " kind " ORDER BY 1;"

static const char layout_12[] = CHUNK_TABLES /**/
    CHUNKS_FROM("chunk_hour", "0", "1")	     /**/
    CHUNKS_FROM("chunk_raw", "1", "4")	     /**/
    CHUNKS_FROM("chunk_sparse", "2", "1")    /**/
    CHUNKS_FROM("chunk_m5", "3", "1")	     /**/
    CHUNKS_FROM("chunk_h1", "4", "1")	     /**/
    CHUNKS_FROM("chunk_d1", "5", "1") "DROP TABLE chunk;";

/* Snapshots that alerts took: when it was tried last, and what came of it. */
static const char layout_13[] =
    "ALTER TABLE alert ADD COLUMN snapped INTEGER;"
    "ALTER TABLE alert ADD COLUMN snapshot TEXT;"
    "CREATE INDEX alert_snapshot ON alert (rule, series)"
    " WHERE snapshot IS NOT NULL;";

/* Reports wait as dispatches do: reports.c. Of alerts span_to is NULL. */
static const char layout_14[] =
    "CREATE TABLE report ("
    "	name TEXT PRIMARY KEY,"
    "	until INTEGER NOT NULL) WITHOUT ROWID;" /* the end of its last period */
    "ALTER TABLE dispatch ADD COLUMN span_from INTEGER;"
    "ALTER TABLE dispatch ADD COLUMN span_to INTEGER;"
    "ALTER TABLE dispatch ADD COLUMN missed INTEGER;";

const struct step store_steps[] = {
    {layout_1, NULL, NULL},
    {layout_2, convert_samples, layout_2_after},
    {layout_3, NULL, NULL},
    {layout_4, convert_seals, layout_4_after},
    {layout_5, NULL, NULL},
    {layout_6, NULL, NULL},
    {layout_7, NULL, NULL},
    {layout_8, NULL, NULL},
    {layout_9, NULL, NULL},
    {layout_10, NULL, NULL},
    {layout_11, NULL, NULL},
    {layout_12, NULL, NULL},
    {layout_13, NULL, NULL},
    {layout_14, NULL, NULL},
};
const size_t store_n_steps = sizeof(store_steps) / sizeof(store_steps[0]);
