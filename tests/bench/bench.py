#!/usr/bin/python3
"""The bench: us and a peer side by side, in one run.

Each file in rows/ has rows(), which yields what it measures; a new file needs
no other line. CPU time is of a process and its children, user and system;
where something is run several times it is the least; memory is that of the
largest process. The same work is done on both sides, and what is not the same
is said in a note below the table.

usage: [BUILD=.build/release] bench.py [NAME...]    only these files of rows/
"""

import importlib
import math
import pathlib
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
COLUMNS = "{:<52} {:>10} {:>10} {:<14} {:>7} {:>9}"
UNITS = {"B": ("B", 1), "ms": ("ms", 1), "B/sample": ("", 1)}


def figure(value, unit):
    """Three digits and a unit that suits."""
    if value is None or not math.isfinite(value):
        return "–"
    if unit == "ms" and value >= 1000:
        value, unit = value / 1000, "s"
    if unit == "B":
        for unit in ("B", "KB", "MB", "GB"):
            if value < 1000 or unit == "GB":
                break
            value /= 1000
    digits = max(0, 2 - int(math.floor(math.log10(value)))) if value else 0
    return f"{value:.{min(digits, 3)}f} {UNITS.get(unit, (unit,))[0]}".strip()


def line(row, notes):
    mark = ""
    if row.note:
        if row.note not in notes:
            notes.append(row.note)
        mark = f" [{notes.index(row.note) + 1}]"
    there = row.us and row.peer is not None and math.isfinite(row.peer)
    ratio = row.peer / row.us if there else None
    aim = "–" if row.aim is None else "≤ " + figure(row.aim, row.unit)
    if row.aim is not None and row.us is not None and row.us > row.aim:
        aim += " !"
    return COLUMNS.format(
        row.work + mark,
        figure(row.us, row.unit),
        figure(row.peer, row.unit),
        row.name,
        "–" if ratio is None else f"{ratio:.1f}×",
        aim,
    )


def measure(name):
    """The rows of a file; one that fails says why in its place."""
    start = time.monotonic()
    try:
        rows = list(importlib.import_module(f"rows.{name}").rows())
    except Exception as e:  # pylint: disable=broad-exception-caught
        print(f"bench: {name}: {e}", file=sys.stderr)
        return [], False
    print(f"bench: {name}: {time.monotonic() - start:.0f} s", file=sys.stderr)
    return rows, True


def main():
    names = sys.argv[1:] or sorted(
        p.stem for p in (HERE / "rows").glob("[a-z]*.py")
    )
    table, notes, well = [], [], True
    for name in names:
        rows, fine = measure(name)
        table += rows
        well = well and fine
    print(COLUMNS.format("work", "us", "peer", "", "ratio", "aim"))
    print("─" * 107)
    for row in table:
        print(line(row, notes))
    for i, note in enumerate(notes):
        print(f"[{i + 1}] {note}")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
