"""Read the seeds: walk the folder once, read each file once, within limits.

A file is hashed and parsed from the same bytes, so the hash in the manifest is always that of the text in the index. A
file that did not change is hashed and not parsed; one that cannot be read is skipped, and the report says why.
"""

import hashlib
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from index.blocks import Block
from index.chunking import MAX_TITLE, shorten, without_addresses
from index.errors import SeedsError
from index.fetched import Told, read_told
from index.loaders import formats
from index.loaders.loaded import Fault, Item, Loaded, UnreadableError
from index.parsing import Parse, Raw, parse_here
from index.schema import Document, Language
from index.writing import write

MAX_FILE_MB = 20  # a novel of 1,000 pages is 2 MB of text; a scanned or illustrated PDF may be large
MAX_DECLARED_TITLE = 200  # characters; every sentence is embedded under its title

PART = "@"  # begins the name of a folder, at the top of the articles, that is indexed apart

MIN_NAME = 4  # letters of a file name that says something, such as "faq2"

_ASIDE = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_NAME_PART = re.compile(r"[^\W\d_][^\W_’']*(?:[’'][^\W_]+)*|(?:19|20)\d\d")  # "05" only orders the files of a folder
_CLAUSE_END = re.compile(r"[,;:.!?—–](?=\s|$)")
_PUT_THERE = "put articles there (" + ", ".join(sorted(formats.SUFFIXES)) + ")"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A seed that was not read, and why; `*.png` stands for all files of that format."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ingestion:
    """What reading the seeds gave."""

    hashes: dict[str, str]  # file -> sha256 of its bytes, for each that could be read, in the order of their ids
    unchanged: frozenset[str]  # files whose hash is the known one; they were not parsed
    documents: list[Document]  # of the other files, in the order of their ids
    skipped: list[Skipped]  # in the order of their ids
    left_out: dict[str, dict[str, int]]  # file -> what was left out of it -> how many; not of unchanged files


def seed_files(seeds: Path, max_mb: int = MAX_FILE_MB, part: str = "") -> list[Path]:
    """Return the files to read, in the order of their ids.

    Args:
        seeds: folder of the articles.
        max_mb: size of the largest file that is read, in megabytes.
        part: the folder below `seeds` that is read, `@name`; "" for all that stands in no such folder.

    Raises:
        SeedsError: the folder does not exist.
    """
    return _walk(seeds, max_mb, part)[0]


def hash_seeds(seeds: Path, max_mb: int = MAX_FILE_MB, part: str = "") -> dict[str, str]:
    """Return the hashes that `read_seeds` would return, without parsing anything.

    Raises:
        SeedsError: the folder does not exist.
    """
    hashes = {}
    told = read_told(seeds, part)
    for path in seed_files(seeds, max_mb, part):
        name = _id(path, seeds)
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256")
            hashes[name] = _with_told(digest, told.get(name))
        except OSError:
            continue  # the report of a build names it
    return hashes


