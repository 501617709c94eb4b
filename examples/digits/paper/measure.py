"""Measure how far a perceptron's test accuracy depends on the order of its training examples.

    python3 measure.py        about half a minute on one core; standard library only

Writes measurements.json, and numbers.tex and curve.tex, from which the paper takes what it prints.
"""

import csv
import json
import math
import operator
import random
from pathlib import Path
from statistics import fmean, variance

HERE = Path(__file__).parent
SPLITS, DRAWS, ORDERS = 20, 10, 10
PASSES = 10
PASSES_COMPARED = (1, 3, 10, 30)
RULES = ("last", "pocket", "average")


def main() -> None:
    tasks = read_tasks()
    result = {
        "protocol": {"splits": SPLITS, "draws": DRAWS, "orders": ORDERS, "passes": PASSES},
        "tasks": {name: measure(name, rows, PASSES) for name, rows in tasks.items()},
        "passes": {
            str(passes): summary(measure("WDBC", tasks["WDBC"], passes, draws=2, orders=10))
            for passes in PASSES_COMPARED
        },
        "trace": trace(tasks["WDBC"]),
    }
    (HERE / "measurements.json").write_text(json.dumps(result, indent=1) + "\n")
    (HERE / "numbers.tex").write_text(numbers(result))
    (HERE / "curve.tex").write_text(curve(result["trace"]))


def read_tasks() -> dict[str, list[tuple[list[float], int]]]:
    """Four two-class tasks: name -> rows of (features, +1 or -1)."""
    cancer = read_rows(HERE / "data" / "breast_cancer.csv")
    wine = read_rows(HERE / "data" / "wine_data.csv")
    tasks = {"WDBC": [(x, 1 if y == 0 else -1) for x, y in cancer]}
    for cultivar in range(3):
        tasks[f"Wine {cultivar + 1}"] = [(x, 1 if y == cultivar else -1) for x, y in wine]
    return tasks


def read_rows(path: Path) -> list[tuple[list[float], int]]:
    with open(path, newline="") as file:
        rows = list(csv.reader(file))[1:]
    return [([float(cell) for cell in row[:-1]], int(row[-1])) for row in rows]


def measure(name, rows, passes, draws=DRAWS, orders=ORDERS):
    """Test accuracy of each rule, nested: test split, then drawn rows, then order."""
    accuracy = {rule: [] for rule in RULES}
    swing, mistakes, held = [], [], []
    for split in range(SPLITS):
        train_pool, test = split_rows(name, rows, split)
        blocks = {rule: [] for rule in RULES}
        for draw in range(draws):
            sample = draw_rows(name, train_pool, split, draw)
            fit, held_out = standardise(sample, test)
            cells = {rule: [] for rule in RULES}
            for order in range(orders):
                rng = random.Random(f"{name}/{split}/{draw}/{order}")
                weights, history = perceptron(fit, passes, rng)
                for rule in RULES:
                    cells[rule].append(score(weights[rule], held_out))
                if order == 0:
                    seen = [score(w, held_out) for step, w, _ in history if step >= (passes - 1) * len(fit)]
                    swing.append(max(seen) - min(seen) if seen else 0.0)
                    mistakes.append(len(seen) / len(fit))
                    held.append(1 - history[-1][0] / (passes * len(fit)))
            for rule in RULES:
                blocks[rule].append(cells[rule])
        for rule in RULES:
            accuracy[rule].append(blocks[rule])
    return {
        "rows": len(rows),
        "positive": sum(y > 0 for _, y in rows),
        "features": len(rows[0][0]),
        "swing": fmean(swing),
        "mistakes": fmean(mistakes),
        "held": fmean(held),
        "fitted": len(fit),
        "gain": gain(accuracy["average"], accuracy["last"]),
        "rules": {rule: components(accuracy[rule]) for rule in RULES},
        "average_better": share_better(accuracy["average"], accuracy["last"]),
    }


