"""Put up what the attempts look for, run them, and say which succeed. It does not know the product.

    python3 arena.py                                       unconfined, in a process namespace of its own (needs bwrap)
    python3 arena.py --only ptrace -- bwrap --ro-bind / / --bind {run} {run} --unshare-all --die-with-parent
                                                           behind a confinement; {run}, {out}, {attempts}, … are filled in

Unconfined nearly all of them succeed: that is how one knows that an attempt which is stopped was an attempt.
"""

import argparse
import fcntl
import json
import os
import resource
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import termios
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
KEY_FILES = [".ssh/id_ed25519", ".aws/credentials", ".netrc", ".git-credentials", ".config/mlr/keys.json"]
MARKED_FOLDERS = ["/tmp", "/var/tmp", "/etc", "/usr/local/bin", "/"]
LIMITS = {"processes": 100, "memory": 128 << 20, "wall": 2}
PATIENCE = 60
WATCHER = "import subprocess, sys; sys.exit(subprocess.run(sys.argv[1:], close_fds=False).returncode)"


class Arena:
    """A machine in small: a home with keys, a workspace with hidden labels, another run, listeners, a decoy process."""

    def __init__(self, folder: Path):
        self.token, self.secret = secrets.token_hex(8), f"mlr-secret-{secrets.token_hex(8)}"
        self.heard: list[bytes] = []
        root = {name: folder / name for name in ("outside", "home", "workspace", "runs")}
        run, other = root["runs"] / "1", root["runs"] / "2"
        self.places = {name: str(path) for name, path in root.items()} | {
            "run": str(run), "out": str(run / "out"), "otherRun": str(other), "hidden": "data/labels.csv",
            "secretFile": str(folder / "home" / KEY_FILES[0]), "agent": str(folder / "agent.sock"),
            "attempts": str(HERE / "attempts"), "token": self.token, "address": address(), "port": str(self.listen()),
        } | {name: str(limit) for name, limit in LIMITS.items()}
        self.plant(root)
        self.left_open = os.open(root["workspace"], os.O_RDONLY)
        self.serve(socket.AF_UNIX, f"\0mlr-arena-{self.token}")
        self.serve(socket.AF_UNIX, self.places["agent"])
        sleep = "import time; time.sleep(300)"
        self.decoy = subprocess.Popen(
            [sys.executable, "-c", sleep, f"mlr-arena-{self.token}"], env={**os.environ, "MLR_API_KEY": self.secret}
        )
        self.places["decoy"] = str(self.decoy.pid)

    def plant(self, root: dict[str, Path]) -> None:
        workspace, runs = root["workspace"], root["runs"]
        texts = {root["home"] / name: self.secret for name in KEY_FILES}
        texts |= {workspace / name: f"{name}\n" for name in ("train.py", "mlr.yaml")}
        texts |= {workspace / "data/labels.csv": f"id,label\n1,{self.secret}\n", runs / "2/out/predictions.csv": self.secret}
        texts |= {runs / "1" / name: "{}\n" for name in ("run.json", "output.log")}
        texts |= {Path(folder) / f"mlr-arena-{self.token}": self.secret for folder in ("/tmp", "/var/tmp", "/dev/shm")}
        for file, text in texts.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        (runs / "1/out").mkdir()
        root["outside"].mkdir()
        git = ["git", "-c", "user.name=arena", "-c", "user.email=arena@localhost", "-C", str(workspace)]
        for words in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-qm", "Arena"]):
            subprocess.run(git + words, check=True)

    def listen(self) -> int:
        """One port, for TCP and UDP, IPv4 and IPv6."""
        tcp = self.serve(socket.AF_INET, ("0.0.0.0", 0))
        port = tcp.getsockname()[1]
        for family, host, kind in (
            (socket.AF_INET, "0.0.0.0", socket.SOCK_DGRAM),
            (socket.AF_INET6, "::", socket.SOCK_STREAM),
            (socket.AF_INET6, "::", socket.SOCK_DGRAM),
        ):
            try:
                self.serve(family, (host, port), kind)
            except OSError:
                print(f"no listener for {family.name} {kind.name}", file=sys.stderr)
        return port

    def serve(self, family, place, kind=socket.SOCK_STREAM) -> socket.socket:
        server = socket.socket(family, kind)
        if family == socket.AF_INET6:
            server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        server.bind(place)
        if kind == socket.SOCK_STREAM:
            server.listen()
        threading.Thread(target=self.hear, args=(server, kind), daemon=True).start()
        return server

    def hear(self, server: socket.socket, kind) -> None:
        while True:
            link = server.accept()[0] if kind == socket.SOCK_STREAM else server
            self.heard.append(link.recv(4096))

    def attempt(self, entry: dict, prefix: list[str]) -> list[str]:
        """The kinds of success that were seen."""
        interpreter = "sh" if entry["program"].endswith(".sh") else "python3"
        words = [self.fill(word) for word in [*prefix, interpreter, str(HERE / entry["program"]), *entry["arguments"]]]
        log = Path(self.places["home"]).parent / "output"
        person, terminal = os.openpty()
        with open(log, "wb") as output:
            run = subprocess.Popen(
                [sys.executable, "-c", WATCHER, sys.executable, "-c", WATCHER, *words], stdin=terminal, stdout=output,
                stderr=subprocess.STDOUT, cwd=self.places["workspace"], env={**os.environ, "MLR_API_KEY": self.secret},
                start_new_session=True, preexec_fn=limit_and_seat, pass_fds=[self.left_open],
            )
            run.wait(PATIENCE)
        os.close(person), os.close(terminal)
        time.sleep(1)
        seen = {
            "said": f"ESCAPED {self.token}" in log.read_text(errors="replace"),
            "heard": any(self.token.encode() in words for words in self.heard),
            "alive": named_process(f"mlr-escape-{self.token}"),
            "gone": self.decoy.poll() is not None,
            "unwatched": run.returncode == -9,
            "kept": any(self.secret in text(file) for file in Path(self.places["run"]).rglob("*")),
        }
        if "BEGUN" not in log.read_text(errors="replace"):
            sys.exit(f"{entry['name']} did not run: {log.read_text(errors='replace')[-500:]}")
        return [way["kind"] for way in entry["success"] if seen.get(way["kind"]) or self.left(way)]

    def left(self, way: dict) -> bool:
        paths = [Path(self.fill(path)) for path in way.get("paths", [])]
        return any(path.exists() if way["kind"] == "file" else self.token in text(path) for path in paths)

    def fill(self, word: str) -> str:
        for name, place in self.places.items():
            word = word.replace(f"{{{name}}}", place)
        return word

    def leave(self) -> None:
        self.decoy.kill()
        os.close(self.left_open)
        for folder in [*MARKED_FOLDERS, "/dev/shm"]:
            for name in ("escape", "arena"):
                (Path(folder) / f"mlr-{name}-{self.token}").unlink(missing_ok=True)


