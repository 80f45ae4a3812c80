"""Sources by SSH: connecting, and the ways in which commands end."""

import time

import pytest
from rig import hostile_ssh
from rig.hostile import flood, hostile, silent
from rig.ports import free_port
from rig.sshbox import HEAD, ask, fails, host, keys, place_of, works  # noqa: F401
from rig.sshd import USER, sshd


def test_reads_a_command(ask):
    works(ask())


def test_command_is_posix_sh_whatever_it_holds(ask):
    works(ask(run="""x='it''s'; [ "$x" = its ] && echo "$(( 6 * 7 ))" # '"""))


def test_command_has_no_stdin(ask):
    works(ask(run="cat; echo 42"))


def test_no_such_host(ask):
    done = ask(ssh="nosuch.invalid")
    start = "source box: no address for nosuch.invalid: "
    assert done.stderr in (
        start + "Name or service not known\n",
        start + "Temporary failure in name resolution\n",
    )
    assert done.returncode == 3


def test_refused(ask):
    port = free_port()
    fails(
        ask(ssh=f"127.0.0.1:{port}"),
        f"connection to 127.0.0.1:{port} refused: nothing listens there",
    )


@pytest.mark.parametrize(
    "options, text",
    [
        (
            {"ssh": "app1:x"},
            '"app1:x" is not [user@]host[:port]: the port is not from 1 to '
            "65535",
        ),
        (
            {"ssh": "ssh://app1"},
            '"ssh://app1" is not [user@]host[:port]: it is no URL',
        ),
        (
            {"jump": "a, b;c"},
            '"b;c" is not [user@]host[:port]: no such host name',
        ),
        (
            {"jump": "a,b,c,d,e,f,g,h,i"},
            "more than 8 hosts to go through",
        ),
    ],
)
def test_configuration(ask, options, text):
    done = ask(**options)
    assert f": {text}\n" in done.stderr
    assert done.returncode == 2


@pytest.mark.parametrize(
    "behaviour, sentence",
    [
        (silent(), "{} sent no SSH banner in 1 s"),
        (
            hostile_ssh.says(b"220 mail.example.net ESMTP\r\n"),
            '{} sent no SSH banner in 1 s, only "220 mail.example.net ESMTP"',
        ),
        (
            flood(b"x" * 65536),
            '{} does not speak SSH: it sends "' + "x" * 119 + '"',
        ),
        (
            flood(b"HTTP/1.1 400 Bad Request\r\n" * 1000),
            '{} does not speak SSH: it sends "HTTP/1.1 400 Bad Request"',
        ),
        (
            hostile_ssh.says_and_closes(b"Exceeded MaxStartups\r\n"),
            "{} closed the connection without an SSH banner: "
            '"Exceeded MaxStartups"',
        ),
        (
            hostile_ssh.says_and_closes(b""),
            "{} closed the connection without an SSH banner",
        ),
        (
            hostile_ssh.says_and_closes(hostile_ssh.BANNER),
            "{} closed the connection during the key exchange",
        ),
        (
            hostile_ssh.says(hostile_ssh.BANNER),
            "{} did not get through the key exchange in 1 s",
        ),
        (
            hostile_ssh.ignores_for_ever(),
            "{} did not get through the key exchange in 1 s",
        ),
    ],
)
def test_no_ssh_server(ask, behaviour, sentence):
    with hostile(behaviour) as server:
        at = place_of(server)
        fails(ask(ssh=at.ssh, timeout="1s"), sentence.format(at.place))


def test_drip(ask):
    with hostile(hostile_ssh.drips()) as server:
        at = place_of(server)
        done = ask(ssh=at.ssh, timeout="1s")
        start = f"source box: {at.place} sent no SSH banner in 1 s, only \"aa"
        assert done.stderr.startswith(start)
        assert done.returncode == 3


