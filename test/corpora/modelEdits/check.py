"""Check the format of the edits, and what every right answer keeps: python3 check.py.

Ends with 1 and one sentence for each thing that is wrong. It does not run the product.
"""

import base64
import json
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
KINDS = {"exact": 40, "sloppy": 60, "ambiguous": 20, "wrong-file": 12, "stale": 15, "unfit": 12}
REASONS = {"not-found", "ambiguous", "no-change", "stale", "binary", "outside", "too-large", "encoding", "any"}
MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


def main() -> None:
    cases = [case for file in sorted(HERE.glob("*.json")) for case in json.loads(file.read_text(encoding="utf-8"))]
    wrong = [f"{case.get('id')}: {fault}" for case in cases for fault in faults(case)]
    wrong += [f"{name}: stands {count} times" for name, count in Counter(c["id"] for c in cases).items() if count > 1]
    kinds = Counter(case["kind"] for case in cases)
    wrong += [f"{kind}: expected at least {least}, found {kinds[kind]}" for kind, least in KINDS.items() if kinds[kind] < least]
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"{len(cases)} edits: " + ", ".join(f"{count} {kind}" for kind, count in kinds.items()))


def faults(case: dict) -> list[str]:
    if set(case) != {"id", "kind", "file", "edit", "must", "why"} or case["kind"] not in KINDS:
        return [f"expected id, kind, file, edit, must, why and a known kind, found {sorted(case)}"]
    file, edit = case["file"], case["edit"]
    if not {"name", "before"} <= set(file) <= {"name", "before", "seen"}:
        return ["file: expected name, before and perhaps seen"]
    if not {"old", "new"} <= set(edit) <= {"old", "new", "cell"}:
        return ["edit: expected old, new and perhaps cell"]
    if ("seen" in file) != (case["kind"] == "stale"):
        return ["file.seen: what the model saw is there exactly where the file has changed since"]
    answers = case["must"].get("anyOf", [case["must"]])
    if len({json.dumps(answer) for answer in answers}) != len(answers) or answers == []:
        return ["must: an answer stands twice, or there is none"]
    return [fault for answer in answers for fault in answer_faults(answer, file["before"])]


def answer_faults(answer: dict, before) -> list[str]:
    if set(answer) == {"refused", "names"}:
        return refusal_faults(answer, before)
    if set(answer) != {"applied"} or before is None:
        return [f"must: expected applied (to a file that exists), or refused with names, found {sorted(answer)}"]
    return [f"must.applied: {fault}" for fault in kept_faults(content(before), content(answer["applied"]))]


def refusal_faults(answer: dict, before) -> list[str]:
    reasons = answer["refused"] if isinstance(answer["refused"], list) else [answer["refused"]]
    found = [f"must.refused: unknown reason {reason}" for reason in reasons if reason not in REASONS]
    lines = 0 if before is None else content(before).count(b"\n") + 1
    for name in answer["names"]:
        for word in name if isinstance(name, list) else [name]:
            if word.isdigit() and not 1 <= int(word) <= lines:
                found.append(f"must.names: line {word} of {lines}")
    return found


def content(text) -> bytes:
    """The bytes of a text, of {base64}, or of {repeat, times, then}."""
    if isinstance(text, str):
        return text.encode("utf-8")
    if "base64" in text:
        return base64.b64decode(text["base64"], validate=True)
    return (text["repeat"] * text["times"] + text["then"]).encode("utf-8")


def kept_faults(before: bytes, after: bytes) -> list[str]:
    """What no edit may change: the byte-order mark, one kind of line end, the final newline or its absence."""
    mark = next((mark for mark in MARKS if before.startswith(mark)), b"")
    if not after.startswith(mark):
        return ["the byte-order mark is gone"]
    encoding = MARKS.get(mark, "latin-1")
    old, new = before[len(mark) :].decode(encoding), after[len(mark) :].decode(encoding)
    found = []
    for end, bare in (("\r\n", old.replace("\r\n", "")), ("\n", old.replace("\n", ""))):
        left = new.replace(end, "")
        if end in old and "\n" not in bare and "\r" not in bare and ("\n" in left or "\r" in left):
            found.append("line ends of another kind")
    if old and old.endswith("\n") != new.endswith("\n"):
        found.append("the final newline is not as it was")
    return found


if __name__ == "__main__":
    main()
