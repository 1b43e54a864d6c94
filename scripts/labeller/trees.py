"""Packs what is asked about a trace into one tree of tokens, as the product does: every prefix stands there once.

Pieces are tokenised each on its own, and a target after its context, exactly as src/likelihood/token-trie.ts does.
"""

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import torch
from tokenizers import Tokenizer

BEFORE_TARGET = ("\n", "\n")
VERDICT = ("\n", "\n", "Is the last step correct?")
VERDICTS = (" No", " Yes")


class Encoder:
    def __init__(self, tokenizer: Tokenizer):
        self.tokenizer = tokenizer
        self.encode = lru_cache(200_000)(self._encode)

    def _encode(self, piece: str) -> tuple[int, ...]:
        return tuple(self.tokenizer.encode(piece, add_special_tokens=False).ids)


@dataclass
class Tree:
    """Node n is the prefix that ends in tokens[n]. `edges` are (node, token) to be predicted, each once."""

    encoder: Encoder
    tokens: list[int] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    depths: list[int] = field(default_factory=list)
    edges: dict[tuple[int, int], int] = field(default_factory=dict)
    children: dict[tuple[int, int], int] = field(default_factory=dict)

    def extend(self, node: int, *pieces: str) -> int:
        for piece in pieces:
            for token in self.encoder.encode(piece):
                node = self.child(node, token)
        return node

    def child(self, node: int, token: int) -> int:
        key = (node, token)
        if key not in self.children:
            self.children[key] = len(self.tokens)
            self.tokens.append(token)
            self.parents.append(node)
            self.depths.append(self.depths[node] + 1 if node >= 0 else 0)
        return self.children[key]

    def target(self, node: int, text: str) -> list[int]:
        """Adds a target after a node; returns the numbers of the edges that make it up."""
        path = []
        tokens = self.encoder.encode(text)
        for index, token in enumerate(tokens):
            path.append(self.edges.setdefault((node, token), len(self.edges)))
            if index + 1 < len(tokens):
                node = self.child(node, token)
        return path

    def mask(self) -> np.ndarray:
        """[nodes, nodes]: a node sees itself and its ancestors."""
        size = len(self.tokens)
        seen = np.zeros((size, size), dtype=bool)
        for node, parent in enumerate(self.parents):
            if parent >= 0:
                seen[node] = seen[parent]
            seen[node, node] = True
        return seen


@dataclass
class Batch:
    ids: torch.Tensor
    positions: torch.Tensor
    mask: torch.Tensor
    rows: torch.Tensor
    """Flat indices (tree · longest + node) of the nodes that predict something."""
    row_of_edge: torch.Tensor
    token_of_edge: torch.Tensor
    first_edge: list[int]


def make_batch(trees: list[Tree]) -> Batch:
    longest = max(len(tree.tokens) for tree in trees)
    ids = np.zeros((len(trees), longest), dtype=np.int64)
    positions = np.zeros((len(trees), longest), dtype=np.float32)
    mask = np.zeros((len(trees), 1, longest, longest), dtype=bool)
    rows: dict[int, int] = {}
    row_of_edge, token_of_edge, first_edge = [], [], []
    for index, tree in enumerate(trees):
        size = len(tree.tokens)
        ids[index, :size] = tree.tokens
        positions[index, :size] = tree.depths
        mask[index, 0, :size, :size] = tree.mask()
        mask[index, 0, range(size, longest), range(size, longest)] = True
        first_edge.append(len(row_of_edge))
        for node, token in tree.edges:
            row_of_edge.append(rows.setdefault(index * longest + node, len(rows)))
            token_of_edge.append(token)
    tensor = torch.from_numpy
    return Batch(
        tensor(ids), tensor(positions), tensor(mask), torch.tensor(list(rows)),
        torch.tensor(row_of_edge), torch.tensor(token_of_edge), first_edge,
    )


def edge_log_probs(model, batch: Batch) -> torch.Tensor:
    """Natural-log probability of each edge's token, over all trees in their order. [edges]"""
    hidden = model.hidden(batch.ids, batch.positions, batch.mask).flatten(0, 1)[batch.rows]
    logits = model.logits(hidden.float())  # in 32 bits: 16 would round a logit of 20 to an eighth
    logs = logits - logits.logsumexp(-1, keepdim=True)
    return logs[batch.row_of_edge, batch.token_of_edge]
