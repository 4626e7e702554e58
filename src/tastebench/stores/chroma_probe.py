"""A trial in a process of its own, which torn files may end: whether Chroma still reads and writes a collection.

Run as ``python -m tastebench.stores.chroma_probe FOLDER COLLECTION``; exit code 0 says that it does.
"""

import sys

from tastebench.stores.chroma_home import settings


def tried(folder: str, name: str) -> None:
    """Read the whole collection, and write one of its vectors as it is. Raises, or dies, where it is torn."""
    import chromadb

    client = chromadb.PersistentClient(path=folder, settings=settings())
    collection = client.get_collection(name, embedding_function=None)
    count = collection.count()
    if count:
        first = collection.get(limit=1, include=["embeddings"])
        collection.query(query_embeddings=first["embeddings"], n_results=count, include=[])
        collection.upsert(ids=first["ids"], embeddings=first["embeddings"])
    client.close()


if __name__ == "__main__":
    tried(*sys.argv[1:])
