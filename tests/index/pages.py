"""Small pages, cut into chunks as the build does."""

from index.chunking import chunk_document
from index.loaders.markdown import read_markdown
from index.schema import Chunk, Document
from index.writing import write


def prose(size: int) -> str:
    """Return a paragraph of about so many characters."""
    sentence = "Le bac de Lévis part à midi, même l’été. "
    return (sentence * (size // len(sentence) + 1))[:size].strip()


def chunks_of(markdown: str, file: str = "bac.md") -> list[Chunk]:
    """Return the chunks of a French page, whose title is its first heading."""
    text, blocks = write(read_markdown(markdown))
    title = next((block.path[0] for block in blocks if block.path), "Le bac")
    document = Document(file, title, "Ville de Lévis", "fr", text, "2024-03-03", blocks)
    return chunk_document(document, lambda text, fallback: fallback)
