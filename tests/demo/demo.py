#!/usr/bin/python3
"""The operations page at work: a rig on loopback, printed every minute.

Three SSH servers, logs, a service, PostgreSQL and MariaDB are started as the
user, fed by course.py, and stopped at the end; nothing is left but the pages.
Months before are imported, the last hours are sampled run by run at once, and
from then on there is a run a minute, as from cron.

usage: demo.py BINARY OUTPUT [MINUTES]
"""

import datetime
import pathlib
import shutil
import signal
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e")]

from course import CORES, DAY, HOUR, MINUTE, Course  # noqa: E402
from rig.machine import Process  # noqa: E402
from rig.operations import LOGS, NAMES, PACKAGES, JAR, Operations  # noqa: E402

LIVED = 80 * MINUTE  # sampled before the first page,
STEP = 2 * MINUTE  # so often
JAVA = ["java", "-Xmx4g", "-jar", "/opt/app/app.jar"]


def furnish(rig):
    """Processes, and software that is not the same everywhere."""
    for i, name in enumerate(NAMES):
        host = rig.hosts[name]
        box = host.machine
        box.uptime = (12 + 29 * i) * DAY + 5 * HOUR
        box.users = ["deploy"] * (i % 2 + 1)
        for p in (
            Process(1, "systemd", ["/sbin/init"], memory=12 << 20, files=40),
            Process(702, "java", JAVA, 1000, memory=3100 << 20, files=412,
                    threads=64),
            Process(811, "nginx", ["nginx: worker process"], 33,
                    memory=38 << 20, files=131),
            Process(912, "filebeat", ["/usr/bin/filebeat"], memory=96 << 20,
                    files=54, threads=9),
            Process(640, "sshd", ["sshd: /usr/sbin/sshd -D"], memory=8 << 20),
            Process(655, "cron", ["/usr/sbin/cron", "-f"], memory=3 << 20),
        ):  # fmt: skip
            box.run(p)
    old = {**PACKAGES, "linux-image-amd64": "6.1.135-1"}
    rig.install(rig.hosts["app2"], old, JAR)


def feed(rig, course, t, seconds):
    """The seconds that end at t."""
    for name, host in rig.hosts.items():
        box = host.machine
        box.load.update(course.load(name, t))
        box.disks["/var"] = course.disk(name, t)
        cpu = box.load["cpu"] * CORES
        for pid, share in ((702, 0.7), (811, 0.12), (912, 0.03), (1, 0.005)):
            box.processes[pid].cpu = cpu * share
        box.processes[702].files = 330 + round(cpu)
        if course.down(name, t) == (host.sshd.process is not None):
            (host.sshd.stop if host.sshd.process else host.sshd.start)()
    rig.advance(seconds)
    for name in LOGS:
        rig.log(name, *(
            datetime.datetime.fromtimestamp(at, datetime.timezone.utc)
            .strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z " + text
            for at, text in course.lines(name, t, seconds)))  # fmt: skip
    rig.users(**course.regions(t))
    rig.places(course.places(t))
    m = rig.service.metrics
    m["messages_processed_total"] = (
        m.get("messages_processed_total", 0) + round(course.messages(t) * seconds)
    )
    m["queue_depth"] = course.depth(t)


def before(course, until):
    """Samples of the months before, ever closer together: CSV."""
    yield "series,ts,value\n"
    t = until - 30 * DAY
    while t < until:
        for name in NAMES:
            load = course.load(name, t)
            for metric, key in (("cpu", "cpu"), ("memory", "memory"),
                                ("load5", "load")):  # fmt: skip
                yield f"{name}/{metric},{t},{load[key]:.2f}\n"
            label = '"' + name + '/disk{mount=""/var""}"'
            yield f"{label},{t},{course.disk(name, t):.2f}\n"
        yield f"sessions/connected,{t},{course.connected(t)}\n"
        for region, n in course.regions(t).items():
            label = '"sessions/by_users{region=""' + region + '""}"'
            yield f"{label},{t},{n}\n"
        rate = course.messages(t)
        yield f"queue/messages_processed_total,{t},{rate:.1f}\n"
        yield f"queue/queue_depth,{t},{course.depth(t)}\n"
        t += MINUTE if until - t <= DAY else 10 * MINUTE


def remember(rig, course):
    """The months before, and the time since then run by run."""
    t = course.start - LIVED
    csv = rig.folder / "before.csv"
    with csv.open("w") as out:
        out.writelines(before(course, t))
    while t <= time.time() - MINUTE:
        feed(rig, course, t, STEP)
        must(rig.command("-q", "collect", "--now", f"@{t}"))
        if csv.exists():
            must(rig.command("import", "--now", f"@{t}", csv))
            csv.unlink()
        t += STEP
    return t - STEP


def must(done):
    """A run may fail to reach a host (3), and nothing else."""
    if done.returncode not in (0, 3):
        raise SystemExit(f"{done.args}: {done.stderr}")
    return done


def say(text):
    print(text, flush=True)


def story(rig, course, last, minutes):
    """A run a minute, with what is new about it; the last one was then."""
    page = rig.output / "index.html"
    first = int(time.time()) // MINUTE * MINUTE
    course.pages(first, minutes * MINUTE)
    for t in range(first, first + minutes * MINUTE + 1, MINUTE):
        time.sleep(max(0, t - time.time()))
        feed(rig, course, t, t - last)
        last = t
        done = must(rig.run(t))
        hot = "app2 runs hot" if course.hot(t) else "app2 is calm"
        down = ", app3 is down" if course.down("app3", t) else ""
        say(f"{time.strftime('%H:%M:%S')} printed {page}: {hot}{down}")
        for text in done.stdout.splitlines():
            say(f"         {text}")


def main():
    binary, output = (pathlib.Path(a).resolve() for a in sys.argv[1:3])
    minutes = int(sys.argv[3]) if len(sys.argv) > 3 else 3
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = tempfile.mkdtemp(prefix="operations-")
    try:
        say("starting three hosts, a service, PostgreSQL and MariaDB")
        with Operations(folder, binary, output) as rig:
            furnish(rig)
            course = Course(int(time.time()) // MINUTE * MINUTE)
            say(f"living through the last {LIVED // MINUTE} minutes")
            last = remember(rig, course)
            say(f"a page a minute from here on, for {minutes} minutes")
            story(rig, course, last, minutes)
    except KeyboardInterrupt:
        say("stopped")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    say(f"all is stopped; the pages stay in {output}")


if __name__ == "__main__":
    main()
