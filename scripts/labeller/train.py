"""Trains a low-rank adapter of SmolLM2-135M-Instruct to give step rewards. See README.md for what and why.

    python train.py --gguf MODEL.gguf --tokenizer ../../model/tokenizer.json --problems gsm8k_train.jsonl --out OUT
"""

import argparse
import json
import math
import random
import time
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor, nn

from judge import judge_file, load_adapter
from problems import read_problems
from smollm import SmolLM
from traces import Asked, ask_problem
from trees import Encoder, edge_log_probs, make_batch


class Scale(nn.Module):
    """The logit that a step is right, of its reward: slope · reward + offset. Only training needs it."""

    def __init__(self, slope: float):
        super().__init__()
        self.slope = nn.Parameter(torch.tensor(math.log(slope)))
        self.offset = nn.Parameter(torch.tensor(0.0))

    def forward(self, reward: Tensor) -> Tensor:
        return self.slope.exp() * reward + self.offset


class Paths:
    """Mean and summed log-likelihoods of many targets at once: thousands of small operations would cost more than the model."""

    def __init__(self) -> None:
        self.edges: list[int] = []
        self.owners: list[int] = []
        self.lengths: list[int] = []

    def add(self, first_edge: int, path: list[int]) -> int:
        owner = len(self.lengths)
        self.edges += [first_edge + edge for edge in path]
        self.owners += [owner] * len(path)
        self.lengths.append(len(path))
        return owner

    def sums(self, logs: Tensor) -> Tensor:
        return torch.zeros(len(self.lengths)).index_add(0, torch.tensor(self.owners), logs[torch.tensor(self.edges)])


def losses(logs: Tensor, asked: list[Asked], first_edge: list[int], scales: nn.ModuleDict, wrong_weight: float) -> dict[str, Tensor]:
    """Three losses, each a mean: that rewards tell right steps from wrong ones, that verdicts do, that gold is likely."""
    paths = Paths()
    # Of each reward the weights of its paths: CPMI is a weighted sum of mean log-likelihoods.
    terms: dict[str, tuple[list[int], list[int], list[float]]] = {}
    marks: dict[str, list[float]] = {}
    verdicts, verdict_marks, golds = [], [], []
    for one, first in zip(asked, first_edge):
        known: dict[int, int] = {}

        def add(path: list[int], first: int = first, known: dict[int, int] = known) -> int:
            if id(path) not in known:
                known[id(path)] = paths.add(first, path)
            return known[id(path)]

        for before, after, mark, estimator in one.gains:
            which, row, weight = terms.setdefault(estimator, ([], [], []))
            labels = marks.setdefault(estimator, [])
            for answer in range(len(after)):
                share = 1.0 if answer == 0 else -1.0 / (len(after) - 1)
                for path, sign in ((after[answer], 1.0), (before[answer], -1.0)):
                    which.append(add(path))
                    row.append(len(labels))
                    weight.append(share * sign)
            labels.append(mark)
        for no, yes, mark in one.verdicts:
            verdicts.append((add(no), add(yes)))
            verdict_marks.append(mark)
        golds += [add(path) for path in one.answers]
    sums = paths.sums(logs)
    means = sums / torch.tensor(paths.lengths)
    bce = lambda logits, labels: F.binary_cross_entropy_with_logits(
        logits, torch.tensor(labels), weight=torch.tensor([1.0 if mark else wrong_weight for mark in labels])
    )
    found = {}
    for name, (which, row, weight) in terms.items():
        rewards = torch.zeros(len(marks[name])).index_add(0, torch.tensor(row), means[which] * torch.tensor(weight))
        found[f"reward, {name}"] = bce(scales[name](rewards), marks[name])
    if verdicts:
        no, yes = sums[torch.tensor(verdicts)].unbind(1)
        right = torch.tensor(verdict_marks)
        found["verdict"] = bce(yes - no, verdict_marks) - 0.1 * (right * yes + (1 - right) * no).mean()
    if golds:
        found["gold answer"] = -0.2 * means[golds].mean()
    return found


def main() -> None:
    options = argparse.ArgumentParser()
    for name in ("gguf", "tokenizer", "problems", "out"):
        options.add_argument(f"--{name}", type=Path, required=True)
    options.add_argument("--adapter", type=Path, help="goes on from an earlier run")
    options.add_argument("--judge", type=Path, help="labelled traces, as prepare.ts writes them, to look at as training goes")
    options.add_argument("--judge-every", type=int, default=150)
    options.add_argument("--minutes", type=float, default=60)
    options.add_argument("--batch", type=int, default=8)
    options.add_argument("--rank", type=int, default=16)
    options.add_argument("--first-layer", type=int, default=10)
    options.add_argument("--rate", type=float, default=4e-4)
    options.add_argument("--threads", type=int, default=1)
    options.add_argument("--seed", type=int, default=0)
    given = options.parse_args()
    torch.manual_seed(given.seed)
    torch.set_num_threads(given.threads)
    rng = random.Random(given.seed)
    given.out.mkdir(parents=True, exist_ok=True)
    encoder = Encoder(Tokenizer.from_file(str(given.tokenizer)))
    problems = read_problems(given.problems)
    model = SmolLM(given.gguf, rank=given.rank, first_layer=given.first_layer)
    if given.adapter:
        load_adapter(model, given.adapter)
    scales = nn.ModuleDict({"marginal": Scale(4.0), "incremental": Scale(4.0)})
    optimizer = torch.optim.AdamW(
        [{"params": model.parameters()}, {"params": scales.parameters(), "lr": 1e-2}], lr=given.rate, weight_decay=0.01
    )
    log = (given.out / "log.jsonl").open("w")
    save = lambda: save_file(
        {name: tensor.half() for name, tensor in model.adapter().items()}, given.out / "model.safetensors"
    )

    def note(entry: dict) -> None:
        log.write(json.dumps(entry) + "\n")
        log.flush()
        print(json.dumps(entry), flush=True)

    started = time.time()
    used = 0.0  # of the time, without what looking at labelled traces takes
    step = 0
    order: list[int] = []
    while used < given.minutes * 60:
        begun = time.time()
        progress = used / (given.minutes * 60)
        asked: list[Asked] = []
        while len(asked) < given.batch:
            if not order:
                order = rng.sample(range(len(problems)), len(problems))
            one = ask_problem(encoder, problems[order.pop()], rng)
            if one is not None and len(one.tree.tokens) <= 640:
                asked.append(one)
        rate = min(1.0, (step + 1) / 20) * (0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * progress)))
        for group, base in zip(optimizer.param_groups, (given.rate, 1e-2)):
            group["lr"] = base * rate
        batch = make_batch([one.tree for one in asked])
        found = losses(edge_log_probs(model, batch), asked, batch.first_edge, scales, wrong_weight=1.5)
        loss = sum(found.values())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        used += time.time() - begun
        step += 1
        note({"step": step, "seconds": round(time.time() - started), "nodes": sum(len(one.tree.tokens) for one in asked),
              "losses": {name: round(value.item(), 4) for name, value in found.items()},
              "slopes": {name: round(scale.slope.exp().item(), 3) for name, scale in scales.items()}})
        if step % given.judge_every == 0:  # and a run that is stopped loses no more than that
            save()
            if given.judge:
                note({"step": step, "auc": judge_file(model, encoder, given.judge, tasks=("gsm8k",))})
    save()
    note({"step": step, "scales": {name: [scale.slope.exp().item(), scale.offset.item()] for name, scale in scales.items()}})
    if given.judge:
        note({"step": step, "auc": judge_file(model, encoder, given.judge)})


if __name__ == "__main__":
    main()
