"""Makes fixtures/statistics.json and fixtures/units.json: what reference.py answers, for the TypeScript port to agree with.

Needs numpy and scipy >= 1.11 (older ones give t quantiles to 1e-8 only): python3 makeFixtures.py
"""
import json
from pathlib import Path

import numpy as np
import scipy
from scipy import stats

import reference

HERE = Path(__file__).resolve().parent
assert tuple(map(int, scipy.__version__.split(".")[:2])) >= (1, 11), "scipy >= 1.11 is needed"
rng = np.random.default_rng(20240607)


def main():
    comparisons = [make(kind, i) for kind in KINDS for i in range(KINDS[kind])]
    out = {
        "comparisons": comparisons,
        "families": [family(comparisons) for _ in range(200)],
        "flips": [flip(i) for i in range(60)],
        "leastSeeds": [[k, b, a, reference.n_min(k, b, a)] for k in range(1, 9) for b in range(1, 12) for a in (0.01, 0.05, 0.1)],
        "shares": [[b, reference.w(b)] for b in range(1, 30)],
        "effects": [[n, a, finite(reference.mde(1.0, n, a))] for n in range(2, 31) for a in (0.05 * 2 / 3, 0.05 / 6, 0.05 / 18, 0.01, 0.1)],
        "spreads": [spreads() for _ in range(20)],
        "chiSquare": [[n, float(stats.chi2.ppf(0.2, n - 1))] for n in range(2, 40)],
    }
    path = HERE / "fixtures" / "statistics.json"
    path.write_text(json.dumps(out, separators=(",", ":")) + "\n")
    print(len(comparisons), "comparisons,", path.stat().st_size, "bytes")
    make_units()


def make_units():
    """Comparisons of metrics that are no mean (F1, RMSE by a jackknife), and of examples in groups of unequal size."""
    own = np.random.default_rng(20240608)
    cases = [unit_case(kind, own) for kind in ("f1", "rmse", "groups") for _ in range(12)]
    path = HERE / "fixtures" / "units.json"
    path.write_text(json.dumps(cases, separators=(",", ":")) + "\n")
    print(len(cases), "comparisons of units,", path.stat().st_size, "bytes")


def unit_case(kind, own):
    n, rows, lift = int(own.integers(2, 7)), int(own.integers(60, 120)), float(own.choice([0.0, 0.05, 0.1]))
    truth, groups = own.integers(0, 2, rows), [f"s{i}" for i in np.sort(own.integers(0, 25, rows))]
    shared = own.normal(size=rows)
    arms = {}
    for arm, gain in (("baseline", 0.0), ("variant", lift)):
        noise = shared + 0.3 * own.normal(size=(n, rows))
        arms[arm] = [printed(kind, truth, np.where(noise > 1 + 2 * gain, 1 - truth, truth), noise * (1 - gain), groups) for noise in noise]
    delta, alpha, sign = float(own.choice([0.0, 0.02])), float(own.choice([0.05, 0.1])), -1 if kind == "rmse" else 1
    metric = lambda arm: sign * np.array([run["score"] for run in arms[arm]])
    units = lambda arm: sign * np.array([reference.group_means(run["examples"], groups) if kind == "groups" else reference.pseudo_values(run["score"], run["jackknife"]) for run in arms[arm]])
    got = reference.compare(metric("baseline"), metric("variant"), delta, alpha, units("baseline"), units("variant"))
    want = {to: (got[k] if isinstance(got[k], str) else float(got[k])) for k, to in {"mean": "mean", "unit": "unit", "p": "p", "pt": "pT", "pstar": "pStar", "pref": "pRefuted", "low": "low", "high": "high"}.items()}
    return {"kind": kind, "goal": "minimize" if kind == "rmse" else "maximize", "delta": delta, "alpha": alpha, **arms, "want": want}


def printed(kind, truth, said, error, groups):
    """What `evaluate` prints of one run: the metric and, beside it, what tells of its spread over the test set."""
    if kind == "groups":
        scores = (said == truth).astype(float)
        return {"score": float(scores.mean()), "examples": scores.tolist(), "groups": groups}
    f1 = lambda keep: 2 * (said[keep] * truth[keep]).sum() / max(1, said[keep].sum() + truth[keep].sum())
    rmse = lambda keep: np.sqrt((error[keep] ** 2).mean())
    score, blocks, at = f1 if kind == "f1" else rmse, 20 + len(truth) % 5, np.arange(len(truth))
    return {"score": float(score(at >= 0)), "jackknife": [round(float(score(at % blocks != b)), 9) for b in range(blocks)]}


def finite(x):
    return None if not np.isfinite(x) else float(x)


def listed(x):
    return None if x is None else np.asarray(x).tolist()


def make(kind, i):
    n = int(rng.integers(2, 13)) if i % 12 else 20
    delta = float(rng.choice([0.0, 0.0, 0.01, 0.02]))
    alpha = float(rng.choice([0.05, 0.05, 0.01, 0.1]))
    base, var, exb, exv = draw(kind, n)
    got = reference.compare(base, var, delta, alpha, exb, exv)
    keys = {"mean": "mean", "unit": "unit", "p": "p", "pt": "pT", "pstar": "pStar", "pref": "pRefuted", "low": "low", "high": "high"}
    return {
        "kind": kind, "delta": delta, "alpha": alpha, "base": listed(base), "var": listed(var), "exb": listed(exb), "exv": listed(exv),
        "want": {to: (got[k] if isinstance(got[k], str) else float(got[k])) for k, to in keys.items() if k in got},
    }


