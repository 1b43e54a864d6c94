"""Samples rollouts from the prefixes that prompts.ts wrote, with SmolLM2 in PyTorch: far faster than a token at a time.

python sample.py --gguf FILE --tokenizer tokenizer.json --prompts prompts.jsonl --out .cache/rollouts/dev.jsonl
Goes on where it was stopped. A prefix's first 8 texts are the policy's, the last 4 the prover's.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import torch
from tokenizers import Tokenizer

sys.path.insert(0, str(Path(__file__).parents[2] / "labeller"))
from smollm import Cache, SmolLM  # noqa: E402

ROLLOUTS = 12
TEMPERATURE, TOP_P, TOP_K = 0.6, 0.95, 20  # as the comparison in the paper samples
MAX_TOKENS = 256
ENDS = (0, 2)  # <|endoftext|>, <|im_end|>
#: Sequences times positions that are sampled together: what their keys and values take of memory.
POSITIONS_AT_ONCE = 80_000
PROMPTS_IN_ORDER = 80
#: Sequences that have ended are taken out when fewer than this share goes on: it copies the whole cache.
STILL_GOING = 0.8


def draw(logits: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
    """One token a row: the K likeliest, then of those the fewest with P of the probability."""
    values, tokens = logits.float().topk(TOP_K, dim=-1)
    shares = torch.softmax(values / TEMPERATURE, dim=-1)
    before = shares.cumsum(dim=-1) - shares
    kept = torch.where(before < TOP_P, shares, 0)
    return tokens.gather(1, torch.multinomial(kept, 1, generator=generator))[:, 0]


def repeated(cache: Cache, times: int) -> None:
    cache.keys = cache.keys.repeat_interleave(times, dim=1)
    cache.values = cache.values.repeat_interleave(times, dim=1)


def only(cache: Cache, rows: torch.Tensor) -> None:
    cache.keys = cache.keys[:, rows]
    cache.values = cache.values[:, rows]


@torch.inference_mode()
def sample(model: SmolLM, prompts: list[list[int]], generator: torch.Generator) -> list[list[int]]:
    """ROLLOUTS continuations of each prompt, without what ends them; a prompt's stand together."""
    length = max(len(prompt) for prompt in prompts)
    padding = torch.tensor([length - len(prompt) for prompt in prompts])
    ids = torch.tensor([[0] * (length - len(prompt)) + prompt for prompt in prompts])
    place = torch.arange(length)
    positions = (place[None] - padding[:, None]).clamp(min=0)
    real = place[None] >= padding[:, None]
    # A row of padding sees itself, as a softmax over nothing is no number.
    seen = (real[:, None, :] & (place[None, :, None] >= place[None, None, :])) | torch.eye(length, dtype=torch.bool)
    cache = Cache(model.shape, len(prompts), length + MAX_TOKENS, model.dtype)
    last = model.hidden(ids, positions, seen[:, None], cache)[:, -1]
    repeated(cache, ROLLOUTS)
    last = last.repeat_interleave(ROLLOUTS, dim=0)
    real = torch.cat((real, torch.ones(len(prompts), MAX_TOKENS, dtype=torch.bool)), dim=1).repeat_interleave(ROLLOUTS, dim=0)
    next_position = torch.tensor([len(prompt) for prompt in prompts]).repeat_interleave(ROLLOUTS)
    sampled: list[list[int]] = [[] for _ in range(len(prompts) * ROLLOUTS)]
    rows = torch.arange(len(sampled))
    going = torch.ones(len(sampled), dtype=torch.bool)
    for step in range(MAX_TOKENS):
        tokens = draw(model.logits(last), generator)
        going &= torch.tensor([token not in ENDS for token in tokens.tolist()])
        for row, token in zip(rows[going].tolist(), tokens[going].tolist()):
            sampled[row].append(token)
        if not going.any() or step + 1 == MAX_TOKENS:
            break
        if going.float().mean() < STILL_GOING:
            only(cache, going)
            rows, tokens, real, next_position = rows[going], tokens[going], real[going], next_position[going]
            going = going[going]
        mask = real[:, None, None, : cache.used + 1]
        last = model.hidden(tokens[:, None], next_position[:, None], mask, cache)[:, -1]
        next_position = next_position + 1
    return sampled


def groups(prompts: list[dict]):
    """Prompts of like length together, as many as memory holds; of some traces at a time, so that a run that is stopped has
    whole ones."""
    for start in range(0, len(prompts), PROMPTS_IN_ORDER):
        group: list[dict] = []
        for prompt in sorted(prompts[start : start + PROMPTS_IN_ORDER], key=lambda p: len(p["tokens"])):
            room = (len(prompt["tokens"]) + MAX_TOKENS) * ROLLOUTS
            if group and room * (len(group) + 1) > POSITIONS_AT_ONCE:
                yield group
                group = []
            group.append(prompt)
        if group:
            yield group


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gguf", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, required=True)
    parser.add_argument("--prompts", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(arguments.tokenizer))
    model = SmolLM(arguments.gguf)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    known = set()
    torn = False
    if arguments.out.exists():
        text = arguments.out.read_text()
        torn = text != "" and not text.endswith("\n")
        for line in text.splitlines():
            try:
                record = json.loads(line)
                known.add((record["id"], record["prefix"]))
            except ValueError:
                pass  # cut off where it was stopped: sampled again
    wanted = [json.loads(line) for line in arguments.prompts.read_text().splitlines()]
    missing = [prompt for prompt in wanted if (prompt["id"], prompt["prefix"]) not in known]
    generator = torch.Generator().manual_seed(arguments.seed)
    done, started, generated = 0, time.time(), 0
    with arguments.out.open("a") as out:
        out.write("\n" if torn else "")
        for group in groups(missing):
            before = time.time()
            sampled = sample(model, [prompt["tokens"] for prompt in group], generator)
            seconds = (time.time() - before) / len(group)
            for at, prompt in enumerate(group):
                rows = sampled[at * ROLLOUTS : (at + 1) * ROLLOUTS]
                record = {
                    "id": prompt["id"],
                    "prefix": prompt["prefix"],
                    "texts": [tokenizer.decode(row) for row in rows],
                    "seconds": round(seconds, 2),
                    "generatedTokens": sum(len(row) for row in rows),
                }
                generated += record["generatedTokens"]
                out.write(json.dumps(record) + "\n")
            out.flush()
            done += len(group)
            speed = generated / (time.time() - started)
            print(f"{done} of {len(missing)} prefixes, {generated} tokens, {speed:.0f} a second", flush=True)


if __name__ == "__main__":
    main()
