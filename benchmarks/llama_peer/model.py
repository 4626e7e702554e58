"""A model of half a megabyte with random weights, as GGUF: it reads and writes real tokens and means nothing.

`python -m benchmarks.llama_peer.model tiny.gguf` writes one. It takes the `gguf` package.
"""

import re
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np

SPACE = "\u2581"
WIDTH, LAYERS, HEADS, INNER, WINDOW = 64, 2, 4, 128, 8192
MERGES = 700
"""Pairs joined to longer pieces: with them a token is about three characters, as in real vocabularies."""
_RARE = 0.2
"""Weight of pieces of one character and of single bytes in what is written next: trained models seldom pick them."""


def pieces(text: str, merges: int = MERGES) -> list[str]:
    """Return the characters of a text and its most frequent joins, by byte-pair encoding, shorter before longer."""
    words = Counter(re.findall(rf"{SPACE}?\w+|.", SPACE + text.replace(" ", SPACE), re.DOTALL))
    split = {word: list(word) for word in words}
    found = sorted({letter for word in words for letter in word})
    for _ in range(merges):
        pairs: Counter[tuple[str, str]] = Counter()
        for word, parts in split.items():
            for pair in pairwise(parts):
                pairs[pair] += words[word]
        if not pairs:
            break
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        found.append("".join(best))
        split = {word: _joined(parts, best) for word, parts in split.items()}
    return list(dict.fromkeys(found))


def _joined(parts: list[str], pair: tuple[str, str]) -> list[str]:
    out: list[str] = []
    for part in parts:
        if out and (out[-1], part) == pair:
            out[-1] += part
        else:
            out.append(part)
    return out


def write(path: Path, text: str, seed: int = 0) -> None:
    """Write a model whose vocabulary comes from `text`."""
    import gguf

    words = pieces(text)
    tokens = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), *words]
    kinds = [gguf.TokenType.UNKNOWN, *[gguf.TokenType.CONTROL] * 2, *[gguf.TokenType.BYTE] * 256]
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("random")
    writer.add_context_length(WINDOW)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * 259 + [-float(rank) for rank in range(len(words))])
    writer.add_token_types([*kinds, *[gguf.TokenType.NORMAL] * len(words)])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    for name, weights in _tensors(tokens, np.random.default_rng(seed)).items():
        writer.add_tensor(name, weights)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _tensors(tokens: list[str], luck: np.random.Generator) -> dict[str, np.ndarray]:
    def random(*shape: int, dtype: type = np.float16) -> np.ndarray:
        return (luck.standard_normal(shape) / np.sqrt(shape[-1])).astype(dtype)

    ones = np.ones(WIDTH, dtype=np.float32)
    often = np.array([[_RARE if len(token) == 1 or token.startswith("<") else 1.0] for token in tokens])
    found = {
        "token_embd.weight": random(len(tokens), WIDTH) * np.float16(8),
        "output_norm.weight": ones,
        "output.weight": (random(len(tokens), WIDTH) * often * 8).astype(np.float16),
    }
    for layer in range(LAYERS):
        found |= {f"blk.{layer}.{name}.weight": ones for name in ("attn_norm", "ffn_norm")}
        found |= {f"blk.{layer}.attn_{name}.weight": random(WIDTH, WIDTH) for name in ("q", "k", "v", "output")}
        found |= {f"blk.{layer}.ffn_{name}.weight": random(INNER, WIDTH) for name in ("gate", "up")}
        found[f"blk.{layer}.ffn_down.weight"] = random(WIDTH, INNER)
    return found


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path("README.md").read_text("utf-8"))
