"""Synthetic workspaces of any size: clustered vectors, text to match, personas with tastes, and what they did.

An item is about one of 200 topics and half as much about a second. The topics' words stand in its text, and the encoder
below turns them into a place near the topics' centres. So any text can be embedded again at no cost, and everything
goes in through the same imports that files take.
"""

import hashlib
import json
import re
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from tastebench import Workbench
from tastebench.domain.columns import Vectors
from tastebench.models.encoder import BUNDLED_NAME

TOPICS = 200
GENRES = 20
THEMES = 60
DIMENSION = 384
SECOND_TOPIC, SPREAD, COMMON, DECAY = 0.5, 0.9, 0.8, 0.45
"""Shares of second topic, noise and what all have in common, and the decay of scale over dimensions.

They give about what all-MiniLM-L6-v2 gives for 14,000 titles of films and gift shop products: two texts have a mean
cosine of .25, and the 10th, 100th and 1,000th neighbours one of .68, .51 and .40 (there .66, .58 and .50). Without the
overlap the topics would be islands, between which no approximate index finds its way and no real catalogue lies.
"""

WORKSPACE = "bench"
VOCABULARY = """
amber anchor arrow autumn barley basin beacon birch blossom border breeze bridge bronze candle canyon cedar chapter
cinder circle cliff clover copper coral cotton cradle crystal current dawn delta desert drift ember fable falcon
feather fern field flame forest fountain garden glacier granite harbor harvest hollow horizon island ivory jasmine
juniper kernel ladder lantern lattice lemon linen lotus maple marble meadow mellow mirror morning mosaic mountain
nectar needle oasis ocean olive orchard orchid paper pebble pepper petal pine plaza pocket prairie quarry quartz
quiet rain raven reef ribbon river saddle saffron sail sand shadow shell silver slate sparrow spruce stone summer
thistle thunder timber valley velvet violet walnut willow window winter
"""
WORDS = VOCABULARY.split()
ACTIONS = {
    "view": 0.60, "click": 0.15, "like": 0.10, "add_to_cart": 0.05, "purchase": 0.05, "favorite": 0.03, "dislike": 0.02
}  # fmt: skip


@dataclass(frozen=True)
class Size:
    """How much of everything a workspace holds."""

    items: int
    personas: int = 2_000
    interactions: int = 1_000_000


class TopicEncoder:
    """An encoder whose vectors are the centres of the topics named in a text, plus noise drawn from the text.

    It goes by the bundled model's name, so that the app opens what it has embedded.
    """

    name = BUNDLED_NAME
    dimension = DIMENSION

    def __init__(self) -> None:
        rng = np.random.default_rng(1)
        scale = np.arange(1, DIMENSION + 1) ** -DECAY
        self.scale = scale / np.linalg.norm(scale)
        centres = rng.standard_normal((TOPICS, DIMENSION)) * self.scale
        self.centres = centres / np.linalg.norm(centres, axis=1, keepdims=True)
        common = rng.standard_normal(DIMENSION)
        self.common = COMMON * common / np.linalg.norm(common)

    def encode(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, DIMENSION), dtype=np.float32)
        return np.stack([self._vector(text) for text in texts]).astype(np.float32)

    def _vector(self, text: str) -> np.ndarray:
        if not text:
            return np.zeros(DIMENSION)
        seed = int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")
        noise = SPREAD * np.random.default_rng(seed).standard_normal(DIMENSION) * self.scale
        topics = [int(number) for number in re.findall(r"\btopic(\d{3})\b", text)]
        shares = np.where(np.arange(len(topics)) == 0, 1.0, SECOND_TOPIC)
        vector: np.ndarray = noise + self.common + shares @ self.centres[topics]
        return vector / np.linalg.norm(vector)


def sentence(rng: np.random.Generator, words: int) -> str:
    """Return `words` random words."""
    return " ".join(WORDS[i] for i in rng.integers(0, len(WORDS), words))


