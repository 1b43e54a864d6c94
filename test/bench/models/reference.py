"""Makes test/fixtures/models: tiny random models of each family that can be imported, and what `transformers` says about them.

    pip install -r test/bench/models/requirements.txt
    python test/bench/models/reference.py

Everything is seeded; the log-probabilities are computed in 64 bits from the stored weights.
"""

import base64
import json
import shutil
from pathlib import Path

import gguf
import numpy as np
import torch
from transformers import AutoModelForCausalLM, LlamaConfig, MistralConfig, Qwen2Config, Qwen3Config, SmolLM3Config

from tokenizers_reference import write_tokenizers

OUT = Path(__file__).resolve().parents[2] / "fixtures" / "models"

SHAPE = dict(
    vocab_size=128,
    hidden_size=32,
    intermediate_size=64,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=256,
    bos_token_id=None,
    eos_token_id=None,
    pad_token_id=None,
)
LLAMA3_ROPE = dict(
    rope_type="llama3",
    rope_theta=10_000.0,
    factor=8.0,
    low_freq_factor=1.0,
    high_freq_factor=4.0,
    original_max_position_embeddings=64,
)
# name -> config, stored type, largest shard
FAMILIES = {
    "smollm2": (LlamaConfig(**SHAPE, tie_word_embeddings=True, rms_norm_eps=1e-5), torch.float32, None),
    "llama3": (
        LlamaConfig(
            **SHAPE, tie_word_embeddings=False, rope_parameters=LLAMA3_ROPE, attention_bias=True, mlp_bias=True, head_dim=16
        ),
        torch.float32,
        "60KB",
    ),
    "linear": (LlamaConfig(**SHAPE, rope_parameters=dict(rope_type="linear", rope_theta=5e5, factor=4.0)), torch.float16, None),
    "mistral": (MistralConfig(**SHAPE, head_dim=16, sliding_window=24), torch.bfloat16, None),
    "qwen2": (Qwen2Config(**SHAPE, rope_parameters=dict(rope_type="default", rope_theta=1e6)), torch.float32, None),
    "qwen3": (Qwen3Config(**SHAPE, head_dim=16, tie_word_embeddings=True), torch.float32, None),
    "smollm3": (SmolLM3Config(**{**SHAPE, "num_hidden_layers": 4}), torch.float32, None),
}
# Texts whose tokens are their ASCII codes. All but the last fit a sliding window of 24.
REQUESTS = [("Question: 2+2?", "4"), ("ab", "c"), ("The answer is: ", "7 rolls"), ("x\ny\n", "z")]
LONG = ("a quick brown fox jumps over the lazy dog, and then over another one: " * 3, "and on")


def log_prob(model, context, target):
    """Sum of log p(target token | everything before), in nats."""
    ids = torch.tensor([[ord(c) for c in context + target]])
    with torch.no_grad():
        rows = torch.log_softmax(model(ids).logits[0].double(), dim=-1)
    start = len(context)
    return sum(rows[start + i - 1, ids[0, start + i]].item() for i in range(len(target)))


def golden(model, requests):
    model = model.double().eval()
    return [dict(context=c, target=t, logProb=log_prob(model, c, t)) for c, t in requests]


def byte_tokenizer():
    """Byte-level BPE without merges: each ASCII character is a token, its code."""
    letter = lambda b: chr(b) if 32 < b < 127 else chr(256 + (b if b <= 32 else b - 94))
    part = dict(type="ByteLevel", add_prefix_space=False, trim_offsets=True, use_regex=False)
    model = dict(type="BPE", dropout=None, unk_token=None, vocab={letter(b): b for b in range(128)}, merges=[])
    return dict(version="1.0", added_tokens=[], normalizer=None, pre_tokenizer=part, post_processor=None, decoder=part, model=model)


def random_model(config, dtype, seed):
    """Weights so large that a wrong position, bias or norm changes scores by whole nats."""
    generator = torch.Generator().manual_seed(seed)
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager")
    for name, p in model.named_parameters():
        noise = torch.randn(p.shape, generator=generator)
        p.data = 1 + 0.3 * noise if "norm" in name else (0.5 if p.dim() == 1 else 0.25) * noise
    model.tie_weights()
    return model.to(dtype)


def write_families():
    for seed, (name, (config, dtype, shards)) in enumerate(FAMILIES.items()):
        folder = OUT / name
        model = random_model(config, dtype, seed)
        model.save_pretrained(folder, **({"max_shard_size": shards} if shards else {}))
        (folder / "generation_config.json").unlink(missing_ok=True)
        (folder / "tokenizer.json").write_text(json.dumps(byte_tokenizer(), ensure_ascii=False))
        stored = AutoModelForCausalLM.from_pretrained(folder, attn_implementation="eager")
        requests = REQUESTS if config.model_type == "mistral" else [*REQUESTS, LONG]
        (folder / "golden.json").write_text(json.dumps(golden(stored, requests), indent=1) + "\n")


