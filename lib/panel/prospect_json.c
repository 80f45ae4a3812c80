/*
 * The model as the page's script wants it: every number with all its digits,
 * so that the script comes to the same answers.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/json.h"
#include "panel/prospect.h"

#define JSON_MAX (1024 * 1024)

/* The fewest digits that read back as the same number. */
static void put_real(struct buf *b, double v)
{
	char text[40] = "null";

	for (int digits = 1; digits <= 17 && isfinite(v); digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, v);
		if (strtod(text, NULL) == v)
			break;
	}
	buf_str(b, text);
}

static void put_key(struct buf *b, const char *key)
{
	buf_printf(b, ",\"%s\":", key);
}

static void put_number(struct buf *b, const char *key, double v)
{
	put_key(b, key);
	put_real(b, v);
}

static void put_reals(struct buf *b, const char *key, const double *v, size_t n)
{
	put_key(b, key);
	buf_char(b, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(b, ',');
		put_real(b, v[i]);
	}
	buf_char(b, ']');
}

static void put_look(struct buf *b, const struct prospect_look *look)
{
	buf_str(b, "{\"name\":");
	json_text(look->name, b);
	buf_str(b, ",\"suffix\":");
	json_text(look->scale.suffix, b);
	put_number(b, "divisor", look->scale.divisor);
	put_number(b, "decimals", look->decimals);
	put_key(b, "form");
	buf_str(b, look->span	       ? "\"span\""
		   : look->scale.clock ? "\"clock\""
				       : "\"plain\"");
}

static void put_input(
    struct buf *b, const struct prospect_input *in, const struct knn_input *k)
{
	put_look(b, &in->look);
	put_number(b, "low", in->low);
	put_number(b, "high", in->high);
	put_number(b, "step", in->step);
	put_number(b, "least", k->quartiles[0]);
	put_number(b, "most", k->quartiles[4]);
	put_number(b, "mean", k->mean);
	put_number(b, "sd", k->sd);
	put_key(b, "constant");
	buf_str(b, k->constant ? "true}" : "false}");
}

static void put_past(struct buf *b, const struct prospect_target *t)
{
	put_key(b, "past");
	buf_char(b, '[');
	for (size_t i = 0; i < t->n_past; i++) {
		buf_printf(
		    b, "%s[%lld,", i > 0 ? "," : "", (long long)t->past[i].ts);
		put_real(b, t->past[i].mean);
		buf_char(b, ']');
	}
	buf_char(b, ']');
}

static void put_target(
    struct buf *b, const struct prospect_target *t, const struct knn_target *k)
{
	put_look(b, &t->look);
	put_number(b, "k", (double)k->k);
	put_number(b, "level", t->level);
	put_key(b, "summed");
	buf_str(b, t->has_level ? "false" : "true");
	put_number(b, "low", k->low);
	put_number(b, "high", k->high);
	put_reals(b, "growth", k->growth, KNN_AHEAD_MAX);
	put_past(b, t);
	buf_char(b, '}');
}

const char *prospect_json(struct arena *a, const struct prospect *p)
{
	const struct knn *k = p->knn;
	const char *text;
	struct buf b;

	buf_init(&b, JSON_MAX);
	buf_printf(
	    &b, "{\"weeks\":%zu,\"now\":%lld", p->weeks, (long long)p->now);
	put_number(&b, "eps", KNN_EPS);
	put_reals(&b, "plan", p->plans[0].inputs, k->n_inputs);
	put_reals(&b, "inputs", k->raw, k->n * k->n_inputs);
	put_reals(&b, "values", k->values, k->n * k->n_targets);
	buf_str(&b, ",\"columns\":[");
	for (size_t i = 0; i < k->n_inputs; i++) {
		buf_str(&b, i > 0 ? "," : "");
		put_input(&b, &p->inputs[i], &k->inputs[i]);
	}
	buf_str(&b, "],\"targets\":[");
	for (size_t i = 0; i < k->n_targets; i++) {
		buf_str(&b, i > 0 ? "," : "");
		put_target(&b, &p->targets[i], &k->targets[i]);
	}
	buf_str(&b, "]}");
	text = b.failed ? NULL : arena_strndup(a, buf_text(&b), b.len);
	buf_free(&b);
	return text;
}
