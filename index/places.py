"""Which store keeps an index: files in INDEX_DIR, or the Milvus that VECTOR_STORE names."""

from index.config import IndexSettings
from index.generations import FolderGenerations, Generations


def place_of(settings: IndexSettings, layer: str = "") -> Generations:
    """Return where an index is kept; nothing is opened, nor imported, before it is used.

    Args:
        settings: INDEX_DIR and VECTOR_STORE.
        layer: name of the layer, as that of its folder below INDEX_DIR/layers; "" for the articles.
    """
    folder = settings.index_dir / "layers" / layer if layer else settings.index_dir
    if settings.vector_store is None:
        return FolderGenerations(folder)
    from index.milvus.client import client_of
    from index.milvus.generations import MilvusGenerations

    token = settings.vector_store_token
    return MilvusGenerations(client_of(settings.vector_store, token.get_secret_value() if token else ""), layer, folder)