def examples(n, count, rate):
    e = int(rng.integers(8, 40))
    easy = rng.random(e)
    rows = lambda r: (rng.random((n, e)) < np.clip(easy * 0.6 + r * 0.5, 0, 1)).astype(int)
    return rows(rate), rows(rate + count)


def draw(kind, n):
    base = np.round(0.8 + 0.02 * rng.normal(size=n), 6)
    lift = float(rng.choice([-0.03, 0.0, 0.01, 0.03]))
    if kind == "gaussian":
        return base, np.round(base + lift + 0.02 * rng.normal(size=n), 6), None, None
    if kind == "full precision":
        return base, base + lift + 0.02 * rng.standard_t(3, size=n), None, None
    if kind == "accuracies":
        m = int(rng.choice([20, 50, 1000]))
        return rng.binomial(m, 0.8, n) / m, rng.binomial(m, min(1, 0.8 + lift), n) / m, None, None
    if kind == "constant difference":
        return base, base + lift, None, None
    if kind == "deterministic":
        return np.full(n, 0.8), np.full(n, 0.8 + lift), None, None
    if kind == "one arm deterministic":
        return np.full(n, 0.8), base + lift, None, None
    if kind == "one seed":
        return base[:1], base[:1] + lift, None, None
    if kind == "examples 0/1":
        b, v = examples(n, lift * 3, 0.4)
        return b.mean(1), v.mean(1), b, v
    if kind == "examples real":
        e = int(rng.integers(10, 25))
        b = np.round(rng.random((n, e)), 3)
        v = np.round(b + lift + 0.1 * rng.normal(size=(n, e)), 3)
        return b.mean(1), v.mean(1), b, v
    if kind == "few examples differ":
        b, _ = examples(n, 0, 0.4)
        v = b.copy()
        v[:, :4] = rng.integers(0, 2, (n, 4))
        return b.mean(1), v.mean(1), b, v
    if kind == "deterministic with examples":
        b, v = examples(1, lift * 5, 0.4)
        b, v = np.repeat(b, n, 0), np.repeat(v, n, 0)
        return b.mean(1), v.mean(1), b, v
    if kind == "deterministic with real examples":
        e = int(rng.integers(9, 20))  # at most 20 units: exact
        b = np.repeat(np.round(rng.random((1, e)), 3), n, 0)
        v = np.repeat(np.round(b[:1] + lift + 0.05 * rng.normal(size=(1, e)), 3), n, 0)
        return b.mean(1), v.mean(1), b, v
    raise ValueError(kind)


KINDS = {
    "gaussian": 110, "full precision": 60, "accuracies": 100, "constant difference": 24, "deterministic": 12,
    "one arm deterministic": 30, "one seed": 4, "examples 0/1": 80, "examples real": 30, "few examples differ": 40,
    "deterministic with examples": 40, "deterministic with real examples": 40,
}


def family(comparisons):
    """Several variants of one registration at some try, by index into the comparisons."""
    k = int(rng.integers(1, 6))
    b = int(rng.integers(1, 5))
    delta = float(rng.choice([0.0, 0.01]))
    alpha = float(rng.choice([0.05, 0.1]))
    chosen = [int(i) for i in rng.integers(0, len(comparisons), k)]
    results = [{"mean": c["want"]["mean"], "pstar": c["want"]["pStar"], "pref": c["want"]["pRefuted"]} for c in (comparisons[i] for i in chosen)]
    return {"chosen": chosen, "b": b, "delta": delta, "alpha": alpha, "want": [list(v) for v in reference.verdicts(results, b, delta, alpha)]}


def flip(i):
    """Flip tests on their own; beyond 20 units the reference draws, so the truth is taken from a normal-size draw of 4e6."""
    n = int(rng.integers(21, 60)) if i % 2 else int(rng.integers(1, 21))
    x = np.round(rng.normal(size=n) + rng.choice([0.0, 0.2, 0.4]), 4) if i % 3 else rng.integers(-3, 5, n) / 10
    if n <= 20:
        return {"x": x.tolist(), "p": reference.flip_p(x), "exact": True}
    hits, draws, obs, tol = 0, 0, x.sum(), 1e-12 * np.abs(x).sum()
    for _ in range(40):
        signs = rng.integers(0, 2, (100000, n), dtype=np.int8) * 2 - 1
        hits += int((signs @ x >= obs - tol).sum())
        draws += 100000
    return {"x": x.tolist(), "p": hits / draws, "exact": False}


def spreads():
    n, e = int(rng.integers(2, 8)), int(rng.integers(8, 20))
    d = np.round(rng.normal(size=(n, e)) + rng.normal(size=(n, 1)), 3)
    v, nu = reference.spread(d.mean(1), d)
    return {"D": d.tolist(), "variance": float(v), "freedom": float(nu)}


if __name__ == "__main__":
    main()
