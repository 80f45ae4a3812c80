"""A chart, from the store to the bytes of its picture, against rrdtool's."""

from measure import Row, figures

VIEWS = (
    ("day", "chart of a day of minutes, 3 series, 800×250", 0.3, 3),
    ("hour", "chart of an hour, 1 series of 5 years", None, None),
    ("week", "chart of a week, the same", None, None),
    ("years", "chart of five years, the same", None, None),
)
NOTE = (
    "both in a warm process, query included; rrdtool's by `rrdtool -`, its "
    "minutes of 14 days, then averages of 5 minutes and an hour"
)


def rows():
    found = figures("chart_bench")
    for name, what, *aims in VIEWS:
        for picture, aim in zip(("svg", "png"), aims):
            ms, size, their_ms, their_size = found[f"{name}-{picture}"]
            work = f"{what}, {picture.upper()}"
            yield Row(work, ms, "ms", their_ms, "rrdtool", aim, NOTE)
            if aim:
                most = 20000 if picture == "svg" else 30000
                yield Row("  its size", size, "B", their_size, "rrdtool", most)
