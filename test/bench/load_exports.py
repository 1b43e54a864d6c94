"""Loads what `steplens export` writes as the trainers' own loaders do, and checks what they take for granted.

    pip install "datasets==5.2.0" "transformers==5.24.0"
    python test/bench/load_exports.py examples/traces.openrlhf.jsonl examples/traces.rlhflow.jsonl ...

Each check says in its first line whose loader it follows. The format is told from the file's name.
"""

import argparse
import os
import re
import sys
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")

from datasets import disable_progress_bars, load_dataset
from transformers import AutoTokenizer

MARK = "ки"
ROOT = Path(__file__).resolve().parents[2]


def trl(rows):
    """TRL's PRMTrainer (to 1.13.0): a prompt, and one text and one boolean a step."""
    for row in rows:
        assert isinstance(row["prompt"], str)
        assert len(row["completions"]) == len(row["labels"]) == len(row["soft_labels"])
        assert all(isinstance(label, bool) for label in row["labels"])
        yield len(row["labels"])


def openrlhf(rows):
    """OpenRLHF's ProcessRewardDataset (to 0.9): as many placeholder tokens as values, words or floats."""
    tokenizer = AutoTokenizer.from_pretrained(ROOT / "model")
    tokenizer.add_tokens([MARK])  # it has to be one token, in front of a step and alone
    (mark,) = tokenizer.encode(MARK, add_special_tokens=False)
    for row in rows:
        placeholders = tokenizer(row["input"], add_special_tokens=False)["input_ids"].count(mark)
        assert placeholders == len(row["value"]) == len(row["soft_value"])
        assert all(value in ("+", "-") for value in row["value"])
        assert all(isinstance(value, float) and 0 <= value <= 1 for value in row["soft_value"])
        yield placeholders


def rlhflow(rows):
    """RLHFlow's math-rm (axolotl, sharegpt): turns of user and assistant; the assistant's are one sign each."""
    for row in rows:
        turns = row["conversations"]
        assert [turn["role"] for turn in turns] == ["user", "assistant"] * (len(turns) // 2)
        assert all(turn["content"] in ("+", "-") for turn in turns[1::2])
        assert all(turn["content"].strip() for turn in turns[::2])
        yield len(turns) // 2


def math_shepherd(rows):
    """Math-Shepherd as its readers take it: input and label are one text but for a sign in place of each mark."""
    for row in rows:
        pieces = row["input"].split(MARK)
        assert pieces[-1] == "" and re.search(r"\bStep 1:", pieces[0])
        position, signs = 0, []
        for piece in pieces[:-1]:
            assert row["label"].startswith(piece, position)
            position += len(piece)
            signs.append(row["label"][position])
            position += 1
        assert position == len(row["label"]) and set(signs) <= {"+", "-"}
        yield len(signs)


def prm800k(rows):
    """PRM800K's README: the trace is what was chosen, each completion rated -1, 0 or 1."""
    # What readers drop or filter by; a column that is not there stops them.
    wanted = {"labeler", "timestamp", "generation", "is_quality_control_question", "is_initial_screening_question"}
    assert wanted <= set(rows.column_names), sorted(wanted - set(rows.column_names))
    for row in rows:
        assert isinstance(row["question"]["problem"], str)
        for step in row["label"]["steps"]:
            chosen = step["completions"][step["chosen_completion"]]
            assert isinstance(chosen["text"], str) and chosen["rating"] in (-1, 0, 1)
            assert step["human_completion"] is None
        yield len(row["label"]["steps"])


CHECKS = {
    "trl": trl,
    "openrlhf": openrlhf,
    "rlhflow": rlhflow,
    "math-shepherd": math_shepherd,
    "prm800k": prm800k,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="+", help="files named NAME.FORMAT.jsonl, as steplens export names them")
    disable_progress_bars()
    for file in parser.parse_args().files:
        name = Path(file).name.split(".")[-2]
        if name not in CHECKS:
            sys.exit(f"{file}: the name does not say which format it is ({', '.join(CHECKS)})")
        rows = load_dataset("json", data_files=file, split="train")
        steps = list(CHECKS[name](rows))
        print(f"{file}: {len(steps)} traces, {sum(steps)} steps, loads as {name}")


if __name__ == "__main__":
    main()