@pytest.mark.parametrize(
    "after, when",
    [(600, "the key exchange"), (50_000, "the command")],
)
def test_dropped(ask, host, after, when):
    with hostile(hostile_ssh.proxy(host.port, after)) as server:
        at = place_of(server)
        ask.known.write_text(host.known_hosts(name=at.name))
        fails(
            ask(ssh=at.ssh, run="head -c 500000 /dev/zero; sleep 9"),
            f"{at.place} closed the connection during {when}",
        )


def test_frozen_midway(ask, host):
    with hostile(hostile_ssh.proxy(host.port, 50_000, freeze=True)) as server:
        at = place_of(server)
        ask.known.write_text(host.known_hosts(name=at.name))
        fails(
            ask(ssh=at.ssh, run="head -c 500000 /dev/zero", timeout="5s"),
            "no end in 5 s: killed",
        )


def test_slow_network_is_only_slow(ask, host):
    with hostile(hostile_ssh.slow(host.port, 0.05)) as server:
        ask.known.write_text(host.known_hosts(name=place_of(server).name))
        works(ask(ssh=place_of(server).ssh))


def test_no_algorithm_in_common(ask, tmp_path):
    with sshd(tmp_path / "etm", "MACs hmac-sha2-256-etm@openssh.com\n") as h:
        ask.known.write_text(h.known_hosts())
        fails(
            ask(ssh=f"{USER}@{h.place}"),
            f"no algorithm in common with {h.place}",
            "its sshd_config must allow one of each: KexAlgorithms "
            "curve25519-sha256; Ciphers aes256-ctr; MACs hmac-sha2-256; "
            "HostKeyAlgorithms ssh-ed25519 or ecdsa-sha2-nistp256 (a server "
            "that has only an RSA host key needs another one)",
        )


@pytest.mark.parametrize(
    "command, sentence",
    [
        ("exit 3", "exit status 3"),
        ("echo first >&2; echo last >&2; exit 4", "exit status 4: last"),
        ("kill -9 $$", "killed by SIGKILL"),
        ("kill -9 $PPID", "killed by SIGKILL"),
        ("kill -SEGV $$", "killed by SIGSEGV"),
        ("sleep 100", "no end in 5 s: killed"),
        ("echo 42; sleep 100", "no end in 5 s: killed"),
        ("trap '' TERM; sleep 100", "no end in 5 s: killed"),
        ("head -c 50000000 /dev/zero", "printed more than 1 MB: killed"),
        ("yes", "printed more than 1 MB: killed"),
        ("yes >&2", "no end in 5 s: killed"),
    ],
)
def test_command_fails(ask, host, command, sentence):
    late = sentence.startswith("no end")
    done = ask(run=command, timeout="5s" if late else "60s")
    first = done.stderr.splitlines()[0]
    # What the shell has to say of a signal is the shell's own affair.
    if "killed by" in sentence:
        first = ": ".join(first.split(": ")[:2])
    assert first == f"source box: {sentence}"
    assert done.returncode == 3
    assert host.no_sessions()


def test_command_is_missing(ask):
    done = ask(run="nosuchcommand")
    sentence, hint = done.stderr.splitlines()
    assert sentence.startswith(
        "source box: command not found (exit status 127): "
    )
    assert sentence.endswith("nosuchcommand: not found")
    assert hint == (
        "hint: is it installed on 127.0.0.1? PATH is short over SSH: the "
        "full path works everywhere"
    )


def test_stderr_does_not_block(ask):
    works(ask(run="head -c 5000000 /dev/zero >&2; echo 42"))


def test_what_is_killed_does_not_live_on(ask, host, tmp_path):
    mark = tmp_path / "alive"
    command = f"sh -c 'sleep 1; while :; do date >>{mark}; sleep 0.1; done'"
    fails(ask(run=command, timeout="5s"), "no end in 5 s: killed")
    assert mark.exists()
    assert host.no_sessions()
    mark.unlink()
    time.sleep(0.5)
    assert not mark.exists()


