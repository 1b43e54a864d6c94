"""Tiny tokenizers of the kinds that GGUF files hold, and the ids that Hugging Face's and Google's libraries give with them."""

import json
import random

import sentencepiece
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers
from transformers.models.qwen2.tokenization_qwen2 import PRETOKENIZE_REGEX as QWEN2

LLAMA3 = QWEN2.replace(r"\p{N}|", r"\p{N}{1,3}|", 1)
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
TEKKEN = (
    rf"[^\r\n\p{{L}}\p{{N}}]?{UPPER}*{LOWER}+|[^\r\n\p{{L}}\p{{N}}]?{UPPER}+{LOWER}*"
    r"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)

TEXTS = [
    "Janet has 3 apples and buys 12 more; how many does she have?",
    "So 12 * 18 = 216 rolls, and 1,234,567.89 is larger.",
    "It's Tom's, we're sure he'll say they'VE won.",
    "\\frac{1}{2} + \\sqrt{3} = $x^2$",
    "def f(x):\n    return x ** 2\n\n\nprint(f(3))\t# ok",
    "  two blanks,   three, and at the end  ",
    "Größe, naïve café, Ångström; ½ and ² and ٣",
    "Ответ: сорок два. 答えは四十二です。정답은 42.",
    "emoji 🙂👩‍👩‍👧 and flags 🇫🇷",
    "camelCase HTTPServer XMLHttp nVidia",
    "a/b//c\r\n- item\r\n",
    "combining: e\u0301 n\u0303 a\u0300",
    "<|im_start|>user",
]


def corpus():
    random.seed(3)
    words = " ".join(TEXTS).split(" ")
    return [" ".join(random.choices(words, k=12)) for _ in range(200)] + TEXTS


def byte_level(pattern, composed, ignore_merges):
    tokenizer = Tokenizer(models.BPE(ignore_merges=ignore_merges))
    if composed:
        tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(pattern), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=480, initial_alphabet=alphabet, special_tokens=["<s>", "</s>"], show_progress=False)
    tokenizer.train_from_iterator(corpus(), trainer)
    return tokenizer


def byte_level_fixture(pre, tokenizer):
    data = json.loads(tokenizer.to_str())["model"]
    tokens = sorted(data["vocab"], key=data["vocab"].get)
    metadata = {
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": pre,
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.token_type": [3 if t in ("<s>", "</s>") else 1 for t in tokens],
        "tokenizer.ggml.merges": [" ".join(pair) for pair in data["merges"]],
        "tokenizer.ggml.bos_token_id": 0,
        "tokenizer.ggml.eos_token_id": 1,
    }
    return dict(metadata=metadata, ids=[tokenizer.encode(t, add_special_tokens=False).ids for t in TEXTS])


def sentencepiece_fixture(folder):
    (folder / "corpus.txt").write_text("\n".join(line.replace("\n", " ") for line in corpus()), encoding="utf8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(folder / "corpus.txt"),
        model_prefix=str(folder / "spm"),
        model_type="bpe",
        vocab_size=560,
        byte_fallback=True,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        add_dummy_prefix=False,  # the blank before a text, which is left out where texts are scored
        split_digits=True,
        minloglevel=2,
    )
    spm = sentencepiece.SentencePieceProcessor(model_file=str(folder / "spm.model"))
    count = spm.vocab_size()
    kind = lambda i: 2 if spm.is_unknown(i) else 3 if spm.is_control(i) else 6 if spm.is_byte(i) else 1
    metadata = {
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.tokens": [spm.id_to_piece(i) for i in range(count)],
        "tokenizer.ggml.scores": [spm.get_score(i) for i in range(count)],
        "tokenizer.ggml.token_type": [kind(i) for i in range(count)],
        "tokenizer.ggml.unknown_token_id": spm.unk_id(),
        "tokenizer.ggml.bos_token_id": spm.bos_id(),
        "tokenizer.ggml.eos_token_id": spm.eos_id(),
    }
    for name in ("corpus.txt", "spm.model", "spm.vocab"):
        (folder / name).unlink()
    return dict(metadata=metadata, ids=[spm.encode(t) for t in TEXTS])


def write_tokenizers(folder):
    kinds = {
        "qwen2": byte_level_fixture("qwen2", byte_level(QWEN2, True, False)),
        "llama-bpe": byte_level_fixture("llama-bpe", byte_level(LLAMA3, False, True)),
        "tekken": byte_level_fixture("tekken", byte_level(TEKKEN, False, True)),
        "llama": sentencepiece_fixture(folder),
    }
    text = json.dumps(dict(texts=TEXTS, tokenizers=kinds), ensure_ascii=False)
    (folder / "tokenizers.json").write_text(text + "\n", encoding="utf8")
