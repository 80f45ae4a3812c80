#include "run/views.h"
#include "base/clock.h"

#include <string.h>
#include <time.h>

#define ROWS_MAX   10000
#define BYTES_MAX  ((size_t)1024 * 1024)
#define CHOICE_MAX 200 /* bytes */

struct maker {
	const struct plan_page *page;
	int64_t first, now;
	struct view_files *files;
	struct arena *arena;
	struct views *out;
	struct view *spans; /* without choices; file: what is behind the name */
	size_t n, cap;
};

const char *views_period_words(struct arena *a, const char *name)
{
	static const struct {
		const char *suffix, *one, *many;
	} units[] = {
	    {"mo", "month", "months"},
	    {"m", "minute", "minutes"},
	    {"h", "hour", "hours"},
	    {"d", "day", "days"},
	    {"w", "week", "weeks"},
	    {"y", "year", "years"},
	};
	size_t digits = strspn(name, "0123456789");
	bool one = digits == 1 && name[0] == '1';

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (str_eq(name + digits, units[i].suffix))
			return arena_printf(a, "%.*s %s", (int)digits, name,
			    one ? units[i].one : units[i].many);
	return name;
}

static void add_span(struct maker *m, struct view v)
{
	v.span = m->n;
	*arena_push(m->arena, &m->spans, &m->n, &m->cap) = v;
}

/* A month, or with n 12 a year; m is its number since the year 0. */
static int64_t month_begin(int month)
{
	struct tm tm = {
	    .tm_year = month / 12 - 1900, .tm_mon = month % 12, .tm_mday = 1};

	return clock_instant(tm);
}

/* From the current year or month back to that of the oldest data. */
static void add_calendar(struct maker *m, int months, size_t max)
{
	struct tm tm = clock_local(m->now);
	int at = (tm.tm_year + 1900) * 12 + tm.tm_mon;
	bool years = months == 12;

	at -= at % months;
	for (size_t i = 0; i < max; i++, at -= months) {
		int64_t from = month_begin(at), end = month_begin(at + months);
		int64_t to = end <= m->now ? end - 1 : m->now;

		if (i > 0 && end <= m->first)
			break;
		add_span(m, (struct view){
				.file = clock_format(
				    m->arena, years ? "%Y" : "%Y-%m", from),
				.words = clock_format(
				    m->arena, years ? "%Y" : "%B %Y", from),
				.period = (double)(to > from ? to - from : 1),
				.to = to,
				.past = end <= m->now,
				.calendar = true,
			    });
	}
}

static void find_spans(struct maker *m)
{
	const struct plan_page *p = m->page;

	for (size_t i = 0; i < p->n_periods; i++) {
		if (p->spans[i] == SPAN_YEARS)
			add_calendar(m, 12, VIEWS_YEARS);
		else if (p->spans[i] == SPAN_MONTHS)
			add_calendar(m, 1, VIEWS_MONTHS);
		else
			add_span(
			    m, (struct view){
				   .file = p->period_names[i],
				   .words = p->spans[i] == SPAN_ALL
						? "All"
						: views_period_words(m->arena,
						      p->period_names[i]),
				   .period = p->periods[i],
				   .to = m->now,
			       });
	}
}

/* index.html, index-2025.html, index-deadlift.html, index-2025-deadlift… */
static const char *file_of(
    struct maker *m, const struct view *span, const char *choice, bool first)
{
	struct arena *a = m->arena;
	const char *name = m->page->name, *file;

	if (span->span > 0)
		name = arena_printf(a, "%s-%s", name, span->file);
	if (!first)
		name = arena_printf(a, "%s-%s", name, str_slug(a, choice));
	file = arena_printf(a, "%s.html", name);
	/* those of the plan are the page's own; choices may be any words */
	if (first && (span->span == 0 || !span->calendar))
		return file;
	for (int i = 2; !names_add(a, &m->files->known, file, 0); i++)
		file = arena_printf(a, "%s-%d.html", name, i);
	return file;
}

static void add_views(struct maker *m)
{
	struct views *out = m->out;
	size_t n = out->n_choices > 0 ? out->n_choices : 1;

	for (size_t i = 0; i < m->n; i++) {
		for (size_t k = 0; k < n; k++) {
			struct view v = m->spans[i];

			v.choice = out->n_choices > 0 ? out->choices[k] : NULL;
			v.choose = m->page->choose.name;
			v.file = file_of(m, &m->spans[i], v.choice, k == 0);
			*arena_push(m->arena, &out->items, &out->n, &out->cap) =
			    v;
		}
	}
}

/* Each once, one line each, as many as pages are made for. */
static void take_choices(struct maker *m, const struct strings *words)
{
	struct views *out = m->out;
	struct names seen = {0};
	size_t more = 0;

	out->choices =
	    arena_array(m->arena, VIEWS_CHOICES, sizeof(*out->choices));
	for (size_t i = 0; i < words->n; i++) {
		const char *word = words->items[i];

		if (word[0] == '\0' || strlen(word) > CHOICE_MAX ||
		    !names_add(m->arena, &seen, word, i))
			continue;
		if (out->n_choices < VIEWS_CHOICES)
			out->choices[out->n_choices++] = word;
		else
			more++;
	}
	if (more > 0)
		out->note = arena_printf(m->arena, "and %zu more", more);
	else if (out->n_choices == 0)
		out->note = "nothing to choose from yet";
}

static void ask_choices(struct query *q, struct maker *m)
{
	const struct store_question question = {
	    .sql = m->page->choose.query,
	    .to = m->now,
	    .max_rows = ROWS_MAX,
	    .max_bytes = BYTES_MAX,
	};
	struct strings words = {0};
	struct answer *answer;
	struct err e = {0};

	if (query_ask(q, &question, m->arena, &answer, &e) != 0) {
		m->out->note = arena_strdup(m->arena, e.text);
		return;
	}
	for (size_t i = 0; i < answer->n_rows; i++)
		if (answer->rows[i][0].type != ANSWER_NULL)
			strings_add(m->arena, &words, answer->rows[i][0].text);
	take_choices(m, &words);
}

void views_files(
    struct view_files *files, const struct plan *plan, struct arena *a)
{
	*files = (struct view_files){0};
	names_add(a, &files->known, PLAN_EXPLORER, 0);
	for (size_t i = 0; i < plan->n_pages; i++)
		for (size_t k = 0; k < plan->pages[i].n_periods; k++)
			names_add(a, &files->known,
			    plan_page_file(a, &plan->pages[i], k), 0);
}

void views_of(struct query *q, const struct plan_page *page, int64_t first,
    int64_t now, struct view_files *files, struct arena *a, struct views *out)
{
	struct maker m = {
	    .page = page,
	    .first = first > 0 ? first : now,
	    .now = now,
	    .files = files,
	    .arena = a,
	    .out = out,
	};

	*out = (struct views){0};
	if (page->choose.query != NULL)
		ask_choices(q, &m);
	else if (page->choose.name != NULL)
		take_choices(&m, &page->choose.values);
	find_spans(&m);
	add_views(&m);
}
