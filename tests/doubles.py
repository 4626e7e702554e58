"""Stand-ins that tests share: they obey the ports' contracts and need no model."""

import hashlib
import re
from collections.abc import Sequence

import numpy as np

from tastebench.domain.columns import Vectors


class HashingEncoder:
    """An encoder whose vectors are sums of one fixed pseudo-random vector per word: shared words, close vectors."""

    def __init__(self, dimension: int = 32, name: str = "hashing") -> None:
        self.dimension = dimension
        self.name = name
        self.encoded = 0

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.encoded += len(texts)
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for word in re.findall(r"\w+", text.lower()):
                seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big")
                vectors[row] += np.random.default_rng(seed).standard_normal(self.dimension)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.divide(vectors, norms, out=np.zeros_like(vectors), where=norms > 0)
