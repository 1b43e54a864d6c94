"""How well rewards and verdicts tell right steps from first wrong ones on labelled traces, without their last steps.

    python judge.py --gguf MODEL.gguf --tokenizer ../../model/tokenizer.json --judge dev.jsonl [--adapter model.safetensors]

A look while training: in 16 bits, on one template. What counts is measured by the product itself (`npm run evaluate`).
"""

import argparse
import json
from collections import defaultdict
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer

from smollm import SmolLM
from traces import judge_trace
from trees import Encoder, edge_log_probs, make_batch

ESTIMATORS = ("marginal", "incremental", "verdict")


def auc(scores: list[float], labels: list[float]) -> float:
    """How often a right step has the higher score; 0.5 for ties."""
    right = sorted(s for s, label in zip(scores, labels) if label)
    wrong = [s for s, label in zip(scores, labels) if not label]
    if not right or not wrong:
        return float("nan")
    values = torch.tensor(right)
    low = torch.searchsorted(values, torch.tensor(wrong))
    high = torch.searchsorted(values, torch.tensor(wrong), right=True)
    above = len(right) - high
    return float((above + 0.5 * (high - low)).sum() / (len(right) * len(wrong)))


@torch.no_grad()
def judge_file(model: SmolLM, encoder: Encoder, path: Path, tasks: tuple[str, ...] | None = None) -> dict[str, dict[str, float]]:
    """AUC by task and by what is scored; `all` pools the tasks."""
    scores: dict[tuple[str, str], list[float]] = defaultdict(list)
    labels: dict[tuple[str, str], list[float]] = defaultdict(list)
    for line in path.open():
        record = json.loads(line)
        if tasks and record["task"] not in tasks:
            continue
        asked = judge_trace(encoder, record, ESTIMATORS)
        if not asked.gains or len(asked.tree.tokens) > 3000:
            continue
        logs = edge_log_probs(model, make_batch([asked.tree]))
        for group in (record["task"], "all"):
            for before, after, mark, estimator in asked.gains:
                gains = [float(logs[a].mean() - logs[b].mean()) for b, a in zip(before, after)]
                contrast = sum(gains[1:]) / (len(gains) - 1) if len(gains) > 1 else 0.0
                scores[estimator, group].append(gains[0] - contrast)
                labels[estimator, group].append(mark)
            for no, yes, mark in asked.verdicts:
                scores["verdict", group].append(float(logs[yes].sum() - logs[no].sum()))
                labels["verdict", group].append(mark)
    result: dict[str, dict[str, float]] = defaultdict(dict)
    for (estimator, group), values in scores.items():
        result[estimator][group] = round(auc(values, labels[estimator, group]), 4)
    return dict(result)


def load_adapter(model: SmolLM, path: Path) -> None:
    unknown = model.load_state_dict(load_file(path), strict=False).unexpected_keys
    if unknown:
        raise ValueError(f"{path} is no adapter of this shape: {', '.join(unknown[:3])}")


def main() -> None:
    options = argparse.ArgumentParser()
    for name in ("gguf", "tokenizer", "judge"):
        options.add_argument(f"--{name}", type=Path, required=True)
    options.add_argument("--adapter", type=Path)
    options.add_argument("--rank", type=int, default=16)
    options.add_argument("--first-layer", type=int, default=10)
    options.add_argument("--threads", type=int, default=1)
    given = options.parse_args()
    torch.set_num_threads(given.threads)
    model = SmolLM(given.gguf, rank=given.rank if given.adapter else 0, first_layer=given.first_layer)
    if given.adapter:
        load_adapter(model, given.adapter)
    encoder = Encoder(Tokenizer.from_file(str(given.tokenizer)))
    print(json.dumps(judge_file(model, encoder, given.judge), indent=1))


if __name__ == "__main__":
    main()
