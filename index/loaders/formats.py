"""Which loader reads which file, and what to do with a file that none reads."""

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import PurePath

from index.loaders.loaded import MAX_TEXT, Item, Loaded, UnreadableError
from index.loaders.signs import without_invisible

GLOSSARY = "glossary"
_GLOSSARY_FILES = frozenset(["glossary.csv", "glossaire.csv"])
"""Names that make a table the glossary, in any case, where it stands at the top of the seeds."""

# Named, not imported: each brings a library that only its own format needs.
_LOADERS = {
    ".txt": ("text", "load"),
    ".md": ("markdown", "load"),
    ".markdown": ("markdown", "load"),
    ".mdx": ("markdown", "load"),
    ".rst": ("rst", "load"),
    ".html": ("html", "load"),
    ".htm": ("html", "load"),
    ".pdf": ("pdf", "load"),
    ".docx": ("office.docx", "load"),
    ".odt": ("office.odf", "load_text"),
    ".pptx": ("office.pptx", "load"),
    ".odp": ("office.odf", "load_slides"),
    ".xlsx": ("office.xlsx", "load"),
    ".ods": ("office.odf", "load_sheets"),
    ".epub": ("epub", "load"),
    ".eml": ("mail", "load"),
    ".srt": ("subtitles", "load"),
    ".vtt": ("subtitles", "load"),
    ".csv": ("faq", "load_csv"),
    ".tsv": ("faq", "load_csv"),
    ".jsonl": ("faq", "load_jsonl"),
    GLOSSARY: ("glossary", "load"),
}
SUFFIXES = frozenset(_LOADERS) - {GLOSSARY}
_WEB = frozenset([".html", ".htm"])
SIMPLE = frozenset([".txt"])
"""What can be read in the process of the build: time and memory are those of reading the bytes."""

_UNREAD = {
    suffix: advice
    for suffixes, advice in (
        (".doc .docm .dot .dotx .rtf .wps .pages .fodt .ott", "save it as .docx"),
        (".xls .xlsm .xlsb .numbers .fods", "save it as .xlsx"),
        (".ppt .pptm .pps .ppsx .key", "save it as .pptx"),
        (".adoc .asciidoc .org .textile .wiki .mediawiki .creole .tex .ipynb .rmd .qmd", "convert it to .md or .html"),
        (".xhtml .mht .mhtml .shtml .asp .aspx .php", "save it as .html"),
        (".ps .djvu .xps .oxps .indd .pub", "save it as .pdf"),
        (".mobi .azw .azw3 .fb2 .lit", "convert it to .epub"),
        (".msg .mbox .pst", "save each message as .eml"),
        (".ass .ssa .sub .sbv", "convert it to .srt"),
        (
            ".json .yaml .yml .toml .xml .ini .sql .db .sqlite .parquet",
            "data: put question-answer pairs into .csv",
        ),
        (".log .text .me .nfo .ics .vcf", "put what it says into a .txt"),
        (
            ".png .jpg .jpeg .gif .webp .avif .heic .bmp .tif .tiff .svg .ico .psd .ai .eps .odg .vsd .vsdx .drawio",
            "a picture: put its words into a text",
        ),
        (
            ".mp3 .m4a .ogg .oga .opus .flac .wav .aac .wma .mp4 .m4v .mkv .mov .avi .webm .wmv",
            "a recording: put what is said into a text, or add its subtitles as .srt",
        ),
        (".zip .tar .gz .tgz .bz2 .xz .7z .rar", "an archive: unpack it"),
    )
    for suffix in suffixes.split()
}
_LEFTOVER_NAMES = frozenset(["thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r"])
_LEFTOVER_STARTS = ("~$", ".~lock.", "._")
_LEFTOVER_ENDS = ("~", "#", ".tmp", ".temp", ".bak", ".swp", ".swo", ".part", ".crdownload")


def is_glossary(file: str) -> bool:
    """Whether a file of the seeds is the glossary, or that of a collection; `file` is its path below their folder."""
    collection, _, name = file.lower().rpartition("/")
    return name in _GLOSSARY_FILES and (not collection or (collection[0] == "@" and "/" not in collection))


def kind_of(file: str) -> str:
    """Return what `load` takes for a file of the seeds: its suffix, or `GLOSSARY`.

    Args:
        file: its path below their folder.
    """
    return GLOSSARY if is_glossary(file) else PurePath(file).suffix.lower()


def load(kind: str, data: bytes, address: str = "") -> list[Item]:
    """Return what the file holds.

    Args:
        kind: one of `SUFFIXES`, or `GLOSSARY`.
        data: the file.
        address: where it was fetched, from which the links of a web page lead; "" where nobody knows.

    Raises:
        UnreadableError: nothing can be read in it.
    """
    module, name = _LOADERS[kind]
    loader: Callable[..., Sequence[Item]] = getattr(import_module(f"index.loaders.{module}"), name)
    loaded = loader(data, address) if kind in _WEB else loader(data)
    items = [without_invisible(item) if isinstance(item, Loaded) else item for item in loaded]
    if sum(item.length for item in items if isinstance(item, Loaded)) > MAX_TEXT:
        raise UnreadableError(f"holds more than {MAX_TEXT:,} characters: split it")
    return items


def unread_reason(path: str) -> str | None:
    """Return why no loader reads a file of this name, and what to do; None where one does."""
    suffix = PurePath(path).suffix.lower()
    if suffix in SUFFIXES:
        return None
    if not suffix:
        return "not read: name it .txt or .md, if it is a text"
    return f"not read: {_UNREAD[suffix]}" if suffix in _UNREAD else "not read: no format of articles"


def is_leftover(name: str) -> bool:
    """Whether programs leave files of this name beside the real ones: locks, backups, thumbnails."""
    name = name.lower()
    return name in _LEFTOVER_NAMES or name.startswith(_LEFTOVER_STARTS) or name.endswith(_LEFTOVER_ENDS)
