"""Settings of the index and the fingerprint of those that shape it."""

import hashlib
import json
from pathlib import Path

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from index import bm25, chunking, sentences
from index.ingestion import MAX_FILE_MB
from index.model.embedding import BUNDLED_MODEL
from index.schema import FORMAT


class IndexSettings(BaseSettings):
    """Read once at the edge and passed down; importing this module reads nothing."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, env_ignore_empty=True)

    seeds_dir: Path = Field(Path("seeds"), description="folder of the articles")
    index_dir: Path = Field(Path("var/index"), description="folder of the index; rebuilt from the seeds at any time")
    data_dir: Path = Field(
        Path("var/data"), description="folder of the journal, of the servers' rules, and of what was learned"
    )
    embedding_model: str = Field(
        BUNDLED_MODEL, min_length=1, description="bundled model, or any sentence-transformers id or local folder"
    )
    vector_store: str | None = Field(
        None,
        description="address of a Milvus, or file .db of Milvus Lite, that keeps the index; none: INDEX_DIR does",
    )
    vector_store_token: SecretStr | None = Field(None, description="user:password or key of that Milvus")
    max_file_mb: int = Field(MAX_FILE_MB, ge=1, le=1000, description="larger files are skipped, in megabytes")

    @field_validator("vector_store")
    @classmethod
    def _is_a_milvus(cls, value: str | None) -> str | None:
        if value and not value.startswith(("http://", "https://")) and not value.endswith(".db"):
            raise ValueError("is neither an address, http://host:19530, nor a file of Milvus Lite, which ends in .db")
        if value and "@" in value.removeprefix("http://").removeprefix("https://").partition("/")[0]:
            raise ValueError("holds a login: put user:password into VECTOR_STORE_TOKEN, which is never shown")
        return value

    @property
    def folder_options(self) -> tuple[str, ...]:
        """The options that name the folders to `index rebuild`."""
        named = (("--seeds", self.seeds_dir), ("--index", self.index_dir), ("--data", self.data_dir))
        return tuple(part for option, path in named for part in (option, str(path)))


def fingerprint(model: str, revision: str) -> str:
    """Return a digest of everything that shapes the chunks, the vectors and the stems.

    Two indexes with the same fingerprint, built from the same seeds, have the same rows.
    """
    shape = {
        "format": FORMAT,
        "model": model,
        "revision": revision,
        "chunking": chunking_shape(),
        "bm25": [bm25.K1, bm25.B, bm25.TERM_BYTES],
    }
    return hashlib.sha256(json.dumps(shape, sort_keys=True).encode()).hexdigest()[:16]


def chunking_shape() -> dict[str, int]:
    """Return the constants that decide where chunks and sentences end, in characters."""
    return {
        "target_chars": chunking.TARGET_CHARS,
        "max_chars": chunking.MAX_CHARS,
        "max_sentence": sentences.MAX_SENTENCE,
    }
