"""Looks for questions of labelled traces among the training problems: equal ones, and those that share most of their words.

    python contamination.py --problems gsm8k_train.jsonl dev.jsonl mr_ben.dev.jsonl
"""

import argparse
import json
import re
from pathlib import Path

from problems import read_problems

WORDS = 8


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())


def runs(text: str) -> set[tuple[str, ...]]:
    """All runs of so many words; of a shorter text, all of it."""
    found = words(text)
    return {tuple(found[i : i + WORDS]) for i in range(max(1, len(found) - WORDS + 1))}


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--problems", type=Path, required=True)
    options.add_argument("labelled", type=Path, nargs="+")
    given = options.parse_args()
    known: dict[tuple[str, ...], int] = {}
    for index, problem in enumerate(read_problems(given.problems)):
        for run in runs(problem.question):
            known.setdefault(run, index)
    for path in given.labelled:
        questions = {json.loads(line)["question"] for line in path.open() if line.strip()}
        shares = sorted(
            ((sum(run in known for run in runs(q)) / len(runs(q)), q) for q in questions), reverse=True
        )
        half = [(share, q) for share, q in shares if share >= 0.5]
        print(f"{path.name}: {len(questions)} questions, {len(half)} share half of their runs of {WORDS} words with a training problem")
        for share, question in half[:10]:
            print(f"  {share:.2f} {question[:160]}")


if __name__ == "__main__":
    main()
