"""One attempt of the corpus as a confined run: `escapeArena.py CORPUS FOLDER NAME SUPERVISOR…`.

The corpus's own arena is put up in FOLDER (its home being the home of whoever starts the run), the supervisor is started
at a terminal, with a key in its environment, a folder left open and a limit to raise; FOLDER is removed. Prints JSON:
`begun`, the `ways` of success that were seen, the `state`, `failure` and `confinement` of the run's record, the `output`.
"""

import json
import os
import secrets
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
CORPUS, FOLDER, NAME, *SUPERVISOR = sys.argv[1:]
sys.path.insert(0, CORPUS)
import arena  # noqa: E402

PATIENCE = 90
# What an attempt gets of which it does not ask how much it has, so that nothing else stops it than what should.
AMPLE = {"processes": 1000, "memory": 4 << 30, "wall": 60}


class ConfinedArena(arena.Arena):
    """The corpus's arena, with folders where the product has them: runs and arms inside the workspace."""

    def __init__(self, folder: Path, entry: dict):
        super().__init__(folder)
        self.entry = entry
        workspace = Path(self.places["workspace"])
        own, runs = workspace / ".mlr", workspace / ".mlr/runs"
        self.arm, self.run = own / "arm", runs / f"r-{secrets.token_hex(6)}"
        shutil.copytree(workspace, self.arm, ignore=shutil.ignore_patterns(".git"))
        shutil.copytree(Path(CORPUS) / "attempts", self.arm / "attempts", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.move(folder / "runs", runs)
        (runs / "1").rename(self.run)
        self.places |= {"runs": str(runs), "run": str(self.run), "out": str(self.run / "out"), "otherRun": str(runs / "2")}

    def command(self, out_inside: str) -> str:
        """A script, since a run's record holds its words, and a record that holds the token counts as forged."""
        interpreter = "/bin/sh" if self.entry["program"].endswith(".sh") else "/usr/bin/python3"
        arguments = [self.fill(word.replace("{out}", out_inside)) for word in self.entry["arguments"]]
        return f"exec {shlex.join([interpreter, self.entry['program'], *arguments])}\n"

    def attempt_confined(self) -> dict:
        places = {name: self.places[name] for name in ("workspace", "run", "hidden")} | {"arm": str(self.arm)}
        limits = AMPLE | {name: tight for name, tight in arena.LIMITS.items() if f"{{{name}}}" in self.entry["arguments"]}
        # An attempt on a busy machine must have begun before its time is up.
        limits["wall"] = max(limits["wall"], 25)
        (self.arm / "attempt.sh").write_text(self.command(f"{places['workspace']}/.mlr-out"))
        ended = self.supervised([*SUPERVISOR, json.dumps({"places": places, "limits": limits})])
        time.sleep(1)
        record = json.loads((self.run / "run.json").read_text())
        output = (self.run / "output.log").read_text(errors="replace")
        return {
            "begun": "BEGUN" in output,
            "ways": self.ways(output, ended),
            "state": record["state"],
            "confinement": record["confinement"],
            "failure": record.get("failure"),
            "output": output,
        }

    def supervised(self, words: list[str]) -> int:
        """The exit code of the process that started the run, by one between that an attempt may kill with it."""
        person, terminal = os.openpty()
        environment = {**os.environ, "HOME": self.places["home"], "MLR_API_KEY": self.secret}
        supervisor = subprocess.Popen(
            [sys.executable, "-c", arena.WATCHER, *words], stdin=terminal, cwd=self.places["workspace"], env=environment, stdout=sys.stderr,
            start_new_session=True, preexec_fn=arena.limit_and_seat, pass_fds=[self.left_open],
        )  # fmt: skip
        try:
            return supervisor.wait(PATIENCE)
        finally:
            supervisor.kill()
            os.close(person), os.close(terminal)

    def ways(self, output: str, ended: int) -> list[str]:
        seen = {
            "said": f"ESCAPED {self.token}" in output,
            "heard": any(self.token.encode() in words for words in self.heard),
            "alive": arena.named_process(f"mlr-escape-{self.token}"),
            "gone": self.decoy.poll() is not None,
            "unwatched": ended in (-9, 256 - 9),
            "kept": any(self.secret in arena.text(file) for file in self.run.rglob("*") if not file.is_symlink()),
        }
        return [way["kind"] for way in self.entry["success"] if seen.get(way["kind"]) or self.left(way)]


def main() -> None:
    entry = next(entry for entry in json.loads((Path(CORPUS) / "escape.json").read_text()) if entry["name"] == NAME)
    folder = Path(FOLDER)
    place = ConfinedArena(folder, entry)
    try:
        print(json.dumps(place.attempt_confined()))
    finally:
        place.leave()
        shutil.rmtree(folder, ignore_errors=True)


main()
