"""A snapshot with --redact: nothing that its profile names is anywhere."""

import base64
import html
import io
import re
import shutil
import sqlite3
import subprocess
import zipfile
import zlib
from html.parser import HTMLParser

import pytest

from rig.smtp import smtp

NOW = 1793330040  # 2026-10-30 03:14:00 UTC
LONG = "frankfurt-rack-eleven-node-seventy-one.dc3.example.net"
HOSTS = {
    "kestrel", "kestrel.example.net", "db1", "db1.example.net", "example.net",
    "app9.example.net", "edge-7", LONG, LONG.partition(".")[0],
}  # fmt: skip
ADDRESSES = {
    "10.20.30.40", "10-20-30-40", "10 20 30 40", "2001:db8::beef", "2001:DB8:0:0::BEEF",
    "fe80::77%eth0", "00:1a:2b:3c:4d:5e", "ann@corp.example.org",
    "ann%40corp.example.org", "corp.example.org",
}  # fmt: skip
OTHERS = {
    "customer-4711", "customer 4711", "customer-4712", "acme", "Müller",
    "dashuser",
}  # fmt: skip
CONFIG = f"""
title: Shop of acme on kestrel
timezone: UTC
store: store.db
output: out
sources:
  kestrel: {{exec: [cat, host.txt], decode: keyvalue}}
  "{{each}}": {{each: [edge-7, edge-8], exec: [cat, host.txt], decode: keyvalue}}
  app-db1:
    exec: [sh, -c, 'echo "db1.example.net (2001:db8::beef): refused" >&2; exit 1']
    decode: number
  web: {{http: "http://{LONG}:9100/x", decode: number, timeout: 1s}}
  old: {{http: "http://db1.example.net:9100/", decode: number, timeout: 1s}}
  far: {{ssh: "dashuser@127.0.0.1:1", run: id, decode: number, timeout: 9s}}
  db: {{sql: "sqlite:shop.db", query: "SELECT * FROM shop", as: table}}
  fleet:
    exec: [cat, fleet.csv]
    decode: csv
    as: records
    key: id
  rest: {{exec: [cat, table.txt], decode: table}}
  kestrel-log: {{file: app.log, decode: lines}}
views:
  by: SELECT 1 AS one
alerts:
  acme-busy:
    series: "*/cpu_db1"
    above: 75
    message: "call ann@corp.example.org about db1"
redact:
  public:
    hosts: yes
    addresses: yes
    users: yes
    places: yes
    words: [acme, Müller]
    patterns: ['customer[-_]\\d+']
    keep: [db, old, far, fleet, rest, web]
  one: {{words: acme}}
pages:
  index:
    title: All of acme
    periods: [6h]
    panels:
      - section: kestrel
      - tiles: Tiles of kestrel
        sources: [kestrel, "edge*"]
        metrics: cpu_db1
        group: {{edges of acme: "edge*", "{LONG}": kestrel}}
      - line: CPU of kestrel.example.net
        series: ["kestrel/*", "edge*/cpu_db1"]
      - line: From SQL
        query: >
          SELECT ts, value AS "seen by app9.example.net and {LONG}" FROM samples
          WHERE series = 'kestrel/cpu_db1'
      - stat: Newest of 10.20.30.40
        series: kestrel/cpu_db1
      - bar: Per hour on db1
        series: kestrel/cpu_db1
        by: day
      - scatter: Against customer-4711
        query: SELECT ts % 60 AS x, value AS y FROM samples
      - table: Shop
        source: db
      - table: By query
        query: SELECT who, place, n FROM json_shop
      - table: Rest
        source: rest
      - map: Field of acme
        source: fleet
        label: driver
      - status: Sources
      - alerts: Alerts of acme
      - log: Log of kestrel
        sources: "kestrel*"
        levels: {{error: acme}}
      - text: Words
        body: |
          Ask **ann@corp.example.org** about customer-4712 of acme,
          [kestrel](http://kestrel.example.net/x) and Müllers.
"""
LINES = [
    "GET /x from 10.20.30.40 by customer-4711",
    "ip-10-20-30-40 [2001:db8::beef]:443 2001:DB8:0:0::BEEF, fe80::77%eth0",
    "mail ann@corp.example.org and to=ann%40corp.example.org 00:1a:2b:3c:4d:5e",
    "KESTREL told Db1.Example.Net, app9.example.net and db1_old.log; ACME fell",
    'json {"who":"Müller & <customer-4712>"}',
]