def permute(weight, heads):
    """The row order that llama.cpp's converter gives q and k: rotary pairs are neighbours."""
    return weight.reshape(heads, 2, weight.shape[0] // heads // 2, *weight.shape[1:]).swapaxes(1, 2).reshape(weight.shape)


def write_gguf(name, architecture, types):
    """The family's weights as a GGUF file, and what `transformers` says of them as the file has them."""
    config = FAMILIES[name][0]
    model = AutoModelForCausalLM.from_pretrained(OUT / name, attn_implementation="eager").float()
    path = OUT / f"{name}.gguf"
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    head_dim = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    writer.add_key_length(head_dim)
    writer.add_value_length(head_dim)
    writer.add_vocab_size(config.vocab_size)
    letters = byte_tokenizer()["model"]["vocab"]
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(list(letters))
    writer.add_token_types([1] * len(letters))
    writer.add_token_merges(["Z Z"])
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH[architecture.upper()], config.num_hidden_layers)
    state = model.state_dict()
    if config.rope_parameters["rope_type"] == "llama3":
        plain = 1 / config.rope_parameters["rope_theta"] ** (np.arange(0, head_dim, 2) / head_dim)
        writer.add_tensor("rope_freqs.weight", (plain / model.model.rotary_emb.inv_freq.numpy()).astype(np.float32))
    with torch.no_grad():
        for i, (key, value) in enumerate(state.items()):
            if key == "lm_head.weight" and config.tie_word_embeddings:
                continue
            new = names.get_name(key, try_suffixes=(".weight", ".bias"))
            data = value.numpy()
            kind = gguf.GGMLQuantizationType.F32
            if data.ndim == 2:
                kind = types[i % len(types)]
                stored = gguf.quants.dequantize(gguf.quants.quantize(data, kind), kind)
                value.copy_(torch.from_numpy(stored))
            if architecture in ("llama", "smollm3") and ("q_proj" in key or "k_proj" in key):
                heads = config.num_attention_heads if "q_proj" in key else config.num_key_value_heads
                data = np.ascontiguousarray(permute(data, heads))
            raw = data if kind == gguf.GGMLQuantizationType.F32 else gguf.quants.quantize(data, kind)
            writer.add_tensor(new, raw, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    model.load_state_dict(state)
    (OUT / f"{name}.gguf.json").write_text(json.dumps(golden(model, [*REQUESTS, LONG]), indent=1) + "\n")


def write_blocks():
    """Three blocks of every type, and the floats that the gguf package makes of them."""
    random = np.random.default_rng(7)
    found = {}
    for name in "F16 BF16 Q8_0 Q4_0 Q4_1 Q5_0 Q5_1 Q4_K Q5_K Q6_K".split():
        kind = gguf.GGMLQuantizationType[name]
        values, size = gguf.GGML_QUANT_SIZES[kind]
        blocks = 3 if values > 1 else 64
        raw = random.integers(0, 256, (blocks, size), dtype=np.uint8)
        halves = {"Q8_0": [0], "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2], "Q4_K": [0, 2], "Q5_K": [0, 2], "Q6_K": [208]}
        for at in halves.get(name, []):  # scales that are finite
            raw[:, at : at + 2] = random.normal(0, 0.1, blocks).astype(np.float16).view(np.uint8).reshape(blocks, 2)
        if name in ("F16", "BF16"):
            floats = random.normal(0, 1, blocks).astype(np.float32)
            raw = gguf.quants.quantize(floats, kind).view(np.uint8).reshape(blocks, size)
        floats = gguf.quants.dequantize(raw.reshape(1, -1) if values > 1 else raw.reshape(-1).view(np.float16 if name == "F16" else np.uint8), kind)
        encode = lambda a: base64.b64encode(np.ascontiguousarray(a).tobytes()).decode()
        found[name] = dict(bytes=encode(raw), floats=encode(floats.astype(np.float32)))
    (OUT / "gguf-blocks.json").write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    for path in OUT.glob("[!o]*"):  # all but the fixtures of export_onnx.py
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    OUT.mkdir(parents=True, exist_ok=True)
    write_families()
    kinds = [gguf.GGMLQuantizationType[t] for t in ("F32", "F16", "Q8_0", "Q4_0", "Q4_1", "BF16")]
    for name, architecture in dict(smollm2="llama", llama3="llama", qwen2="qwen2", qwen3="qwen3").items():
        write_gguf(name, architecture, kinds)
    write_gguf("smollm3", "smollm3", [gguf.GGMLQuantizationType.F32])
    write_blocks()
    write_tokenizers(OUT)
