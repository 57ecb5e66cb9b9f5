"""Fetch the models of OPUS-MT from the hub of Hugging Face, once, when somebody asks for it.

Each file comes from a fixed revision, is bounded in size and in time, and is kept only when it is whole, so that a
second try goes on with what is missing. HF_ENDPOINT, Hugging Face's own variable, names a mirror.
"""

import os
import shutil
import time
from collections.abc import Callable
from http.client import HTTPException, HTTPMessage
from pathlib import Path
from typing import IO, NamedTuple
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from bot.errors import TranslationError
from bot.translation.models import Pair


class Source(NamedTuple):
    """Where a model is from."""

    pair: Pair
    repository: str
    revision: str
    licence: str  # as its page says


SOURCES = (
    Source(("fr", "en"), "Helsinki-NLP/opus-mt-fr-en", "09920dd65adbe5c21e311869c412c36c2dd2ea08", "Apache 2.0"),
    Source(("en", "fr"), "Helsinki-NLP/opus-mt-en-fr", "a8fbc1c711cb6263e8a20c5229b210cc05c57ff0", "Apache 2.0"),
)

FILES = {
    "config.json": 100_000,
    "tokenizer_config.json": 100_000,
    "vocab.json": 10_000_000,
    "source.spm": 5_000_000,
    "target.spm": 5_000_000,
    "pytorch_model.bin": 400_000_000,
}
"""What is fetched of each, and how many bytes it may have at the most."""

MEGABYTES = 305
"""Of the files of one model: 301 of weights, 1.6 of word pieces, 1.3 of vocabulary, as the pages list them."""

CONVERTED_MEGABYTES = 78

STALL_SECONDS = 30  # without a byte
MAX_SECONDS = 3_600  # for one file: 1 Mbit/s takes 40 minutes for the weights
_CHUNK = 1 << 16
_TOLD = 10_000_000  # bytes, after which it is told how far it is
_HOME = "https://huggingface.co"
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def endpoint() -> str:
    """Return the address that models are fetched from."""
    return (os.environ.get("HF_ENDPOINT") or _HOME).rstrip("/")


def fetch(source: Source, folder: Path, progress: Callable[[str, int], None] = lambda name, size: None) -> None:
    """Fetch the files of a model that the folder lacks.

    Args:
        source: the model.
        folder: where its files go; made when it is missing.
        progress: is told the name of a file and how many bytes of it there are, at each ten megabytes.

    Raises:
        TranslationError: a file cannot be had.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free // 1_000_000
        if free < MEGABYTES + CONVERTED_MEGABYTES:
            needed = MEGABYTES + CONVERTED_MEGABYTES
            raise TranslationError(f"{folder} has {free} MB left and {needed} are needed: make room")
        opener = build_opener(_SafeRedirects)
        for name, most in FILES.items():
            if not (folder / name).is_file():
                url = f"{endpoint()}/{source.repository}/resolve/{source.revision}/{name}"
                _fetch_file(opener, url, folder / name, most, progress)
    except (OSError, HTTPException) as error:
        raise TranslationError(
            f"{source.repository} could not be fetched ({_reason(error)}): {_remedy(source)}"
        ) from error


def _fetch_file(opener: OpenerDirector, url: str, file: Path, most: int, progress: Callable[[str, int], None]) -> None:
    _check_address(url)
    part = file.with_name(f"{file.name}.part")
    deadline = time.monotonic() + MAX_SECONDS
    size = 0
    request = Request(url, headers={"User-Agent": "babillard"})  # noqa: S310 - checked above
    with opener.open(request, timeout=STALL_SECONDS) as reply, part.open("wb") as written:
        while chunk := reply.read1(_CHUNK):  # what has come, so that a trickle meets the deadline
            size += len(chunk)
            if size > most:
                raise OSError(f"{file.name} is larger than {most:,} bytes")
            if time.monotonic() > deadline:
                raise TimeoutError(f"{file.name} takes more than {MAX_SECONDS // 60} minutes")
            written.write(chunk)
            if size // _TOLD > (size - len(chunk)) // _TOLD:
                progress(file.name, size)
        told = reply.headers.get("Content-Length", "")
    if not size or (told.isdecimal() and int(told) != size):
        raise OSError(f"the connection broke after {size:,} bytes of {file.name}")
    part.replace(file)


class _SafeRedirects(HTTPRedirectHandler):
    """Follows the hub to where it keeps large files, over TLS alone."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        try:
            _check_address(newurl)
        except OSError:
            fp.close()
            raise
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _check_address(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise OSError(f"{url} is no https address")


def _reason(error: Exception) -> str:
    if isinstance(error, HTTPError):
        error.close()  # it holds the connection
        return f"{urlsplit(error.url).hostname} answers {error.code}"
    return str(getattr(error, "reason", "") or error) or type(error).__name__


def _remedy(source: Source) -> str:
    return (
        "check the network and run the command again, which goes on with the files that are missing; or bring "
        f"{', '.join(FILES)} of {source.repository} here by other means and run `babillard translator convert FOLDER`"
    )
