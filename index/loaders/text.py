"""Read a text file, which may begin with front matter."""

from index.loaders.decoding import decode
from index.loaders.front_matter import split_front_matter
from index.loaders.loaded import Loaded


def load(data: bytes) -> list[Loaded]:
    """Return the text of the file.

    Raises:
        UnreadableError: it is not text, or its front matter is not YAML.
    """
    meta, text = split_front_matter(decode(data))
    return [Loaded(text, meta.get("title"), meta.get("language"), meta.get("source"), meta.get("date"))]