def test_forced_command_that_knows_no_exec(ask, tmp_path, keys):
    with sshd(tmp_path / "sftp", "ForceCommand echo 42\n") as h:
        h.authorize(keys())
        ask.known.write_text(h.known_hosts())
        works(ask(ssh=f"{USER}@{h.place}"))


def test_sessions_forbidden(ask, tmp_path, keys):
    with sshd(tmp_path / "none", "MaxSessions 0\n") as h:
        h.authorize(keys())
        ask.known.write_text(h.known_hosts())
        fails(
            ask(ssh=f"{USER}@{h.place}"),
            f"{h.place} refused to open a session",
            "is MaxSessions 0 in its sshd_config?",
        )


def test_jump(ask, host, tmp_path, keys):
    with sshd(tmp_path / "inner") as inner:
        inner.authorize(keys())
        ask.known.write_text(host.known_hosts() + inner.known_hosts())
        at, via = f"{USER}@{inner.place}", f"{USER}@{host.place}"
        works(ask(ssh=at, jump=via))
        works(ask(ssh=at, jump=f"{via}, {via}"))
        assert inner.logins() == 2
        fails(
            ask(ssh=at, jump=via, run="head -c 9000000 /dev/zero"),
            "printed more than 1 MB: killed",
        )
        inner.stop()
        fails(
            ask(ssh=at, jump=via),
            f"{host.place} can't reach {inner.place} for us: connect failed",
        )


SOURCES = """
sources:
  "box{{each}}":
    each: {each}
    ssh: {user}@{place}
    identity: {key}
    known_hosts: {known}
    run: '{run}'
    decode: number
    timeout: {timeout}
"""


@pytest.fixture
def collect(broadsheet, write_config, ask, keys):
    """collect(host, run, n) -> CompletedProcess of n sources of a host."""

    def run(h, command, n, timeout="60s", now="@1793330040"):
        ask.known.write_text(h.known_hosts())
        text = HEAD + SOURCES.format(
            each=[str(i) for i in range(n)],
            user=USER,
            place=h.place,
            key=keys(),
            known=ask.known,
            run=command,
            timeout=timeout,
        )
        return broadsheet("-c", write_config(text), "--now", now, "collect")

    return run


def test_twelve_sources_share_one_connection(collect, tmp_path, keys):
    with sshd(tmp_path / "many") as h:
        h.authorize(keys())
        done = collect(h, "echo 42", 12)
        assert (done.returncode, done.stderr) == (0, "")
        assert h.logins() == 1


def test_as_many_at_once_as_the_server_allows(collect, tmp_path, keys):
    with sshd(tmp_path / "few", "MaxSessions 2\n") as h:
        h.authorize(keys())
        done = collect(h, "sleep 0.2; echo 42", 7)
        assert (done.returncode, done.stderr) == (0, "")
        assert h.logins() == 1


def test_one_that_hangs_costs_only_itself(collect, tmp_path, keys):
    with sshd(tmp_path / "one") as h:
        h.authorize(keys())
        done = collect(h, "[ {each} = 0 ] && sleep 100; echo 42", 12, "15s")
        assert done.stderr.count("no end in 15 s: killed") == 1
        assert "source box0: no end in 15 s: killed" in done.stderr
        assert done.returncode == 3
        assert h.logins() == 1


def test_stopped_and_started_again(collect, tmp_path, keys):
    with sshd(tmp_path / "again") as h:
        h.authorize(keys())
        assert collect(h, "echo 42", 3).returncode == 0
        h.stop()
        done = collect(h, "echo 42", 3, now="@1793330100")
        assert done.returncode == 3
        sentence = f"connection to {h.place} refused: nothing listens there"
        assert done.stderr.count(sentence) == 3
        h.start()
        assert collect(h, "echo 42", 3, now="@1793330160").returncode == 0
