"""Check the format of the cases; with --run, also that they still fail as recorded."""

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

CASES = Path(__file__).parent / "cases"
CLASSES = {
    "missing module", "shape", "dtype", "memory", "path", "data", "syntax",
    "time-out", "non-determinism", "its own edit", "other",
}  # fmt: skip
REQUIRED = {"argv", "cwd", "file", "line", "class", "why", "needs", "verified"}
OPTIONAL = {"env", "exit", "timeoutSeconds", "dataAt", "edit"}
IMPORT_NAMES = {"scikit-learn": "sklearn"}
LONGEST_RUN_SECONDS = 60


def format_faults(folder: Path, case: dict) -> list[str]:
    """What is wrong with one case.json, in words; empty when nothing is."""
    faults = [f"lacks {key}" for key in sorted(REQUIRED - case.keys())]
    faults += [f"has an unknown key {key}" for key in sorted(case.keys() - REQUIRED - OPTIONAL)]
    if faults:
        return faults
    if case["class"] not in CLASSES:
        faults.append(f"has an unknown class {case['class']!r}")
    places = [{"file": case["file"], "line": case["line"]}, *([case["dataAt"]] if "dataAt" in case else [])]
    faults += [f"names {p['file']}:{p['line']}, which does not exist" for p in places if not line_at(folder, p)]
    if (folder / "output.txt").exists() != case["verified"] or ("exit" in case) != case["verified"]:
        faults.append("must have output.txt and exit exactly when it is verified")
    if (case["class"] == "its own edit") != ("edit" in case):
        faults.append("must have an edit exactly when its class is its own edit")
    return faults


def line_at(folder: Path, place: dict) -> bytes:
    """The bytes of a 1-based line, empty where there is none."""
    path = folder / place["file"]
    lines = path.read_bytes().splitlines() if path.is_file() else []
    return lines[place["line"] - 1].strip() if 1 <= place["line"] <= len(lines) else b""


def run_faults(folder: Path, case: dict) -> list[str]:
    """Run one case in a scratch copy; compare how it ends, and that one that ends says something."""
    with tempfile.TemporaryDirectory() as scratch:
        workspace = Path(scratch) / "workspace"
        shutil.copytree(folder, workspace, ignore=shutil.ignore_patterns("case.json", "output.txt"))
        seen, output = run(case, workspace)
    if seen != case["exit"]:
        return [f"ended with {seen}, recorded is {case['exit']}"]
    return [] if seen == "time-out" or output.strip() else ["printed nothing"]


def run(case: dict, workspace: Path) -> tuple[int | str, bytes]:
    """The exit code (or "time-out") and both streams of one run, whose whole process group ends with it."""
    env = {**os.environ, "PYTHONUNBUFFERED": "1", "OMP_NUM_THREADS": "1", **case.get("env", {})}
    process = subprocess.Popen(
        case["argv"],
        cwd=workspace / case["cwd"],
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=case.get("timeoutSeconds", LONGEST_RUN_SECONDS))
        return process.returncode, output
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        output, _ = process.communicate()
        return "time-out", output


def installed(needs: list[str]) -> bool:
    return all(importlib.util.find_spec(IMPORT_NAMES.get(need, need)) for need in needs)


def main() -> int:
    running = "--run" in sys.argv[1:]
    faulty = skipped = 0
    folders = sorted(CASES.iterdir())
    for folder in folders:
        case = json.loads((folder / "case.json").read_text())
        faults = format_faults(folder, case)
        if running and not faults:
            if case["verified"] and installed(case["needs"]):
                faults = run_faults(folder, case)
            else:
                skipped += 1
                print(f"{folder.name}: not run, needs {', '.join(case['needs'])}")
        faulty += bool(faults)
        for fault in faults:
            print(f"{folder.name} {fault}")
    print(f"{len(folders)} cases, {faulty} faulty" + (f", {skipped} not run" if running else ""))
    return 1 if faulty or not folders else 0


if __name__ == "__main__":
    sys.exit(main())
