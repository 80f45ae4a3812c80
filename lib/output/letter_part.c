/* A block as a letter shows it. */
#include "output/letter_private.h"

#include <string.h>

static const struct {
	const char *mark, *words;
} states[] = {
    [PANEL_OK] = {"", ""},
    [PANEL_ALERT] = {"▲ ", ""},
    [PANEL_LATE] = {"", "◌ late: "},
    [PANEL_FAILED] = {"", "✕ failed: "},
    [PANEL_EMPTY] = {"", "○ "},
};

static bool given(const char *s)
{
	return s != NULL && s[0] != '\0';
}

const char *letter_cut(struct arena *a, const char *s, size_t max)
{
	size_t n = strlen(s);
	char *cut;

	if (n <= max && strchr(s, '\n') == NULL)
		return s;
	if (n <= max)
		cut = arena_strdup(a, s);
	else
		cut = arena_printf(
		    a, "%.*s…", (int)str_whole(s, max - strlen("…")), s);
	str_one_line(cut);
	return cut;
}

static const char *more(struct arena *a, size_t n, size_t shown)
{
	return n > shown ? arena_printf(a, "and %zu more", n - shown) : NULL;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* An empty grid of these columns of words. */
static struct grid *new_grid(
    struct arena *a, const char *const *names, size_t n, size_t rows)
{
	struct grid *g = arena_make(a, struct grid);

	g->columns = arena_array(a, n, sizeof(*g->columns));
	g->rows = arena_array(a, rows, sizeof(*g->rows));
	g->n_columns = n;
	for (size_t i = 0; i < n; i++)
		g->columns[i].name = names[i];
	return g;
}

static struct grid_cell *add_row(struct arena *a, struct grid *g)
{
	struct grid_cell *row = arena_array(a, g->n_columns, sizeof(*row));

	for (size_t i = 0; i < g->n_columns; i++)
		row[i].text = "";
	g->rows[g->n_rows++] = row;
	return row;
}

static void add_table(struct letter_part *p, const struct grid *g)
{
	size_t room = sizeof(p->tables) / sizeof(p->tables[0]);

	if (g != NULL && g->n_rows > 0 && p->n_tables < room)
		p->tables[p->n_tables++] = g;
}

/* "and 12 rows, 3 columns more", with what the table says itself. */
static const char *foot_of(
    struct arena *a, const struct grid *from, const struct grid *to)
{
	size_t rows = from->n_rows - to->n_rows;
	size_t columns = from->n_columns - to->n_columns;
	const char *text = "";

	if (rows > 0)
		text = arena_printf(a, "%zu rows", rows);
	if (columns > 0)
		text = arena_printf(
		    a, "%s%s%zu columns", text, rows > 0 ? ", " : "", columns);
	if (text[0] == '\0')
		return from->foot;
	return given(from->foot)
		   ? arena_printf(a, "%s more; %s", text, from->foot)
		   : arena_printf(a, "and %s more", text);
}

static const struct grid *bounded(struct arena *a, const struct grid *from)
{
	struct grid *g;
	struct grid_cell *row;

	if (from == NULL)
		return NULL;
	g = arena_make(a, struct grid);
	g->n_columns = least(from->n_columns, LETTER_COLUMNS);
	g->columns =
	    arena_copy(a, from->columns, g->n_columns * sizeof(*g->columns));
	g->rows = arena_array(a, LETTER_ROWS, sizeof(*g->rows));
	while (g->n_rows < least(from->n_rows, LETTER_ROWS)) {
		const struct grid_cell *cells = from->rows[g->n_rows];

		row = add_row(a, g);
		for (size_t c = 0; c < g->n_columns; c++) {
			row[c] = cells[c];
			row[c].text = letter_cut(a, cells[c].text, LETTER_CELL);
		}
	}
	for (size_t c = 0; c < g->n_columns; c++)
		g->columns[c].name =
		    letter_cut(a, g->columns[c].name, LETTER_CELL);
	g->foot = foot_of(a, from, g);
	return g;
}

/* What is wrong, or a tile's values in a few words: "cpu 9 %, memory 41 %". */
static const char *tile_words(struct arena *a, const struct tile *t)
{
	const char *text = t->text;

	for (size_t i = 0; t->text[0] == '\0' && i < t->n_figures; i++)
		if (!str_eq(t->figures[i].value, "–")) /* has none */
			text = arena_printf(a, "%s%s%s %s", text,
			    text[0] != '\0' ? ", " : "", t->figures[i].label,
			    t->figures[i].value);
	return letter_cut(a, text, 2 * LETTER_CELL);
}

static void add_tile(struct arena *a, struct grid *g, const struct tile *t)
{
	struct grid_cell *row = add_row(a, g);

	row[0].text = letter_cut(a, t->name, LETTER_CELL);
	row[1].text = arena_printf(a, "%s %s", t->mark, t->word);
	row[1].hot = t->state == PANEL_ALERT;
	row[1].strong = t->state != PANEL_OK;
	row[2].text = tile_words(a, t);
}

/* The smaller the sooner. */
static int rank(const struct tile *t)
{
	return t->state == PANEL_ALERT ? 0 : t->state != PANEL_OK ? 1 : 2;
}

static const struct grid *tiles(struct arena *a, const struct block *b)
{
	static const char *const names[] = {"source", "state", "values"};
	struct grid *g = new_grid(a, names, 3, LETTER_ROWS);

	for (int wanted = 0; wanted <= 2; wanted++)
		for (size_t i = 0; i < b->n_tile_groups; i++)
			for (size_t k = 0; k < b->tile_groups[i].n; k++) {
				const struct tile *t =
				    &b->tile_groups[i].tiles[k];

				if (rank(t) == wanted &&
				    g->n_rows < LETTER_ROWS)
					add_tile(a, g, t);
			}
	g->foot = more(a, b->n_tiles, g->n_rows);
	return g;
}

static const struct grid *alerts(struct arena *a, const struct block *b)
{
	static const char *const names[] = {"alert", "state", "what"};
	struct grid *g = new_grid(a, names, 3, LETTER_ROWS);
	struct grid_cell *row;

	while (g->n_rows < least(b->n_alerts, LETTER_ROWS)) {
		const struct alert_row *r = &b->alerts[g->n_rows];

		row = add_row(a, g);
		row[0].text = letter_cut(a, r->name, LETTER_CELL);
		row[1].text = arena_printf(a, "%s %s", r->mark, r->word);
		row[1].hot = str_eq(r->look, "firing");
		row[2].text = letter_cut(a, r->text, 2 * LETTER_CELL);
	}
	g->foot = more(a, b->n_alerts, g->n_rows);
	if (g->foot == NULL)
		g->foot = b->alerts_left_out;
	return g;
}

/* The newest lines. */
static void take_log(
    struct arena *a, const struct block *b, struct letter_part *p)
{
	size_t n = least(b->n_log, LETTER_LINES), left = b->n_log - n;
	struct log_row *rows =
	    arena_copy(a, b->log + left, n * sizeof(*b->log));

	for (size_t i = 0; i < n; i++)
		rows[i].text = letter_cut(a, rows[i].text, LETTER_LINE);
	p->log = rows;
	p->n_log = n;
	p->log_left_out = b->log_left_out;
	if (left > 0)
		p->log_left_out = arena_printf(a, "%zu lines before these%s%s",
		    left, b->log_left_out != NULL ? "; " : "",
		    b->log_left_out != NULL ? b->log_left_out : "");
}

static void take_words(
    struct arena *a, const struct block *b, struct letter_part *p)
{
	const struct strings *answers =
	    b->forecast != NULL ? &b->forecast->answers : NULL;

	for (size_t i = 0; answers != NULL && i < answers->n; i++)
		if (p->paragraphs.n < LETTER_ROWS)
			strings_add(a, &p->paragraphs,
			    letter_cut(a, answers->items[i], LETTER_WORDS));
	for (size_t i = 0; i < b->paragraphs.n; i++)
		if (p->paragraphs.n < LETTER_ROWS)
			strings_add(a, &p->paragraphs,
			    letter_cut(
				a, b->paragraphs.items[i], LETTER_WORDS));
}

static void take_title(
    struct arena *a, const struct block *b, struct letter_part *p)
{
	bool joined = b->state == PANEL_ALERT && given(b->message);

	p->title = arena_printf(a, "%s%s%s%s", states[b->state].mark, b->title,
	    joined ? ": " : "", joined ? b->message : "");
	p->title = letter_cut(a, p->title, LETTER_WORDS);
	if (given(b->note))
		p->note = letter_cut(a, b->note, LETTER_CELL);
	if (given(b->message) && !joined)
		p->remark = letter_cut(a,
		    arena_printf(a, "%s%s", states[b->state].words, b->message),
		    LETTER_WORDS);
	p->alt = letter_cut(a, given(b->alt) ? b->alt : b->title, LETTER_WORDS);
}

void letter_part(struct arena *a, const struct block *b, struct letter_part *p)
{
	*p = (struct letter_part){
	    .section = str_eq(b->kind, "section"),
	    .state = b->state,
	    .figures = b->figures,
	    .n_figures = least(b->n_figures, LETTER_ROWS),
	    .figures_left_out = more(a, b->n_figures, LETTER_ROWS),
	    .legend = b->legend,
	    .n_legend = least(b->n_legend, LETTER_ROWS),
	    .legend_left_out = more(a, b->n_legend, LETTER_ROWS),
	};
	take_title(a, b, p);
	if (b->n_tile_groups > 0)
		add_table(p, tiles(a, b));
	if (b->n_alerts > 0)
		add_table(p, alerts(a, b));
	add_table(p, bounded(a, b->grid));
	if (b->n_log > 0)
		take_log(a, b, p);
	take_words(a, b, p);
}
