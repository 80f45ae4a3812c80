"""The tables of the command line: no letter is two options', and the manual
knows all of them.
"""

import collections
import re

import pytest

from conftest import HERE

CMD = HERE.parents[1] / "cmd"
OPTION = re.compile(r"^ {4}\{'(.)', \"([\w-]+)\",", re.M)
VERB = re.compile(r"^ {4}\{\"([\w-]+)\",\s+\"[^\"]*\",\s+\"(\w*)\",", re.M)


def options():
    """(letter, name) of each; the letter is what verbs know it by."""
    return OPTION.findall((CMD / "args.c").read_text())


def verbs():
    """Of each its name and the letters of what it takes."""
    text = (CMD / "broadsheet.c").read_text()
    return dict(VERB.findall(text.partition("verbs[]")[2].partition("};")[0]))


def manual():
    return (CMD / "broadsheet.1").read_text()


def flags(text):
    """The options that lines of a manual name, by letter or by name."""
    words = re.findall(r"\bFl (-?[\w-]+)", text)
    return {w[1:] for w in words if w[0] == "-"} | {
        letter for w in words if w[0] != "-" for letter in w
    }


def twice(things):
    return [t for t, n in collections.Counter(things).items() if n > 1]


def test_what_is_read_here_is_what_the_program_has(broadsheet):
    text = broadsheet("help").stdout
    listed, _, more = text.partition("\noptions:\n")
    assert re.findall(r"^.{6}--([\w-]+)", more, re.M) == [
        name for _, name in options()
    ]
    assert re.findall(r"^  ([\w-]+) ", listed, re.M) == list(verbs())


def test_no_two_options_have_one_letter_or_name():
    assert twice(letter for letter, _ in options()) == []
    assert twice(name for _, name in options()) == []


def test_every_option_is_some_verbs_and_every_verbs_is_one():
    known = {letter for letter, _ in options()}
    taken = {letter for letters in verbs().values() for letter in letters}
    assert taken <= known
    assert known - taken == set("Vh")  # these are verbs themselves
    for name, letters in verbs().items():
        assert twice(letters) == [], name


def test_the_manual_describes_every_option():
    items = "\n".join(re.findall(r"^\.It Fl .*", manual(), re.M))
    missing = [name for _, name in options() if name not in flags(items)]
    assert missing == []


@pytest.mark.parametrize("verb", sorted(set(verbs()) - {"version"}))
def test_the_synopsis_has_what_a_verb_takes(verb):
    synopsis = manual().partition(".Sh SYNOPSIS")[2].partition("\n.Sh")[0]
    parts = re.split(r"^\.Nm$", synopsis, flags=re.M)
    said = set().union(
        *(flags(p) for p in parts if p.startswith(f"\n.Cm {verb}\n"))
    )
    letters = {name: letter for letter, name in options()}
    said = {letters.get(word, word) for word in said}
    # --now is for tests
    assert said == set(verbs()[verb]) - {"N"}
