"""Which file: uploaded, or already on this machine."""

import shutil
import tempfile
import weakref
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

_WAYS = ("Upload", "On this machine")
_UPLOAD = "import_upload"
_KEPT = "import_uploaded"


@dataclass(frozen=True)
class Source:
    """A file to read.

    Parameters
    ----------
    path : str
        Where it lies.
    name : str
        What people call it.
    token : str
        Differs for every file picked; part of the keys of what is asked about it.
    upload : Upload, optional
        Keeps an uploaded file alive for as long as anything refers to it.
    """

    path: str
    name: str
    token: str
    upload: "Upload | None" = None


class Upload:
    """An uploaded file in a folder of its own, which goes when nothing refers to it any more.

    The name is kept, without folders, because the format is read from its ending.
    """

    def __init__(self, name: str, content: bytes | memoryview) -> None:
        folder = Path(tempfile.mkdtemp(prefix="tastebench-"))
        self.path = folder / (Path(name.replace("\\", "/")).name or "upload")
        self.path.write_bytes(content)
        self._finalizer = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)


def pick(*, from_machine: bool) -> Source | None:
    """Draw the choice of a file; return it, None as long as there is none.

    Parameters
    ----------
    from_machine : bool
        Whether files of this machine may be read. Never where people sign in: they would read the server's.
    """
    if not from_machine:
        return _uploaded()
    way = st.segmented_control("Where is the file?", _WAYS, default=_WAYS[0], required=True, key="import_way")
    return _uploaded() if way == _WAYS[0] else _on_this_machine()


def _uploaded() -> Source | None:
    file = st.file_uploader(
        "CSV, TSV, JSON Lines or Parquet, plain or gzipped", key=_UPLOAD, help="It stays on this machine."
    )
    if file is None:
        st.session_state.pop(_KEPT, None)
        return None
    kept: Source | None = st.session_state.get(_KEPT)
    if kept is None or kept.token != file.file_id:
        upload = Upload(file.name, file.getbuffer())
        kept = st.session_state[_KEPT] = Source(str(upload.path), file.name, file.file_id, upload)
    return kept


def _on_this_machine() -> Source | None:
    path = st.text_input(
        "Path", key="import_path", persist_state="page", placeholder="/home/me/catalogue.csv", max_chars=4000
    )
    chosen = str(path or "").strip().strip("\"'")
    if not chosen:
        return None
    whole = Path(chosen).expanduser()
    return Source(str(whole), whole.name or chosen, chosen)