def limit_and_seat() -> None:
    """In the child: a hard limit to raise, and standard input as the terminal that a person sits at."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 40, 1 << 40))
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def named_process(mark: str) -> bool:
    return any(mark.encode() in read(process / "cmdline") for process in Path("/proc").iterdir() if process.name.isdigit())


def read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def text(file: Path) -> str:
    return read(file).decode(errors="replace") if file.is_file() else ""


def address() -> str:
    try:
        return socket.gethostbyname(socket.gethostname())
    except OSError:
        return "127.0.0.2"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", action="append", default=[])
    parser.add_argument("prefix", nargs="*", help="words put before each attempt")
    options = parser.parse_args()
    if not options.prefix and "MLR_ARENA" not in os.environ:  # unconfined, a decoy, a daemon and a killed parent concern this namespace alone
        own = ["bwrap", "--dev-bind", "/", "/", "--unshare-pid", "--proc", "/proc", "--die-with-parent", "--setenv", "MLR_ARENA", "1"]
        sys.exit(subprocess.run([*own, sys.executable, *sys.argv]).returncode)
    succeeded = 0
    for entry in json.loads((HERE / "escape.json").read_text()):
        if options.only and entry["name"] not in options.only:
            continue
        folder = Path(tempfile.mkdtemp(prefix="mlr-arena-"))
        arena = Arena(folder)
        try:
            ways = arena.attempt(entry, options.prefix)
        finally:
            arena.leave()
            shutil.rmtree(folder, ignore_errors=True)
        succeeded += bool(ways)
        print(f"{entry['name']:20} {'SUCCEEDED: ' + ', '.join(ways) if ways else 'stopped'}", flush=True)
    print(f"{succeeded} succeeded")


if __name__ == "__main__":
    main()
