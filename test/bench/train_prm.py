"""Trains a process reward model on a file of labels with TRL's PRMTrainer, for a few steps: proof that the file is accepted.

    pip install "trl==1.13.0" torch
    python test/bench/train_prm.py examples/traces.trl.jsonl

The model is a Llama of two layers with random weights, so nothing is downloaded; its tokenizer is the bundled model's. It
learns nothing worth keeping. To train a real one, pass `--base FOLDER` with a causal language model, and take more steps.
"""

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TRL_EXPERIMENTAL_SILENCE", "1")

import torch
import transformers
import trl
from datasets import load_dataset
from transformers import AutoModelForTokenClassification, AutoTokenizer, LlamaConfig, set_seed
from trl.experimental.prm import PRMConfig, PRMTrainer

ROOT = Path(__file__).resolve().parents[2]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", help="labels: steplens export --to trl, or the file that steplens label writes")
    parser.add_argument("--steps", type=int, default=20, help="optimiser steps (default: 20)")
    parser.add_argument("--batch", type=int, default=8, help="traces a step (default: 8)")
    parser.add_argument("--base", help="folder of a model to start from (default: a tiny one with random weights)")
    parser.add_argument("--out", default=".cache/prm", help="folder for the trained model (default: .cache/prm)")
    return parser.parse_args()


def tiny_model(tokenizer):
    """A Llama too small to know anything: two layers, 64 wide, two labels a token."""
    config = LlamaConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        intermediate_size=128,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=2048,
        pad_token_id=tokenizer.pad_token_id,
        num_labels=2,
    )
    return AutoModelForTokenClassification.from_config(config)


def main():
    args = arguments()
    set_seed(0)
    tokenizer = AutoTokenizer.from_pretrained(args.base or ROOT / "model")
    if args.base:
        model = AutoModelForTokenClassification.from_pretrained(args.base, num_labels=2, dtype=torch.float32)
    else:
        model = tiny_model(tokenizer)
        torch.set_num_threads(1)  # too small to be shared out: threads would wait for each other

    traces = load_dataset("json", data_files=args.file, split="train")
    steps = [label for labels in traces["labels"] for label in labels]
    if not all(isinstance(label, bool) for label in steps):
        sys.exit(f"{args.file}: labels must be booleans; the trainer would turn 0.9 into 0")
    print(f"{args.file}: {len(traces)} traces, {len(steps)} steps, {sum(steps)} correct")
    print(f"trl {trl.__version__}, transformers {transformers.__version__}, torch {torch.__version__}")

    trainer = PRMTrainer(
        model=model,
        args=PRMConfig(
            output_dir=args.out,
            max_steps=args.steps,
            per_device_train_batch_size=args.batch,
            learning_rate=1e-5 if args.base else 3e-3,
            logging_steps=max(1, args.steps // 5),
            save_strategy="no",
            report_to="none",
            use_cpu=not torch.cuda.is_available(),
            bf16=False,
            gradient_checkpointing=False,
            max_length=1024,
        ),
        processing_class=tokenizer,
        train_dataset=traces,
    )

    # What the trainer made of the file: one label on the last token of each step, as it stands in the file.
    for row, labels in zip(trainer.train_dataset, traces["labels"]):
        seen = [label for label in row["labels"] if label != -100]
        assert seen == [int(label) for label in labels[: len(seen)]], "a label was changed on its way"
        assert len(seen) == len(labels) or len(row["input_ids"]) == 1024, "a label was lost before the length limit"

    trainer.train()
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    print("loss:", " → ".join(f"{loss:.3f}" for loss in losses))
    trainer.save_model(args.out)
    print(f"saved in {args.out}")


if __name__ == "__main__":
    main()