def read_seeds(
    seeds: Path,
    detect: Callable[[str, Language], Language],
    fallback: Language = "fr",
    max_mb: int = MAX_FILE_MB,
    known: Mapping[str, str] | None = None,
    part: str = "",
    parse: Parse = parse_here,
) -> Ingestion:
    """Read every seed file, and parse those whose hash is not the known one.

    Args:
        seeds: folder of the articles.
        detect: text and fallback to language, for articles that do not declare theirs.
        fallback: language of an article whose text does not tell it.
        max_mb: size of the largest file that is read, in megabytes; one file is in memory at a time.
        known: file -> hash with which it was parsed before.
        part: see `seed_files`.
        parse: turns files into their items.

    Raises:
        SeedsError: the folder does not exist, or no file of it is known or could be read.
    """
    known = known or {}
    told = read_told(seeds, part)
    files, skipped = _walk(seeds, max_mb, part)
    hashes: dict[str, str] = {}
    changed: list[str] = []
    documents: list[Document] = []
    left_out: dict[str, dict[str, int]] = {}

    def raw_files() -> Iterator[Raw]:
        for path in files:
            file = _id(path, seeds)
            try:
                data = _bytes(path, max_mb)
            except (OSError, UnreadableError) as error:
                reason = f"cannot be read: {error.strerror}" if isinstance(error, OSError) else str(error)
                skipped.append(Skipped(file, reason))
                continue
            hashes[file] = _with_told(hashlib.sha256(data), told.get(file))
            if hashes[file] != known.get(file):
                changed.append(file)
                address = told[file].address if file in told else ""
                yield Raw(formats.kind_of(file), data, address)

    for number, items in enumerate(parse(raw_files())):
        file = changed[number]
        if counts := _left_out(items):
            left_out[file] = counts
        for item in items:
            if isinstance(item, Loaded) and item.says_something:
                documents.append(_document(file, item, told.get(file), detect, fallback))
            else:
                fault = Fault(0, "holds no text") if isinstance(item, Loaded) else item
                skipped.append(Skipped(f"{file}#{fault.place}" if fault.place else file, fault.reason))
    skipped.sort(key=lambda s: s.id)
    unchanged = frozenset(file for file, hashed in known.items() if hashes.get(file) == hashed)
    if not documents and not unchanged:
        reasons = "".join(f"\n  {s.id}: {s.reason}" for s in skipped)
        raise SeedsError(f"no article could be read in {seeds}: {_PUT_THERE}{reasons}")
    return Ingestion(hashes, unchanged, documents, skipped, left_out)


def count_formats(files: Iterable[str]) -> dict[str, int]:
    """Return suffix -> number of files that have it, in the order of the suffixes."""
    return dict(sorted(Counter(Path(file).suffix.lower() for file in files).items()))


def parts_of(seeds: Path) -> list[str]:
    """Return the parts of a folder of articles that are indexed apart, `@name`, sorted; none where it is missing."""
    if not seeds.is_dir():
        return []
    return sorted(path.name for path in seeds.iterdir() if path.name.startswith(PART) and path.is_dir())


def _walk(seeds: Path, max_mb: int, part: str) -> tuple[list[Path], list[Skipped]]:
    """Return the files to read, in the order of their ids, and those that are skipped; hidden files are in neither."""
    if not (seeds / part).is_dir():
        raise SeedsError(f"there is no seeds folder at {seeds / part}: create it, then {_PUT_THERE}")
    root = seeds.resolve()
    files: list[Path] = []
    skipped: list[Skipped] = []
    foreign: Counter[str] = Counter()
    for path in _all_paths(seeds, part):
        suffix = path.suffix.lower()
        if path.is_symlink() and path.exists() and not path.resolve().is_relative_to(root):
            skipped.append(Skipped(_id(path, seeds), "is a link that leaves the folder: copy what it points to"))
        elif not path.is_file():
            continue  # a folder, entered or linked to; a broken link; a pipe
        elif _id(path, seeds) != path.relative_to(seeds).as_posix():
            skipped.append(Skipped(_id(path, seeds), "has a name that is not UTF-8: rename it"))
        elif formats.is_leftover(path.name):
            continue
        elif suffix not in formats.SUFFIXES:
            foreign[suffix] += 1
        elif (size := _size(path)) > max_mb * 1_000_000:
            skipped.append(Skipped(_id(path, seeds), _too_large(size, max_mb)))
        else:
            files.append(path)
    for suffix, count in foreign.items():
        name = f"*{suffix}" if suffix else "(no suffix)"
        reason = formats.unread_reason(f"x{suffix}")
        skipped.append(Skipped(name, f"{count} file{'s' if count > 1 else ''} {reason}"))
    return sorted(files, key=lambda path: path.relative_to(seeds).as_posix()), skipped


