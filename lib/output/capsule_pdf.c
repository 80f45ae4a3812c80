/* A snapshot as PDF: on paper, page by page. */
#include "output/paper.h"

#define LINES_MAX 500 /* of logs: it is to be read, not to be searched */

struct printing {
	const struct capsule_means *means;
	const struct capsule *capsule;
};

static int print_once(void *ctx, const struct omission *without, struct buf *b,
    bool *fits, struct err *e)
{
	struct printing *p = ctx;
	struct ruler ruler = canvas_ruler(p->means->canvas);
	struct arena *a = arena_new();
	struct canvas_document d;
	int rc;

	(void)fits;
	paper_lay(a, p->capsule, without, p->capsule->paper, &ruler, &d);
	rc = canvas_document(p->means->canvas, &d, b, e);
	arena_free(a);
	return rc;
}

static int print(const struct capsule_means *means, const struct capsule *c,
    struct buf *b, struct err *e)
{
	struct capsule report = *c;
	struct printing p = {means, &report};
	struct arena *a = arena_new();
	size_t over = c->n_lines > LINES_MAX ? c->n_lines - LINES_MAX : 0;
	int rc;

	report.lines += over;
	report.n_lines -= over;
	report.lines_left_out += over;
	rc = omission_fit(&report, false, a, print_once, &p, b, e);
	arena_free(a);
	return rc;
}

const struct capsule_kind capsule_pdf = {
    .name = "pdf",
    .suffix = ".pdf",
    .media = "application/pdf",
    .print = print,
    .magic = "%PDF-",
};
