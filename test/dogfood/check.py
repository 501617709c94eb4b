"""Check that every workspace is whole and every generator writes what is there: python3 check.py [--run].

A generator whose package is missing is named and left out. Ends with 1 and one sentence for each thing that is wrong.
"""

import importlib.util
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
FILES = ["README.md", "train.py", "evaluate.py", ".gitignore", "data/train.csv", "data/test.csv", "data/test_labels.csv"]
WITHOUT_CONTRACT = {"ranking"}
SEED = "5"


def main() -> None:
    tasks = sorted(folder for folder in (HERE / "tasks").iterdir() if folder.is_dir())
    wrong = [f"{task.name}: {fault}" for task in tasks for fault in [*faults(task), *generator_faults(task)]]
    if "--run" in sys.argv:
        wrong += [f"{task.name}: {fault}" for task in tasks for fault in run_faults(task)]
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"{len(tasks)} tasks")


def faults(task: Path) -> list[str]:
    found = [f"{name} is missing" for name in FILES if not (task / name).is_file()]
    if (task / "mlr.yaml").exists() == (task.name in WITHOUT_CONTRACT):
        found.append("a contract is there and should not be, or the other way round")
    papers = [*task.glob("paper.md"), *task.glob("paper.tex")]
    if len(papers) != 1 or len(papers[0].read_text(encoding="utf-8").split()) < 500:
        found.append("expected one paper of at least 500 words")
    if f"| `{task.name}` |" not in (HERE / "truth.md").read_text(encoding="utf-8"):
        found.append("truth.md says nothing of it")
    return found


def generator_faults(task: Path) -> list[str]:
    """Where the generator, writing to a scratch folder, gives other bytes than the workspace holds."""
    spec = importlib.util.spec_from_file_location(f"generator_{task.name}", HERE / "generators" / f"{task.name}.py")
    generator = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(generator)
    except ModuleNotFoundError as missing:
        print(f"{task.name}: data not checked, {missing}")
        return []
    with tempfile.TemporaryDirectory() as folder:
        generator.FOLDER = Path(folder)
        generator.main()
        return [
            f"data/{file.name} is not what the generator writes"
            for file in sorted(Path(folder).iterdir())
            if file.read_bytes() != (task / "data" / file.name).read_bytes()
        ]


def run_faults(task: Path) -> list[str]:
    with tempfile.TemporaryDirectory() as out:
        for words in (["train.py", "--seed", SEED, "--out", out], ["evaluate.py", out, "--split", "val"], ["evaluate.py", out]):
            run = subprocess.run([sys.executable, "-B", *words], cwd=task, capture_output=True, text=True)
            if run.returncode:
                return [f"{words[0]} ends with {run.returncode}: {run.stderr.strip()[-200:]}"]
        scores = json.loads(run.stdout.splitlines()[-1])
        metric, examples = next(iter(scores.values())), scores["examples"]
        if not math.isfinite(metric) or abs(sum(examples) / len(examples) - metric) > 1e-9:
            return [f"the metric {metric} is not the mean of its examples"]
        return []


if __name__ == "__main__":
    main()