def items(size: Size, rng: np.random.Generator) -> pd.DataFrame:
    """Return the catalogue; each genre holds one item in twenty."""
    topics = np.arange(size.items) % TOPICS
    seconds = rng.integers(0, TOPICS, size.items)
    themes = rng.integers(0, THEMES, (size.items, 2))
    ages = rng.uniform(100, 1100, size.items)
    return pd.DataFrame(
        {
            "item_id": [f"i{n:06d}" for n in range(size.items)],
            "title": [f"{sentence(rng, 2).title()} {n}" for n in range(size.items)],
            "description": [
                f"topic{first:03d} topic{second:03d} {sentence(rng, 12)}"
                for first, second in zip(topics, seconds, strict=True)
            ],
            "genres": [[f"genre {topic % GENRES:02d}"] for topic in topics],
            "themes": [sorted({f"theme {theme:02d}" for theme in row}) for row in themes],
            "creator": [f"Maker {n}" for n in rng.integers(0, size.items // 20 + 1, size.items)],
            "created_at": pd.Timestamp.now(tz="UTC").floor("s") - pd.to_timedelta(ages, unit="D"),
            "year": rng.integers(1950, 2026, size.items),
        }
    )


def personas(size: Size, tastes: np.ndarray) -> list[dict[str, object]]:
    """Return the personas; each states two of its three favourite topics."""
    return [
        {
            "persona_id": f"p{n:05d}",
            "name": f"Reader {n}",
            "description": " ".join(f"topic{topic:03d}" for topic in tastes[n][:2]),
            "interests": {"genres": sorted({f"genre {topic % GENRES:02d}" for topic in tastes[n][:2]})},
            "origin": "simulated",
        }
        for n in range(size.personas)
    ]


def interactions(size: Size, tastes: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Return what the personas did in ninety days: four in five about a favourite topic, some items far more often."""
    who = rng.integers(0, size.personas, size.interactions)
    per_topic = max(1, size.items // TOPICS)
    place = np.minimum((rng.exponential(per_topic / 4, size.interactions)).astype(int), per_topic - 1)
    favourite = tastes[who, rng.integers(0, tastes.shape[1], size.interactions)]
    topic = np.where(rng.random(size.interactions) < 0.8, favourite, rng.integers(0, TOPICS, size.interactions))
    what = np.minimum(place * TOPICS + topic, size.items - 1)
    names = np.array([*ACTIONS])
    ages = rng.uniform(0, 90, size.interactions)
    return pd.DataFrame(
        {
            "persona_id": pd.Series([f"p{n:05d}" for n in range(size.personas)]).to_numpy()[who],
            "item_id": pd.Series([f"i{n:06d}" for n in range(size.items)]).to_numpy()[what],
            "action": names[rng.choice(len(names), size.interactions, p=[*ACTIONS.values()])],
            "timestamp": pd.Timestamp.now(tz="UTC").floor("s") - pd.to_timedelta(ages, unit="D"),
        }
    )


def build(folder: Path, size: Size) -> dict[str, float]:
    """Fill `folder` with a workspace of this size, unless it holds one; return the seconds of each step."""
    marker = folder / "benchmark.json"
    if marker.exists():
        built = json.loads(marker.read_text())
        if built["size"] == asdict(size):
            return built["seconds"]
    folder.mkdir(parents=True, exist_ok=True)
    seconds = _fill(folder, size)
    marker.write_text(json.dumps({"size": asdict(size), "seconds": seconds}))
    return seconds


def _fill(folder: Path, size: Size) -> dict[str, float]:
    rng = np.random.default_rng(7)
    tastes = np.stack([rng.choice(TOPICS, 3, replace=False) for _ in range(size.personas)])
    people = folder / "personas.jsonl"
    people.write_text("\n".join(json.dumps(row) for row in personas(size, tastes)))
    seconds = {}
    with Workbench.open(folder, encoder=TopicEncoder()) as bench:
        workspace = bench.workspace(WORKSPACE, create=True)
        for step, run in {
            "items": lambda: workspace.import_items(items(size, rng)),
            "personas": lambda: workspace.import_personas(people),
            "interactions": lambda: workspace.import_interactions(interactions(size, tastes, rng)),
        }.items():
            begun = time.perf_counter()
            report = run()
            seconds[step] = time.perf_counter() - begun
            if report.rejected or report.added != report.rows:
                raise SystemExit(f"{step}: {report}")
    people.unlink()
    return seconds