class Shop:
    def __init__(self, folder, broadsheet):
        self.folder, self.broadsheet = folder, broadsheet
        with sqlite3.connect(folder / "shop.db") as db:
            db.execute("CREATE TABLE shop (who, host, lat, lon, n)")
            db.executemany(
                "INSERT INTO shop VALUES (?, ?, 51.507, -0.128, ?)",
                [("customer-4711", "db1", 1), ("Müller", "10.20.30.40", 2)],
            )
        (folder / "fleet.csv").write_text(
            "id,driver,lat,lon\ndb1-van,Müller of acme,51.507,-0.128\n"
        )
        (folder / "table.txt").write_text(
            "HOST USER\nkestrel.example.net dashuser\n2001:db8::beef x\n"
        )
        for i in range(5):
            (folder / "host.txt").write_text(
                f"cpu_db1={70 + 3 * i}\n{LONG}={i}\ncustomer-4711 open={i}\n"
                f"10.20.30.40={i}\n"
            )
            with open(folder / "app.log", "a") as log:
                log.writelines(f"{line} {i}\n" for line in LINES)
            self.run(i)

    def run(self, i):
        self.broadsheet("-q", "run", "--now", f"@{NOW + 60 * i}")

    def take(self, name, *args):
        ran = self.broadsheet(
            "snapshot", "-o", name, "--now", f"@{NOW + 240}", *args
        )
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
        return (self.folder / name).read_bytes()


@pytest.fixture
def shop(tmp_path, broadsheet, write_config):
    write_config(CONFIG.replace("json_shop", SHOP_ROWS))
    return Shop(tmp_path, broadsheet)


SHOP_ROWS = (
    "(SELECT 'customer-4711' AS who, 'db1.example.net' AS place, 3 AS n "
    "UNION ALL SELECT 'Müller', '2001:db8::beef', 4)"
)