def _all_paths(seeds: Path, part: str) -> Iterator[Path]:
    """Yield all that lies in a part, except what is hidden; links to folders are not entered."""
    for folder, folders, names in os.walk(seeds / part):
        is_top = not part and Path(folder) == seeds
        folders[:] = [name for name in folders if not name.startswith((".", PART) if is_top else ".")]
        yield from (Path(folder, name) for name in (*folders, *names) if not name.startswith("."))


def _size(path: Path) -> int:
    """Return the size of the file in bytes; 0 if it is gone meanwhile, which reading it will tell."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _id(path: Path, seeds: Path) -> str:
    """Return the path below the seeds folder, with forward slashes, and question marks for what is not UTF-8."""
    return path.relative_to(seeds).as_posix().encode("utf-8", "replace").decode()


def _with_told(digest: "hashlib._Hash", told: Told | None) -> str:
    """Return the hash of a file and of what is known of it."""
    if told is not None:
        digest.update(told.shape)
    return digest.hexdigest()


def _bytes(path: Path, max_mb: int) -> bytes:
    """Return the bytes of the file, unless it has grown too large since the walk."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        if size > max_mb * 1_000_000:
            raise UnreadableError(_too_large(size, max_mb))
        return file.read(size)


def _too_large(size: int, max_mb: int) -> str:
    return f"has {size / 1_000_000:,.1f} MB, more than {max_mb}: split it, or raise MAX_FILE_MB"


def _left_out(items: Iterable[Item]) -> dict[str, int]:
    """Return what was left out of a file, and how many of each, in the order of their names."""
    counts: Counter[str] = Counter()
    for item in items:
        if isinstance(item, Loaded):
            counts.update(item.left_out)
    return dict(sorted((+counts).items()))


def _document(
    file: str, loaded: Loaded, told: Told | None, detect: Callable[[str, Language], Language], fallback: Language
) -> Document:
    text, blocks = write(loaded.blocks)
    declared_title = loaded.title or (told.title if told and not loaded.line else "")
    title = shorten(_bare(declared_title), MAX_DECLARED_TITLE) or _title(file, loaded.blocks)
    declared = (loaded.language or "")[:2].lower()
    asked = without_addresses(f"{title}\n{text}" if loaded.line else text)  # an answer may be too short to tell
    return Document(
        id=f"{file}#{loaded.line}" if loaded.line else file,
        title=title,
        source=(told.address if told else "") or loaded.source or (told.name if told else file),
        language="fr" if declared == "fr" else "en" if declared == "en" else detect(asked, fallback),
        text=text,
        date=loaded.date or (told.date if told else None),
        blocks=blocks,
        line=loaded.line,
        is_pair=loaded.is_pair,
    )


def _bare(title: str) -> str:
    """Return a title without the addresses of its links, and without marks of code."""
    return without_addresses(title).replace("`", "")


def _title(file: str, blocks: Sequence[Block]) -> str:
    """Return the first heading, else the name of the file, else the opening clause of the text.

    A name without a word, such as 0012.txt, says nothing, and its text is then embedded under its opening clause: the
    first quote holds a gold answer for 0.613 of PIAF and 0.819 of SQuAD 2; under the whole opening line 0.611 and
    0.812; under none 0.603 and 0.798.
    """
    heading = next((block.text for block in blocks if block.kind == "heading"), "")
    name = " ".join(_NAME_PART.findall(PurePosixPath(file).stem.removesuffix(".fr").removesuffix(".en")))
    if heading or (len(name) >= MIN_NAME and not name.isdigit()):
        return shorten(_bare(heading) or name[:1].upper() + name[1:], MAX_TITLE)
    opening = next((block.text for block in blocks if block.text), "").split("\n", 1)[0][:400]
    opening = " ".join(_ASIDE.sub(" ", without_addresses(opening)).split()) or opening
    clause_end = _CLAUSE_END.search(opening, 20)
    return shorten(opening[: clause_end.start()] if clause_end else opening, MAX_TITLE)