def split_rows(name, rows, split):
    """A third is for testing."""
    order = list(rows)
    random.Random(f"{name}/{split}").shuffle(order)
    cut = len(order) // 3
    return order[cut:], order[:cut]


def draw_rows(name, pool, split, draw):
    """Four fifths of the training rows."""
    return random.Random(f"{name}/{split}/{draw}").sample(pool, round(0.8 * len(pool)))


def standardise(fit, test):
    """Mean 0 and deviation 1 on the training rows, and a constant feature."""
    columns = list(zip(*(x for x, _ in fit)))
    means = [fmean(column) for column in columns]
    scales = [math.sqrt(variance(column)) or 1.0 for column in columns]

    def scale(rows):
        return [([(v - m) / s for v, m, s in zip(x, means, scales)] + [1.0], y) for x, y in rows]

    return scale(fit), scale(test)


def perceptron(rows, passes, rng):
    """Rosenblatt's rule. Also returns (step, weights, average so far) at each mistake.

    `average` is the mean of the weights over all steps, `pocket` the weights with the longest run
    of correct answers.
    """
    weights = [0.0] * len(rows[0][0])
    drift = list(weights)
    pocket, run, longest = weights, 0, -1
    order, step, history = list(range(len(rows))), 0, []
    for _ in range(passes):
        rng.shuffle(order)
        for i in order:
            x, y = rows[i]
            step += 1
            if y * sum(map(operator.mul, weights, x)) > 0:
                run += 1
                if run > longest:
                    pocket, longest = weights, run
            else:
                run = 0
                weights = [w + y * v for w, v in zip(weights, x)]
                drift = [d + (step - 1) * y * v for d, v in zip(drift, x)]
                history.append((step - 1, weights, [w - d / step for w, d in zip(weights, drift)]))
    average = [w - d / step for w, d in zip(weights, drift)]
    return {"last": weights, "pocket": pocket, "average": average}, history


def score(weights, rows):
    return fmean(y * sum(map(operator.mul, weights, x)) > 0 for x, y in rows)


def components(nested):
    """Mean, and the standard deviations that order, drawn rows and test split contribute (nested ANOVA)."""
    within = fmean(variance(cell) for block in nested for cell in block)
    of_cells = fmean(variance([fmean(cell) for cell in block]) for block in nested)
    of_blocks = variance([fmean(map(fmean, block)) for block in nested])
    orders, draws = len(nested[0][0]), len(nested[0])
    rows = max(0.0, of_cells - within / orders)
    split = max(0.0, of_blocks - of_cells / draws)
    return {
        "mean": fmean(fmean(cell) for block in nested for cell in block),
        "worst": min(value for block in nested for cell in block for value in cell),
        "order": math.sqrt(within),
        "rows": math.sqrt(rows),
        "split": math.sqrt(split),
        "split_means": [fmean(map(fmean, block)) for block in nested],
    }


def share_better(ours, theirs):
    """Shares of runs that are better, equal and worse."""
    pairs = [(a, b) for x, y in zip(ours, theirs) for p, q in zip(x, y) for a, b in zip(p, q)]
    better, worse = sum(a > b for a, b in pairs), sum(a < b for a, b in pairs)
    return {"better": better / len(pairs), "equal": 1 - (better + worse) / len(pairs), "worse": worse / len(pairs)}


def summary(measured):
    return {rule: {key: measured["rules"][rule][key] for key in ("mean", "order")} for rule in RULES}


def gain(ours, theirs):
    """Mean difference, and its standard error over the test splits."""
    differences = [fmean(map(fmean, x)) - fmean(map(fmean, y)) for x, y in zip(ours, theirs)]
    return {"mean": fmean(differences), "error": math.sqrt(variance(differences) / len(differences))}


def trace(rows):
    """Test accuracy at each mistake of the first WDBC run: [step, last weights, average so far]."""
    pool, test = split_rows("WDBC", rows, 0)
    fit, held_out = standardise(draw_rows("WDBC", pool, 0, 0), test)
    _, history = perceptron(fit, PASSES, random.Random("WDBC/0/0/0"))
    points = [[step + 1, score(last, held_out), score(average, held_out)] for step, last, average in history]
    return {"steps": PASSES * len(fit), "points": points}