class Texts(HTMLParser):
    """All that a page says: texts, comments and values of attributes."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.all = []
        self.data = []

    def handle_data(self, data):
        self.all.append(data)

    handle_comment = handle_data

    def handle_starttag(self, _tag, attrs):
        for _, value in attrs:
            if value is not None and value.startswith("data:"):
                self.data.append(value)
            elif value is not None:
                self.all.append(value)


def said_by_html(data):
    texts = Texts()
    texts.feed(data.decode())
    texts.close()
    said = [data.decode(), html.unescape(data.decode()), *texts.all]
    for url in texts.data:
        _, _, coded = url.partition("base64,")
        picture = base64.b64decode(coded)
        assert picture.startswith(b"\x89PNG")
        said += said_by_png(picture)
    return said


def is_text(data):
    """Not of a font or a picture, whose bytes are any word by chance."""
    odd = sum(c > 126 or (c < 32 and c not in b"\t\n\r") for c in data)
    return odd * 10 <= len(data)


def said_by_pdf(data, folder):
    (folder / "said.pdf").write_bytes(data)
    said = [
        subprocess.run(
            ["pdftotext", *args, "said.pdf", "-"],
            cwd=folder, check=True, capture_output=True, text=True,
        ).stdout
        for args in ([], ["-raw"], ["-layout"])
    ]  # fmt: skip
    streams = re.compile(rb"stream\r?\n(.*?)endstream", re.S)
    said.append(streams.sub(b"stream", data).decode("latin-1"))
    for stream in streams.findall(data):
        try:
            stream = zlib.decompressobj().decompress(stream)
        except zlib.error:
            pass
        if is_text(stream):
            said.append(stream.decode("latin-1"))
    assert len(said) > 6  # what pages show, and what their letters are
    for title in re.findall(r"<([0-9A-Fa-f]{8,})>", said[3]):
        if len(title) % 2 == 0:
            said.append(bytes.fromhex(title).decode("utf-16-be", "replace"))
    return said


def said_by_png(data):
    said, at = [], 8
    while at < len(data):
        n = int.from_bytes(data[at : at + 4], "big")
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + n]
        if kind != b"IDAT":
            said.append((kind + body).decode("latin-1"))
        if kind == b"zTXt":
            said.append(zlib.decompress(body.split(b"\0\0", 1)[1]).decode())
        at += 12 + n
    return said


def said_by_zip(data, folder):
    said = []
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        said.append(z.comment.decode())
        for info in z.infolist():
            said += [info.filename, info.comment.decode()]
            said += said_by(info.filename, z.read(info), folder)
    return said


def said_by(name, data, folder):
    if name.endswith(".zip"):
        return said_by_zip(data, folder)
    if name.endswith(".pdf"):
        return said_by_pdf(data, folder)
    if name.endswith(".png"):
        return said_by_png(data)
    if name.endswith((".html", ".svg")):
        return said_by_html(data)
    return [data.decode()]


def leaks(words, said):
    """Words of letters and digits that stand alone; the others anywhere."""
    found = set()
    for word in words:
        alone = rf"(?<![^\W_]){re.escape(word)}(?![^\W_])"
        for text in said:
            # what base64 or a digest has by chance is nobody's name
            if re.search(alone, text, re.I):
                found.add(word)
    return found


def test_the_same_words_are_there_without_it(shop):
    said = said_by_html(shop.take("s.html"))
    everywhere = HOSTS | ADDRESSES | OTHERS
    assert leaks(everywhere, said) == everywhere


def formats(shop):
    """The kinds of file that there are: html and others."""
    told = shop.broadsheet("snapshot", "-o", "x", "--format", "-").stderr
    known = re.search(r"there are (.*)", told)
    return known[1].split(", ") if known else ["html"]


def test_nothing_that_is_masked_is_in_any_part(shop):
    for name in formats(shop):
        data = shop.take(f"s.{name}", "--redact", "public")
        said = said_by(f"s.{name}", data, shop.folder)
        assert not leaks(HOSTS | ADDRESSES | OTHERS, said), name
        assert not leaks({"frankfurt", "51.507", "-0.128"}, said), name
        if name != "png":  # whose texts are a picture
            said = said_by(f"s.{name}", shop.take(f"s.{name}"), shop.folder)
            assert leaks({"kestrel", "acme", "db1"}, said), name
    shop.take("s.html", "--redact", "public")
    assert shop.broadsheet("verify", "s.html").returncode == 0


NOTE = "kestrel is slow, ask ann@corp.example.org about customer-4711 of acme"
HIDDEN = HOSTS | ADDRESSES | OTHERS | {"frankfurt", "51.507", "-0.128"}


def test_nor_in_the_archive(shop):
    ran = shop.broadsheet(
        "snapshot", "--now", f"@{NOW + 240}", "--redact", "public",
        "--note", NOTE,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "")
    shelf = shop.folder / "out/snapshots"
    (name,) = {p.name.partition(".")[0] for p in shelf.glob("2*")}
    files = sorted(shelf.glob(name + ".*"))
    assert len(files) == 4
    for path in files:
        said = [path.name, *said_by(path.name, path.read_bytes(), shop.folder)]
        assert not leaks(HIDDEN, said), path.name
    facts = shelf / f"{name}.json"
    reason = re.search(r'"reason": "(.*)"', facts.read_text())[1]
    assert re.fullmatch(
        r"by hand: host-\w+ is slow, ask mail-\w+ about "
        r"pattern-\w+ of word-\w+", reason,
    )  # fmt: skip
    # in the list, whose own words are those of the pages
    listed = (shelf / "index.html").read_text()
    entry = listed[listed.index(f'id="s{name}"') :].partition("</li>")[0]
    assert reason in html.unescape(entry)
    assert not leaks(HIDDEN, said_by_html(entry.encode()))


def test_nor_in_a_letter(shop, write_config, tmp_path):
    with smtp(tmp_path) as post:
        config = CONFIG.replace("json_shop", SHOP_ROWS)
        write_config(
            config + "url: https://kestrel.example.net/\n"
            f"mail: {{smtp: {post.url}, from: dash@mail.test}}\n"
        )
        ran = shop.broadsheet(
            "snapshot", "--now", f"@{NOW + 240}", "--redact", "public",
            "--mail", "ops@mail.test", "--note", NOTE,
        )  # fmt: skip
        assert (ran.returncode, ran.stderr) == (0, "")
        (letter,) = post.letters()
    said = [f"{k}: {v}" for k, v in letter.items()]
    kinds = set()
    for part in letter.walk():
        if part.is_multipart():
            continue
        kind = part.get_content_subtype()
        data = part.get_payload(decode=True)
        kinds.add(kind)
        said += [f"{k}: {v}" for k, v in part.items()]
        said += said_by(f"x.{kind}", data, shop.folder)
    assert kinds >= {"plain", "html", "zip", "png"}
    assert not leaks(HIDDEN, said)
    assert any("is slow, ask" in text for text in said)


def test_who_is_the_same_has_one_pseudonym(shop):
    text = shop.take("s.html", "--redact", "public").decode()
    host = re.search(r"of acme on|on (host-\w+)</h1>", text)[1]
    assert f'"{host}/cpu_' not in text.partition("<!--part gist-->")[0]
    told = re.search(
        r"(host-\w+) told (host-\w+), (host-\w+) and (host-\w+)_old.log; "
        r"(word-\w+) fell",
        text,
    )
    assert told[1] == host
    assert told[2] == told[4] != told[3]
    assert f"Shop of {told[5]} on {host}" in text
    v4 = re.search(r"GET /x from (address-\w+) by pattern-\w+", text)[1]
    v6 = re.search(rf"ip-{v4} \[(address-\w+)\]:443 (\1), address-", text)
    assert f"({v6[1]}): refused" in text
    mail = re.search(r"mail (mail-\w+) and to=(\1) address-", text)
    assert f"call {mail[1]} about {told[2]}" in text
    assert text == shop.take("s.html", "--redact", "public").decode()
    # the other profile hides one word, and no other key made it
    text = shop.take("s.html", "--redact", "one").decode()
    assert f"Shop of {told[5]} on kestrel" in text


def test_what_panels_compare_is_still_the_same(shop):
    text = shop.take("s.html", "--redact", "public").decode()
    assert "places are not shown in this snapshot" in text
    tiles = re.search(r'data-kind="tiles".*?</section>', text, re.S)[0]
    assert tiles.count('<li class="alert">') == 3
    assert re.search(r"edges of word-\w+", tiles)
    assert re.search(r'data-kind="log" data-state="alert"', text)
    assert text.count("✕ error") >= 1
    assert text.count('data-state="empty"') == 1  # the map


def test_a_key_of_ones_own_outlives_the_configuration(shop, write_config):
    (shop.folder / "key").write_text("a secret\n")
    (shop.folder / "key").chmod(0o600)
    text = (shop.folder / "broadsheet.yaml").read_text()
    text = text.replace("one: {words", "one: {key_file: key, words")
    titles = []
    for more in ["", "# a comment\n"]:
        write_config(text + more)
        page = shop.take("s.html", "--redact", "one").decode()
        titles.append(re.search(r"Shop of (word-\w+) on", page)[1])
        page = shop.take("s.html", "--redact", "public").decode()
        titles.append(re.search(r"Shop of (word-\w+) on", page)[1])
    assert titles[0] == titles[2] and titles[1] != titles[3]
    (shop.folder / "key").chmod(0o644)
    ran = shop.broadsheet("snapshot", "-o", "x.html", "--redact", "one")
    assert ran.returncode == 1 and "chmod" in ran.stderr
    assert not (shop.folder / "x.html").exists()


SMALL = """\
title: Test
sources:
  numbers: {exec: [echo, cpu=1], decode: keyvalue}
