"""Alerts judged in a run of 10,000 series, which have just been stored."""

from measure import Row, figures


def rows():
    found = figures("alert_bench")
    work = "alerts over 10000 series, "
    yield Row(work + "3 rules of values", found["values-ms"][0], "ms")
    yield Row(work + "absent: *", found["absence-ms"][0], "ms")
