"""The peers: popularity, item-kNN and ALS of implicit, EASE of RecTools. Runs in an environment of their own.

``python peers.py IN.npz OUT.npz``: likes of the training, whom to make lists for, what each may be shown and which
settings to fit; out come the first k items of each list, an array per setting.
"""

import json
import sys
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from implicit.als import AlternatingLeastSquares
from implicit.nearest_neighbours import BM25Recommender, CosineRecommender, TFIDFRecommender
from rectools import Columns
from rectools.dataset import Dataset
from rectools.models import EASEModel
from scipy.sparse import csr_matrix

DAY = 86_400_000_000
KNN = {"cosine": CosineRecommender, "tf-idf": TFIDFRecommender, "bm25": BM25Recommender}
Scorer = Callable[[np.ndarray], np.ndarray]


class Likes:
    """Who likes what, and when."""

    def __init__(self, given: Any) -> None:
        self.users, self.items, self.at = given["users"], given["items"], given["at"]
        self.shape = tuple(given["shape"].tolist())

    @property
    def matrix(self) -> csr_matrix:
        ones = np.ones(len(self.users), dtype=np.float32)
        return csr_matrix((ones, (self.users, self.items)), shape=self.shape)


def popular(likes: Likes, days: float) -> Scorer:
    recent = likes.at > likes.at.max() - days * DAY if days else np.ones(len(likes.at), dtype=bool)
    counts = np.bincount(likes.items[recent], minlength=likes.shape[1]).astype(np.float64)
    return lambda users: np.tile(counts, (len(users), 1))


def item_knn(likes: Likes, weighting: str, neighbours: int) -> Scorer:
    matrix = likes.matrix
    model = KNN[weighting](K=neighbours)
    model.fit(matrix, show_progress=False)
    return lambda users: (matrix[users] @ model.similarity).toarray()


def als(likes: Likes, factors: int, regularisation: float, alpha: float) -> Scorer:
    model = AlternatingLeastSquares(factors=factors, regularization=regularisation, alpha=alpha, random_state=0)
    model.fit(likes.matrix, show_progress=False)
    return lambda users: model.user_factors[users] @ model.item_factors.T


def ease(likes: Likes, regularisation: float) -> Scorer:
    frame = pd.DataFrame({Columns.User: likes.users, Columns.Item: likes.items, Columns.Weight: 1.0,
                          Columns.Datetime: pd.to_datetime(likes.at, unit="us")})  # fmt: skip
    dataset = Dataset.construct(frame)
    model = EASEModel(regularization=regularisation).fit(dataset)
    known = dataset.item_id_map.external_ids.astype(np.int64)
    matrix = likes.matrix[:, known]

    def scored(users: np.ndarray) -> np.ndarray:
        scores = np.zeros((len(users), likes.shape[1]))
        scores[:, known] = matrix[users] @ model.weight
        return scores

    return scored


PEERS: dict[str, Callable[..., Scorer]] = {"popular": popular, "item-kNN": item_knn, "ALS": als, "EASE": ease}


def best_rows(score: Scorer, given: Any) -> np.ndarray:
    """Return the first k items of each list; equal scores by likes, then by place."""
    users, barred, starts, k = given["test_users"], given["barred"], given["barred_starts"], int(given["k"])
    counts = np.bincount(given["items"], minlength=int(given["shape"][1]))
    order = np.argsort(-counts, kind="stable")
    found = np.empty((len(users), k), dtype=np.int64)
    for begin in range(0, len(users), 200):
        rows = np.arange(begin, min(begin + 200, len(users)))
        scores = np.asarray(score(users[rows]), dtype=np.float64)
        for place, row in enumerate(rows):
            scores[place, barred[starts[row] : starts[row + 1]]] = -np.inf
        found[rows] = order[np.argsort(-scores[:, order], axis=1, kind="stable")[:, :k]]
    return found


def main(source: str, target: str) -> None:
    warnings.filterwarnings("ignore", message="Method expects CSR input")  # of implicit's own conversion
    given = np.load(source)
    likes = Likes(given)
    found = {}
    for name, settings in json.loads(str(given["settings"])):
        print(f"  {name} {settings}", file=sys.stderr, flush=True)
        found[json.dumps([name, settings])] = best_rows(PEERS[name](likes, **settings), given)
    np.savez_compressed(target, **found)


if __name__ == "__main__":
    main(*sys.argv[1:])
