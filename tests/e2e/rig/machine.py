"""A Linux machine that is a folder: ROOT/proc, ROOT/etc, ROOT/df, ROOT/who.

    box = Machine(folder, "app1", cores=4, memory=16 << 30)
    box.run(Process(702, "java", ["java", "-jar", "/opt/app/app.jar"]))
    box.load.update(cpu=30, memory=50)      # what the next minute is like
    box.disks["/var"] = 41
    box.advance(60)                         # the minute passes: files change

Files are what a kernel would write, so whatever reads /proc reads them; the
numbers of `load` come out again exactly but for a tick's rounding.
"""

import dataclasses
import pathlib

TICKS = 100  # of one core in a second
KB = 1024
PAGE = 4 * KB
DISK_KB = 40 << 20  # 40 GB each


@dataclasses.dataclass
class Process:
    """cpu in percent of one core, memory in bytes, up in seconds."""

    pid: int
    comm: str
    args: list
    uid: int = 0
    cpu: float = 0.0
    memory: int = 4 << 20
    files: int = 4
    threads: int = 1
    start: int = 1200  # ticks after the machine's
    ticks: float = 0.0
    open: int = 0  # how many of its files are there


class Machine:
    """One machine; `root` is its folder."""

    def __init__(self, root, name, cores=4, memory=16 << 30, up=86400):
        self.root = pathlib.Path(root)
        self.name, self.cores, self.memory = name, cores, memory
        self.uptime = up
        self.kernel = "6.1.0-41-amd64"
        self.load = {"cpu": 10.0, "iowait": 1.0, "memory": 40.0, "swap": 0.0,
                     "load": 0.5, "in": 1e6, "out": 1e6, "read": 1e5,
                     "written": 1e5}  # fmt: skip
        self.disks = {"/": 35.0, "/var": 40.0}
        self.users = []
        self.passwd = {0: "root", 1000: "app", 33: "www-data"}
        self.processes = {}
        self._cpu = [0.0] * 4  # user, system, idle, iowait
        self._moved = {"in": 0.0, "out": 0.0, "read": 0.0, "written": 0.0}
        for path in ("proc/net", "proc/self", "proc/sys/fs", "etc",
                     "proc/sys/kernel"):  # fmt: skip
            (self.root / path).mkdir(parents=True)
        self._put("proc/self/smaps", "KernelPageSize:        4 kB\n")
        self._put("etc/os-release",
                  'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n')  # fmt: skip

    def run(self, process):
        """Starts a process."""
        self.processes[process.pid] = process
        folder = self.root / f"proc/{process.pid}"
        (folder / "fd").mkdir(parents=True, exist_ok=True)
        (folder / "cmdline").write_text("\0".join([*process.args, ""]))
        (folder / "status").write_text(
            f"Name:\t{process.comm}\nUid:\t" + f"{process.uid}\t" * 3
            + f"{process.uid}\n"
        )
        return process

    def advance(self, seconds):
        """Time passes, busy as `load` says, and the files tell of it."""
        self.uptime += seconds
        self._busy(seconds)
        for key in self._moved:
            self._moved[key] += self.load[key] * seconds
        self.write()

    def _busy(self, seconds):
        total = self.cores * TICKS * seconds
        cpu, wait = self.load["cpu"] / 100, self.load["iowait"] / 100
        parts = (cpu * 0.75, cpu * 0.25, 1 - cpu - wait, wait)
        self._cpu = [was + total * p for was, p in zip(self._cpu, parts)]
        for p in self.processes.values():
            p.ticks += p.cpu * seconds * TICKS / 100

    def write(self):
        """All files as of now."""
        for kind in ("stat", "meminfo", "diskstats", "mounts"):
            self._put(f"proc/{kind}", getattr(self, f"_{kind}")())
        load, count = self.load["load"], len(self.processes)
        self._put("proc/loadavg",
                  f"{load:.2f} {load:.2f} {load:.2f} 1/{count} 9999\n")  # fmt: skip
        self._put("proc/uptime", f"{self.uptime:.2f} 0.00\n")
        self._put("proc/net/dev", self._net())
        self._put("proc/sys/kernel/hostname", self.name + "\n")
        self._put("proc/sys/kernel/osrelease", self.kernel + "\n")
        files = sum(p.files for p in self.processes.values()) + 480
        self._put("proc/sys/fs/file-nr", f"{files}\t0\t9223372036854775807\n")
        self._put("df", self._df())
        self._put("who", "".join(
            f"{user} pts/{i} 2026-11-22 02:58\n"
            for i, user in enumerate(self.users)))  # fmt: skip
        self._put("etc/passwd", "".join(
            f"{name}:x:{uid}:{uid}::/:/bin/sh\n"
            for uid, name in self.passwd.items()))  # fmt: skip
        for p in self.processes.values():
            self._process(p)

    def _put(self, name, text):
        (self.root / name).write_text(text)

    def _stat(self):
        user, system, idle, wait = (round(v) for v in self._cpu)
        lines = f"cpu  {user} 0 {system} {idle} {wait} 0 0 0 0 0\n"
        return lines + "".join(f"cpu{i} 0 0 0 0 0 0 0 0 0 0\n"
                               for i in range(self.cores))  # fmt: skip

    def _meminfo(self):
        total = self.memory // KB
        left = round(total * (1 - self.load["memory"] / 100))
        swap = 4 << 20
        free = round(swap * (1 - self.load["swap"] / 100))
        return (f"MemTotal: {total} kB\nMemFree: {left // 2} kB\n"
                f"MemAvailable: {left} kB\nSwapTotal: {swap} kB\n"
                f"SwapFree: {free} kB\n")  # fmt: skip

    def _diskstats(self):
        read, written = (round(self._moved[k] / 512)
                         for k in ("read", "written"))  # fmt: skip
        return f" 254 0 vda 9 0 {read} 9 9 0 {written} 9 0 9 9\n"

    def _mounts(self):
        return "".join(f"/dev/vda{i} {path} ext4 rw 0 0\n"
                       for i, path in enumerate(self.disks))  # fmt: skip

    def _net(self):
        got, sent = (round(self._moved[k]) for k in ("in", "out"))
        return (f"Inter-|\n face |\n  eth0: {got} 9 0 0 0 0 0 0 "
                f"{sent} 9 0 0 0 0 0 0\n")  # fmt: skip

    def _df(self):
        lines = "Filesystem 1024-blocks Used Available Capacity Mounted on\n"
        for i, (path, percent) in enumerate(self.disks.items()):
            used = round(DISK_KB * percent / 100)
            lines += (f"/dev/vda{i} {DISK_KB} {used} {DISK_KB - used} "
                      f"{percent:.0f}% {path}\n")  # fmt: skip
        return lines

    def _process(self, p):
        ticks = round(p.ticks)
        fields = [1, p.pid, p.pid, 0, -1, 4194560, 0, 0, 0, 0, ticks, 0, 0, 0,
                  20, 0, p.threads, 0, p.start, 2 * p.memory,
                  p.memory // PAGE] + [0] * 29  # fmt: skip
        self._put(f"proc/{p.pid}/stat",
                  f"{p.pid} ({p.comm}) S {' '.join(map(str, fields))}\n")  # fmt: skip
        folder = self.root / f"proc/{p.pid}/fd"
        for number in range(p.open, p.files):
            (folder / str(number)).touch()
        for number in range(p.files, p.open):
            (folder / str(number)).unlink()
        p.open = p.files