redact:
  p: PROFILE
pages:
  index:
    panels:
      - line: Numbers of it
        series: numbers/cpu
"""


def test_unknown_profiles_are_told(shop):
    ran = shop.broadsheet("snapshot", "-o", "x.html", "--redact", "pubic")
    assert ran.returncode == 1
    assert ran.stderr == (
        "broadsheet: there is no profile 'pubic' under redact:\n"
        "hint: there is public, one\n"
    )
    assert not (shop.folder / "x.html").exists()


@pytest.mark.parametrize(
    "profile,said",
    [
        ("{}", "5:6: redact p: it hides nothing"),
        ("x", "5:6: redact p: a mapping is wanted here"),
        ("{patterns: ['a', '(']}", "5:23: pattern '(': Unmatched ( or \\("),
        (
            "{patterns: '\\x'}",
            "5:17: pattern '\\x': \\x means nothing in a regular expression",
        ),
        (
            "{patterns: 'a*'}",
            "5:17: pattern 'a*': it matches nothing at all",
        ),
        (
            "{word: a, hosts: yes}",
            "5:7: unknown key 'word'; did you mean 'words'?",
        ),
    ],
)
def test_faults_of_profiles(broadsheet, write_config, profile, said):
    write_config(SMALL.replace("PROFILE", profile))
    ran = broadsheet("check-config")
    assert ran.returncode == 2
    assert ran.stderr == (
        f"broadsheet.yaml:{said}\n"
        "broadsheet: broadsheet.yaml: 1 fault in the configuration\n"
    )


def test_what_gets_past_is_found_and_nothing_written(broadsheet, write_config):
    """A word that the page has of its own can't be hidden."""
    write_config(SMALL.replace("PROFILE", "{words: numbers}"))
    broadsheet("run")
    ran = broadsheet("snapshot", "-o", "x.html", "--redact", "p")
    assert ran.returncode == 1
    assert ran.stderr == (
        "broadsheet: profile p hides 'numbers', but part panel panel--1 shows "
        "it\nhint: a word under its keep: stays wherever it stands\n"
    )
    for profile in ["{words: numbers, keep: numbers}", "{hosts: yes}"]:
        write_config(SMALL.replace("PROFILE", profile))
        ran = broadsheet("snapshot", "-o", "x.html", "--redact", "p")
        assert (ran.returncode, ran.stderr) == (0, "")
