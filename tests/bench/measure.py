"""What every row of the bench shares: rows, and what a command costs."""

import dataclasses
import os
import pathlib
import subprocess
import tempfile
import typing

BUILD = pathlib.Path(os.environ.get("BUILD", ".build/release")).resolve()
BINARY = BUILD / "broadsheet"
KIB = 1024


@dataclasses.dataclass
class Row:
    """One line of the table; what is None was not measured."""

    work: str
    us: float | None
    unit: str  # ms, B: what `us`, `peer` and `aim` are in
    peer: float | None = None
    name: str = ""  # of the peer, or why there is none
    aim: float | None = None
    note: str = ""  # what a reader must know to compare the two


class Cost(typing.NamedTuple):
    """Of a command, and all of its children that it waited for."""

    written: int  # bytes, by write(2)
    dirtied: int  # bytes of pages that the kernel has to write
    ms: float  # CPU time, user and system
    peak: int  # bytes, of the largest of the processes


def cost(*argv, cwd=None, ok=(0,), **options):
    """Runs a command; raises if it ends otherwise than in `ok`."""
    with tempfile.NamedTemporaryFile("r") as said:
        done = subprocess.run(
            [BUILD / "bench/cost", said.name, *map(str, argv)],
            cwd=cwd,
            check=False,
            stdin=options.pop("stdin", subprocess.DEVNULL),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )
        if done.returncode not in ok:
            raise RuntimeError(
                f"{argv[0]} ended with {done.returncode}: {done.stderr}"
            )
        written, dirtied, cpu, peak = said.read().split()
    return Cost(
        int(written), int(dirtied), float(cpu) * 1000, int(peak) * KIB
    )


def least(costs):
    """The least of each, over runs of the same."""
    return Cost(*map(min, zip(*costs)))


def figures(program, *arguments):
    """What a program of the bench prints: lines of a name and numbers."""
    done = subprocess.run(
        [BUILD / "bench" / program, *map(str, arguments)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return {
        name: tuple(map(float, numbers))
        for name, *numbers in map(str.split, done.stdout.splitlines())
    }