def curve(traced, width=210.0, height=90.0, bottom=0.85) -> str:
    """Two PDF paths in points: last weights (grey), average so far (black); y is accuracy from `bottom` to 1."""
    paths = []
    for column, style in ((1, "0.6 G 0.5 w"), (2, "0 G 1 w")):
        path, y = [], None
        for point in traced["points"]:
            x = width * point[0] / traced["steps"]
            path.append(f"{x:.1f} {0 if y is None else y:.1f} {'m' if y is None else 'l'}")
            y = height * max(0.0, point[column] - bottom) / (1 - bottom)
            path.append(f"{x:.1f} {y:.1f} l")
        path.append(f"{width:.1f} {y:.1f} l S")
        paths.append(f"{style} 1 j\n" + "\n".join(path))
    return "% Written by measure.py; not edited by hand.\n\\pdfliteral{q\n" + "\n".join(paths) + "\nQ}%\n"


def numbers(result) -> str:
    lines = ["% Written by measure.py; not edited by hand."]
    for name, task in result["tasks"].items():
        cells = [f"{percent(task['rules'][rule]['mean'])} & {percent(task['rules'][rule]['order'], 2)}" for rule in RULES]
        last = task["rules"]["last"]
        macro = name.replace(" 1", "One").replace(" 2", "Two").replace(" 3", "Three")
        lines.append(rf"\newcommand\row{macro}{{{name} & {' & '.join(cells)} \\}}")
        lines.append(
            rf"\newcommand\source{macro}{{{name} & {percent(last['order'], 2)} & {percent(last['rows'], 2)} & "
            rf"{percent(last['split'], 2)} & {percent(task['mistakes'])} & {percent(task['swing'])} \\}}"
        )
        for key, share in task["average_better"].items():
            lines.append(rf"\newcommand\{key}{macro}{{{percent(share, 0)}}}")
        lines.append(rf"\newcommand\gain{macro}{{{percent(task['gain']['mean'], 2)}}}")
        lines.append(rf"\newcommand\gainError{macro}{{{percent(task['gain']['error'], 2)}}}")
        lines.append(rf"\newcommand\worstLast{macro}{{{percent(last['worst'])}}}")
        lines.append(rf"\newcommand\worstAverage{macro}{{{percent(task['rules']['average']['worst'])}}}")
        lines.append(rf"\newcommand\order{macro}{{{percent(last['order'], 2)}}}")
        lines.append(rf"\newcommand\orderAverage{macro}{{{percent(task['rules']['average']['order'], 2)}}}")
        lines.append(rf"\newcommand\rows{macro}{{{percent(last['rows'], 2)}}}")
        lines.append(rf"\newcommand\pair{macro}{{{percent(math.sqrt(2) * last['order'])}}}")
        lines.append(rf"\newcommand\fitted{macro}{{{task['fitted']}}}")
        lines.append(rf"\newcommand\mistakes{macro}{{{percent(task['mistakes'])}}}")
        lines.append(rf"\newcommand\swing{macro}{{{percent(task['swing'])}}}")
        lines.append(rf"\newcommand\held{macro}{{{percent(task['held'], 0)}}}")
    for passes, rules in result["passes"].items():
        cells = [f"{percent(rules[rule]['mean'])} & {percent(rules[rule]['order'], 2)}" for rule in RULES]
        word = {"1": "One", "3": "Three", "10": "Ten", "30": "Thirty"}[passes]
        lines.append(rf"\newcommand\passes{word}{{{passes} & {' & '.join(cells)} \\}}")
    return "\n".join(lines) + "\n"


def percent(share: float, digits: int = 1) -> str:
    return f"{100 * share:.{digits}f}"


if __name__ == "__main__":
    main()
