"""Exports models to the Hugging Face ONNX layout with Optimum, and writes down what `transformers` says about them.

    pip install -r test/bench/models/requirements-onnx.txt
    python test/bench/models/export_onnx.py tiny               # test/fixtures/models/onnx-*
    python test/bench/models/export_onnx.py smollm2 FILE.gguf MODEL OUT

`tiny` makes random models of four families. `smollm2` takes the weights of the GGUF file, which `transformers` reads by
itself, and the tokenizer of the model folder MODEL; OUT gets `safetensors`, `onnx` (32 bits), `onnx-q4` (4-bit blocks by
ONNX Runtime's MatMulNBits quantiser) and `golden.json`, with log-probabilities of the example traces.
"""

import json
import shutil
import sys
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer
from optimum.exporters.onnx import main_export
from transformers import AutoModelForCausalLM, AutoTokenizer, GemmaConfig, GPT2Config, Qwen2Config, Qwen3Config

ROOT = Path(__file__).resolve().parents[3]
FIXTURES = ROOT / "test" / "fixtures" / "models"
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json")

SHAPE = dict(
    vocab_size=128,
    hidden_size=32,
    intermediate_size=48,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=256,
    bos_token_id=None,
    eos_token_id=None,
    pad_token_id=None,
)
NONE = dict(bos_token_id=None, eos_token_id=None, pad_token_id=None)
TINY = {
    "qwen2": Qwen2Config(**SHAPE),
    "qwen3": Qwen3Config(**SHAPE, head_dim=16, tie_word_embeddings=True),
    "gemma": GemmaConfig(**{**SHAPE, "num_key_value_heads": 1}, head_dim=16),
    "gpt2": GPT2Config(vocab_size=128, n_positions=256, n_embd=32, n_layer=2, n_head=4, n_inner=64, **NONE),
}
LONG = "a quick brown fox jumps over the lazy dog, and then over another one: " * 3
REQUESTS = [("Question: 2+2?", "4"), ("ab", "c"), ("The answer is: ", "7 rolls"), ("x\ny\n", "z"), (LONG, "and on")]


def log_prob(model, context, target):
    """Sum of log p(target token | everything before), in nats; both are token ids."""
    with torch.no_grad():
        logits = model(torch.tensor([context + target])).logits[0]
    rows = torch.log_softmax(logits.double(), dim=-1)
    return sum(rows[len(context) + i - 1, token].item() for i, token in enumerate(target))


def export(source, out):
    main_export(str(source), output=str(out), task="text-generation-with-past", do_validation=False)
    for name in ("generation_config.json", "special_tokens_map.json", "vocab.json", "merges.txt", "chat_template.jinja"):
        (out / name).unlink(missing_ok=True)


def tiny():
    for seed, (name, config) in enumerate(TINY.items()):
        generator = torch.Generator().manual_seed(seed)
        model = AutoModelForCausalLM.from_config(config, attn_implementation="eager")
        for key, p in model.named_parameters():
            noise = torch.randn(p.shape, generator=generator)
            p.data = 1 + 0.3 * noise if "norm" in key and "weight" in key else (0.5 if p.dim() == 1 else 0.25) * noise
        model.tie_weights()
        source, out = FIXTURES / f"onnx-{name}.tmp", FIXTURES / f"onnx-{name}"
        shutil.rmtree(out, ignore_errors=True)
        model.save_pretrained(source)
        shutil.copy(FIXTURES / "qwen2" / "tokenizer.json", source)
        (source / "tokenizer_config.json").write_text('{"tokenizer_class":"PreTrainedTokenizerFast"}')
        export(source, out)
        shutil.copy(FIXTURES / "qwen2" / "tokenizer.json", out)
        shutil.rmtree(source)
        model = model.double().eval()
        ids = lambda text: [ord(c) for c in text]
        found = [dict(context=c, target=t, logProb=log_prob(model, ids(c), ids(t))) for c, t in REQUESTS]
        (out / "golden.json").write_text(json.dumps(found, indent=1) + "\n")


def smollm2(gguf, tokenizer_folder, out):
    source = out / "safetensors"
    model = AutoModelForCausalLM.from_pretrained(gguf.parent, gguf_file=gguf.name, dtype=torch.float32)
    model.save_pretrained(source)
    for name in TOKENIZER_FILES:
        shutil.copy(tokenizer_folder / name, source)
    golden(model.eval(), AutoTokenizer.from_pretrained(source), out / "golden.json")
    export(source, out / "onnx")
    for name in TOKENIZER_FILES:  # as they are: Optimum writes them anew
        shutil.copy(source / name, out / "onnx")
    quantiser = MatMulNBitsQuantizer(str(out / "onnx" / "model.onnx"), bits=4, block_size=32, is_symmetric=False, accuracy_level=4)
    quantiser.process()
    (out / "onnx-q4").mkdir(exist_ok=True)
    quantiser.model.save_model_to_file(str(out / "onnx-q4" / "model_q4.onnx"), use_external_data_format=True)
    for name in ("config.json", *TOKENIZER_FILES):
        shutil.copy(out / "onnx" / name, out / "onnx-q4")


def golden(model, tokenizer, file):
    """The gold answer after each step of the example traces. Text is cut into pieces as Steplens does."""
    encode = lambda piece: tokenizer.encode(piece, add_special_tokens=False)
    found = []
    for line in (ROOT / "examples" / "traces.jsonl").read_text().splitlines()[:6]:
        trace = json.loads(line)
        pieces = [f"Question: {trace['question']}"]
        for step in ["", *trace["steps"]]:
            pieces = [*pieces, f"\n\n{step}"] if step else pieces
            target = f"The answer is: {trace['answer']}"
            context = [token for piece in [*pieces, "\n", "\n"] for token in encode(piece)]
            found.append(dict(pieces=pieces, target=target, logProb=log_prob(model, context, encode(target))))
    file.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["tiny"]:
        tiny()
    elif len(sys.argv) == 5 and sys.argv[1] == "smollm2":
        smollm2(*(Path(path) for path in sys.argv[2:]))
    else:
        sys.exit(__doc__)
