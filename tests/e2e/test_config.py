"""check-config, init and the command line: every fault in exact words."""

import pytest

PAGE = "pages:\n  index:\n    panels: []\n"
HEAD = "title: T\ntimezone: UTC\n"


@pytest.fixture
def check(broadsheet, write_config):
    """check(yaml) -> CompletedProcess of check-config on it."""

    def run(text, **kwargs):
        path = write_config("")
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return broadsheet("-c", "broadsheet.yaml", "check-config", **kwargs)

    return run


def faults(*lines):
    many = "fault" if len(lines) == 1 else "faults"
    return (
        "".join(f"broadsheet.yaml:{line}\n" for line in lines)
        + f"broadsheet: broadsheet.yaml: {len(lines)} {many} in the "
        "configuration\n"
    )


def test_well(check):
    result = check(
        HEAD + "sources:\n  a: {exec: [echo, 1], decode: number}\n" + PAGE
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "broadsheet.yaml: well: 1 sources, 1 pages\n"


@pytest.mark.parametrize(
    "text, said",
    [
        (
            HEAD + "evrey: 1m\nsources: {}\n" + PAGE,
            ["3:1: unknown key 'evrey'; did you mean 'every'?"],
        ),
        (
            HEAD + "sources:\n  a: {exec: [x], decode: number, tiemout: 1s}\n"
            "  b: {exec: [x], decode: nmuber}\n" + PAGE,
            [
                "4:34: unknown key 'tiemout'; did you mean 'timeout'?",
                "5:26: no decoder 'nmuber'; did you mean 'number'?",
            ],
        ),
        (
            HEAD + "sources:\n  a: {exec: [x], decode: number}\n"
            "  a: {exec: [x], decode: number}\n" + PAGE + "title: again\n",
            [
                "5:3: 'a' is here twice (line 4 too)",
                "9:1: 'title' is here twice (line 1 too)",
            ],
        ),
        (
            HEAD + "sources: {}\npages:\n  index:\n    panels:\n"
            "      - line: CPU\n        series: */cpu\n",
            [
                "8:17: a bare '*' or '&' starts a YAML alias: quote the text "
                '("*/cpu")'
            ],
        ),
        (
            HEAD + "sources:\n\ta: {exec: [x]}\n" + PAGE,
            [
                "4:1: this character can't start a value: indent with "
                "spaces, not tabs, and quote texts that begin with @ ` or %"
            ],
        ),
        ("", ["1:1: the file is empty"]),
        ("# nothing yet\n", ["1:1: the file is empty"]),
        ("[1, 2]\n", ["1:1: a mapping (title: …) is wanted here"]),
        (
            b"title: \xff\n",
            ["1:8: not plain UTF-8 text: invalid leading UTF-8 octet"],
        ),
        (
            b"title: a\0b\n",
            ["1:9: not plain UTF-8 text: control characters are not allowed"],
        ),
        (
            HEAD + "---\nsources: {}\n",
            ["3:1: a second document: one file is one document"],
        ),
        ("[" * 10000, ["1:33: nested too deeply"]),
    ],
    ids=[
        "unknown key",
        "unknown keys and decoders",
        "duplicate keys",
        "bare pattern",
        "tab",
        "empty",
        "only a comment",
        "no mapping",
        "not utf-8",
        "nul",
        "two documents",
        "nested",
    ],
)
def test_bad(check, text, said):
    result = check(text)
    assert result.stderr == faults(*said)
    assert (result.returncode, result.stdout) == (2, "")


def test_ten_thousand_sources(check):
    lines = [f"  s{i}: {{exec: [echo, 1], decode: number}}" for i in range(10000)]
    result = check(HEAD + "sources:\n" + "\n".join(lines) + "\n" + PAGE)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == "broadsheet.yaml: well: 10000 sources, 1 pages\n"


def test_ten_thousand_faults(check):
    lines = [f"  s{i}: {{exec: [echo, 1]}}" for i in range(10000)]
    result = check(HEAD + "sources:\n" + "\n".join(lines) + "\n" + PAGE)
    said = result.stderr.splitlines()
    assert result.returncode == 2
    assert len(said) == 102
    assert said[0] == "broadsheet.yaml:4:7: 'decode' is missing"
    assert said[100] == "and 9900 more"
    assert (
        said[101]
        == "broadsheet: broadsheet.yaml: 10000 faults in the configuration"
    )


def test_no_such_file(broadsheet):
    result = broadsheet("-c", "none.yaml", "check-config")
    assert result.stderr == "broadsheet: none.yaml: No such file or directory\n"
    assert result.returncode == 2


def test_no_configuration(broadsheet, tmp_path):
    result = broadsheet(
        "run", env={"XDG_CONFIG_HOME": str(tmp_path), "HOME": str(tmp_path)}
    )
    assert result.stderr == (
        "broadsheet: there is no configuration\n"
        "hint: broadsheet init writes one to start from; -c FILE names "
        "another\n"
    )
    assert result.returncode == 2


def test_a_broken_one_leaves_the_page_and_says_so_once(
    broadsheet, write_config, tmp_path
):
    well = HEAD + "output: www\nsources: {}\n" + PAGE
    write_config(well)
    assert broadsheet("run").returncode == 0
    page = tmp_path / "www/index.html"
    before = page.read_text()
    write_config(well + "\tbroken\n")
    first, second = broadsheet("run"), broadsheet("run")
    assert first.stderr.startswith("broadsheet.yaml:8:1: ")
    assert (first.returncode, second.returncode) == (2, 2)
    assert second.stderr == ""
    head, body = before.split("<body", 1)
    after = page.read_text()
    assert after.startswith(head)
    assert after.endswith(body.split(">", 1)[1])
    assert "this page is not being printed any more: broadsheet.yaml" in after
    write_config(well)
    assert broadsheet("run").returncode == 0
    assert "not being printed" not in page.read_text()


def test_init_never_overwrites(broadsheet, tmp_path):
    first = broadsheet("init")
    path = tmp_path / "broadsheet.yaml"
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout == (
        "wrote broadsheet.yaml; now: broadsheet run --times 6 -c "
        "broadsheet.yaml\n"
    )
    assert broadsheet("check-config").returncode == 0
    path.write_text("mine")
    second = broadsheet("init")
    assert second.returncode == 1
    assert (
        second.stderr
        == "broadsheet: broadsheet.yaml is there already; it is left alone\n"
    )
    assert path.read_text() == "mine"


@pytest.mark.parametrize(
    "arguments, said",
    [
        (
            ["rnu"],
            "broadsheet: there is no 'rnu'\nhint: did you mean 'broadsheet "
            "run'?\n",
        ),
        (
            ["chekc-config"],
            "broadsheet: there is no 'chekc-config'\n"
            "hint: did you mean 'broadsheet check-config'?\n",
        ),
        (
            ["frobnicate"],
            "broadsheet: there is no 'frobnicate'\n"
            "hint: broadsheet help lists what there is\n",
        ),
        (
            [],
            "broadsheet: what is to be done?\n"
            "hint: broadsheet help lists what there is\n",
        ),
        (
            ["--frobnicate", "run"],
            "broadsheet: --frobnicate: no such option, or its value is "
            "missing\nhint: broadsheet help lists what there is\n",
        ),
        (["test"], "broadsheet: test: SOURCE is missing\n"),
        (
            ["run", "now"],
            "broadsheet: run: 'now' is one argument too many\n",
        ),
        (["init", "--json"], "broadsheet: init takes no --json\n"),
        (
            ["run", "--times", "0"],
            "broadsheet: --times: '0' does not fit\n",
        ),
        (
            ["run", "--now", "soon"],
            "broadsheet: 'soon' is not a time\n"
            "hint: write '2026-11-22 03:14', seconds since 1970, or how long "
            "ago, such as 2h or 8d\n",
        ),
    ],
)
def test_command_lines_that_are_wrong(broadsheet, arguments, said):
    result = broadsheet(*arguments)
    assert result.stderr == said
    assert (result.returncode, result.stdout) == (2, "")
