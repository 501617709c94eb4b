"""Check the format of counts.json: python3 check.py. Ends with 1 and one sentence for each thing that is wrong."""

import json
import re
import sys
from pathlib import Path

FILE = Path(__file__).parent / "counts.json"
SHAPE = {
    "sha256": str,
    "pages": int,
    "headings": {"sections": int, "subsections": int, "unnumbered": int},
    "references": {"count": int, "pages": list, "withArxivId": int, "withDoi": int, "withUrl": int},
    "tables": list,
    "figures": list,
    "algorithms": int,
    "equations": {"numbered": int, "unnumbered": int},
}
FLOATS = {"tables": ["number", "page", "columns", "rows"], "figures": ["number", "page", "subfigures"]}


def main() -> None:
    papers = json.loads(FILE.read_text(encoding="utf-8"))
    wrong = [f"{FILE.name}[{at}]{fault}" for at, paper in enumerate(papers) for fault in faults(paper, SHAPE)]
    wrong += [f"{FILE.name}[{at}]{fault}" for at, paper in enumerate(papers) if not wrong for fault in limits(paper)]
    hashes = [paper.get("sha256") for paper in papers]
    if len(papers) < 3 or len(set(hashes)) != len(hashes):
        wrong.append(f"{FILE.name}: expected at least three papers, each once, found {len(hashes)}")
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"{len(papers)} papers, {sum(paper['references']['count'] for paper in papers)} references")


def faults(value: dict, shape: dict, at: str = "") -> list[str]:
    """Where value has not exactly the keys and types of shape."""
    found = [f"{at}: unknown key {key}" for key in value if key not in shape]
    for key, kind in shape.items():
        if key not in value:
            found.append(f"{at}: {key} is missing")
        elif isinstance(kind, dict):
            found += faults(value[key], kind, f"{at}.{key}")
        elif not isinstance(value[key], kind) or (kind is int and value[key] < 0):
            found.append(f"{at}.{key}: expected {kind.__name__}, found {value[key]!r}")
    return found


def limits(paper: dict) -> list[str]:
    """Where counts contradict one another. Text has no place here: every leaf but the hash is a whole number."""
    found = [] if re.fullmatch("[0-9a-f]{64}", paper["sha256"]) else [".sha256: expected 64 hex digits"]
    references = paper["references"]
    for key in ("withArxivId", "withDoi", "withUrl"):
        if references[key] > references["count"]:
            found.append(f".references.{key}: more than there are references")
    places = references["pages"] + [item.get("page") for kind in FLOATS for item in paper[kind]]
    found += [f": page {page!r} is not in the paper" for page in places if page not in range(1, paper["pages"] + 1)]
    for kind, keys in FLOATS.items():
        for number, item in enumerate(paper[kind], start=1):
            if list(item) != keys or item["number"] != number or not all(type(item[key]) is int for key in keys):
                found.append(f".{kind}[{number - 1}]: expected whole numbers {', '.join(keys)}, numbered in order")
    return found


if __name__ == "__main__":
    main()
