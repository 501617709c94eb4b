"""Check the format of escape.json, and that every program is there, compiles and is listed: python3 check.py."""

import ast
import json
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
KEYS = {"name", "does", "program", "arguments", "success", "must", "by", "needs"}
KINDS = {"said": False, "heard": False, "alive": False, "gone": False, "unwatched": False, "kept": False, "file": True, "changed": True}
PLACES = set(
    "token outside home workspace runs run out otherRun hidden secretFile agent port address decoy processes memory wall".split()
)


def main() -> None:
    entries = json.loads((HERE / "escape.json").read_text(encoding="utf-8"))
    wrong = [f"{entry.get('name')}: {fault}" for entry in entries for fault in faults(entry)]
    listed = {entry["program"] for entry in entries}
    there = {f"attempts/{file.name}" for file in (HERE / "attempts").iterdir() if file.is_file()} - {"attempts/attempt.py"}
    wrong += [f"{program}: not in both escape.json and attempts/" for program in sorted(listed ^ there)]
    if len(entries) < 18 or len(listed) != len(entries):
        wrong.append(f"expected at least 18 attempts, each once, found {len(entries)}")
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"{len(entries)} attempts")


def faults(entry: dict) -> list[str]:
    if set(entry) != KEYS or entry["must"] != "stopped" or entry["needs"] not in ("nothing", "namespace", "limits"):
        return [f"expected {', '.join(sorted(KEYS))}, must `stopped`, needs nothing, namespace or limits"]
    found = []
    for way in entry["success"]:
        if way["kind"] not in KINDS or ("paths" in way) != KINDS[way["kind"]]:
            found.append(f"success: unknown kind, or paths where none belong: {way}")
    words = entry["arguments"] + [path for way in entry["success"] for path in way.get("paths", [])]
    found += [f"unknown place {{{name}}}" for word in words for name in re.findall(r"\{(\w+)\}", word) if name not in PLACES]
    program = HERE / entry["program"]
    if program.suffix == ".py":
        try:
            ast.parse(program.read_text(encoding="utf-8"))
        except (OSError, SyntaxError) as error:
            found.append(str(error))
    if not entry["success"]:
        found.append("success: nothing would show it")
    return found


if __name__ == "__main__":
    main()
