"""SmolLM2 in plain PyTorch, with what training a labeller needs: a tree attention mask, LoRA, and a cache for sampling.

The weights come from the GGUF file that the bundled model is made of, so that an adapter fits what is bundled.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import gguf
import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Shape:
    layers: int = 30
    hidden: int = 576
    heads: int = 9
    kv_heads: int = 3
    head_dim: int = 64
    inner: int = 1536
    vocabulary: int = 49152
    rope_theta: float = 100_000.0
    epsilon: float = 1e-5


class Projection(nn.Module):
    """A linear map without bias, frozen, and a low-rank change to it: y = x·(W + B·A)ᵀ."""

    def __init__(self, weight: Tensor, rank: int):
        super().__init__()
        self.register_buffer("weight", weight)
        self.rank = rank
        if rank > 0:
            outputs, inputs = weight.shape
            self.a = nn.Parameter(torch.randn(rank, inputs) / math.sqrt(inputs))
            self.b = nn.Parameter(torch.zeros(outputs, rank))

    def forward(self, x: Tensor) -> Tensor:
        # The sum is taken over the weights, once a batch: with thousands of positions that is the cheaper side.
        change = (self.b @ self.a).to(x.dtype) if self.rank > 0 else 0
        return F.linear(x, self.weight + change)


def rms_norm(x: Tensor, weight: Tensor, epsilon: float) -> Tensor:
    return F.rms_norm(x, (x.shape[-1],), weight, epsilon)


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """x: [batch, heads, positions, head_dim]; cos, sin: [batch, 1, positions, head_dim]."""
    first, second = x.chunk(2, dim=-1)
    return x * cos + torch.cat((-second, first), dim=-1) * sin


class Layer(nn.Module):
    def __init__(self, tensors: dict[str, Tensor], shape: Shape, rank: int):
        super().__init__()
        self.shape = shape
        self.register_buffer("attention_norm", tensors["attn_norm"])
        self.register_buffer("inner_norm", tensors["ffn_norm"])
        self.q = Projection(tensors["attn_q"], rank)
        self.k = Projection(tensors["attn_k"], rank)
        self.v = Projection(tensors["attn_v"], rank)
        self.o = Projection(tensors["attn_output"], rank)
        self.gate = Projection(tensors["ffn_gate"], rank)
        self.up = Projection(tensors["ffn_up"], rank)
        self.down = Projection(tensors["ffn_down"], rank)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor, cache: "Cache | None", layer: int) -> Tensor:
        shape = self.shape
        batch, positions, _ = x.shape
        y = rms_norm(x, self.attention_norm, shape.epsilon)
        split = lambda z, heads: z.view(batch, positions, heads, shape.head_dim).transpose(1, 2)
        q = rotate(split(self.q(y), shape.heads), cos, sin)
        k = rotate(split(self.k(y), shape.kv_heads), cos, sin)
        v = split(self.v(y), shape.kv_heads)
        if cache is not None:
            k, v = cache.extend(layer, k, v)
        # The heads that share keys and values are laid behind one another as positions: no copy of keys and values.
        shared = shape.heads // shape.kv_heads
        q = q.reshape(batch, shape.kv_heads, shared * positions, shape.head_dim)
        attended = F.scaled_dot_product_attention(q, k, v, attn_mask=mask.repeat(1, 1, shared, 1))
        attended = attended.view(batch, shape.heads, positions, shape.head_dim)
        x = x + self.o(attended.transpose(1, 2).reshape(batch, positions, -1))
        y = rms_norm(x, self.inner_norm, shape.epsilon)
        return x + self.down(F.silu(self.gate(y)) * self.up(y))


class Cache:
    """Keys and values of the positions so far, in room made once."""

    def __init__(self, shape: Shape, batch: int, room: int, dtype: torch.dtype):
        size = (shape.layers, batch, shape.kv_heads, room, shape.head_dim)
        self.keys = torch.zeros(size, dtype=dtype)
        self.values = torch.zeros(size, dtype=dtype)
        self.used = 0

    def extend(self, layer: int, k: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
        end = self.used + k.shape[2]
        self.keys[layer, :, :, self.used : end] = k
        self.values[layer, :, :, self.used : end] = v
        return self.keys[layer, :, :, :end], self.values[layer, :, :, :end]


class SmolLM(nn.Module):
    def __init__(self, path: Path, rank: int = 0, first_layer: int = 0, dtype: torch.dtype = torch.bfloat16, shape: Shape = Shape()):
        """@param rank of the changes, in the layers from `first_layer` on; the gradient goes no further down"""
        super().__init__()
        self.shape = shape
        self.dtype = dtype
        tensors = read_gguf(path, shape)
        cast = lambda part: {name: tensor.to(dtype) for name, tensor in part.items()}
        self.register_buffer("embedding", tensors["token_embd"].to(dtype))
        self.register_buffer("final_norm", tensors["output_norm"].to(dtype))
        self.layers = nn.ModuleList(
            Layer(cast(layer_tensors(tensors, i)), shape, rank if i >= first_layer else 0) for i in range(shape.layers)
        )
        half = torch.arange(0, shape.head_dim, 2) / shape.head_dim
        self.register_buffer("frequencies", 1.0 / shape.rope_theta**half)

    def hidden(self, ids: Tensor, positions: Tensor, mask: Tensor, cache: Cache | None = None) -> Tensor:
        """ids, positions: [batch, n]; mask: [batch, 1, n, total], true where seen. Returns [batch, n, hidden], normed."""
        angles = positions[..., None] * torch.cat((self.frequencies, self.frequencies))
        cos = angles.cos().to(self.dtype)[:, None]
        sin = angles.sin().to(self.dtype)[:, None]
        x = F.embedding(ids, self.embedding)
        for index, layer in enumerate(self.layers):
            x = layer(x, cos, sin, mask, cache, index)
        if cache is not None:
            cache.used += ids.shape[1]
        return rms_norm(x, self.final_norm, self.shape.epsilon)

    def logits(self, hidden: Tensor) -> Tensor:
        return F.linear(hidden, self.embedding.to(hidden.dtype))

    def adapter(self) -> dict[str, Tensor]:
        """The low-rank changes by name: layers.N.PART.a [rank, inputs] and .b [outputs, rank]."""
        return {name: parameter.detach().clone() for name, parameter in self.named_parameters()}


LAYER_PARTS = ("attn_norm", "ffn_norm", "attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")


def layer_tensors(tensors: dict[str, Tensor], layer: int) -> dict[str, Tensor]:
    return {part: tensors[f"blk.{layer}.{part}"] for part in LAYER_PARTS}


def read_gguf(path: Path, shape: Shape) -> dict[str, Tensor]:
    """All tensors in 32 bits, under GGUF's names without `.weight`; q and k in Hugging Face's row order."""
    found = {}
    for tensor in gguf.GGUFReader(str(path)).tensors:
        values = gguf.dequantize(tensor.data, tensor.tensor_type)
        found[tensor.name.removesuffix(".weight")] = torch.from_numpy(values.copy()).float()
    for name, tensor in found.items():
        if name.endswith(("attn_q", "attn_k")):
            heads = tensor.shape[0] // shape.head_dim
            found[name] = (
                tensor.view(heads, shape.head_dim // 2, 2, -1).transpose(1, 2).reshape(tensor.shape).contiguous()
            )
    return found
