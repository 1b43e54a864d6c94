"""How much better one reward is than another on the same labelled traces: step AUC without last steps, and its difference.

    python compare.py ONE.jsonl OTHER.jsonl      # what `steplens eval --save` has written
"""

import argparse
import json
import random
from pathlib import Path

import numpy as np

RESAMPLES = 1000
LEAST_TRACES = 50

Step = tuple[float, float, bool]
"""A step's two rewards, and whether it is right."""


def read(path: Path) -> dict[str, dict]:
    return {record["id"]: record for record in map(json.loads, path.open()) if record.get("firstError") is not None}


def steps_of(one: dict, other: dict) -> list[Step]:
    """Up to the first error, without the last step, as both rewards are of the same steps."""
    first = one["firstError"]
    pairs = list(zip(one["steps"], other["steps"], strict=True))[:-1]
    told = pairs if first < 0 else pairs[: first + 1]
    return [(a["reward"], b["reward"], at != first) for at, (a, b) in enumerate(told)]


def auc(rewards: np.ndarray, right: np.ndarray) -> float:
    """How often a right step has the higher reward; a tie counts half."""
    ordered = np.sort(rewards)
    ranks = (np.searchsorted(ordered, rewards, "left") + np.searchsorted(ordered, rewards, "right") + 1) / 2
    rights, wrongs = right.sum(), (~right).sum()
    return float((ranks[right].sum() - rights * (rights + 1) / 2) / (rights * wrongs))


def both(traces: list[list[Step]]) -> tuple[float, float]:
    one, other, right = map(np.array, zip(*(step for trace in traces for step in trace)))
    return auc(one, right), auc(other, right)


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("one", type=Path)
    options.add_argument("other", type=Path)
    given = options.parse_args()
    one, other = read(given.one), read(given.other)
    shared = [(one[name], other[name]) for name in one if name in other]
    tasks = sorted({a["task"] for a, _ in shared})
    for name in ["all", *tasks]:
        traces = [steps_of(a, b) for a, b in shared if name in ("all", a["task"])]
        if len(traces) < LEAST_TRACES:
            continue
        rng = random.Random(0)
        gains = sorted(a - b for a, b in (both(rng.choices(traces, k=len(traces))) for _ in range(RESAMPLES)))
        low, high = gains[RESAMPLES // 40], gains[-RESAMPLES // 40 - 1]
        a, b = both(traces)
        print(f"{name}: {len(traces)} traces, {a:.3f} and {b:.3f}, difference {a - b:+.3f} [{low:+.3f}, {high:+.3f}]")


if __name__ == "__main__":
    main()
