"""`babillard index`: rebuild, stats, search."""

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from pydantic import ValidationError

from index.config import IndexSettings, fingerprint
from index.errors import IndexingError, UnreachableStoreError
from index.fetched import learned_folder
from index.ingestion import seed_files
from index.language import detect_language
from index.layers import Layers, build_layers, common_layers, stale_layers
from index.model.embedding import TextEmbeddings, load_embeddings
from index.parsing import Parse, parse_here
from index.places import place_of
from index.reporting import print_json, print_reports, progress_as_lines, progress_bar
from index.schema import SearchHit
from index.search import Searcher
from index.shelf import Shelf

app = typer.Typer(no_args_is_help=True, help="Build the index of the seeds, and look inside.")

Settings = TypeVar("Settings", bound=IndexSettings)

DEBOUNCE_MS = 1_500  # changes less than this apart lead to one build

FIRST_LOOK_MS = 200  # without a change, after which a watch makes its first build

MAX_LINE = 100_000  # bytes of a line of questions that are read; the rest is dropped

SeedsOption = Annotated[Path | None, typer.Option("--seeds", help="Folder of the articles.  [SEEDS_DIR, else seeds]")]
IndexOption = Annotated[Path | None, typer.Option("--index", help="Folder of the index.  [INDEX_DIR, else var/index]")]
DataOption = Annotated[
    Path | None, typer.Option("--data", help="Folder of what was learned.  [DATA_DIR, else var/data]")
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


@contextmanager
def foreseen_faults(*others: type[Exception]) -> Iterator[None]:
    """Turn a foreseen fault into one line on standard error and exit status 1; a bug keeps its traceback.

    Args:
        others: base classes of more foreseen faults, beside those of the index and of the settings.
    """
    foreseen: tuple[type[Exception], ...] = (IndexingError, *others)
    try:
        yield
    except foreseen as error:
        typer.echo(f"babillard: {error}", err=True)
        raise typer.Exit(1) from error
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        typer.echo(f"babillard: the settings cannot be read ({wrong}): mend the environment or .env", err=True)
        raise typer.Exit(1) from error


def load_settings(kind: type[Settings], seeds: Path | None, index: Path | None, data: Path | None = None) -> Settings:
    """Read the settings; options of the command line win over the environment, which wins over `.env`.

    Raises:
        ValidationError: a setting is wrong.
        IndexingError: `.env` cannot be read.
    """
    given = {"seeds_dir": seeds, "index_dir": index, "data_dir": data}
    try:
        return kind.model_validate({name: path for name, path in given.items() if path is not None})
    except OSError as error:
        raise IndexingError(f".env cannot be read ({error.strerror}): let whoever runs this read it") from error


def questions(question: str) -> Iterator[str]:
    """Yield the question; for `-`, yield each line of standard input as it comes, blank ones too."""
    if question != "-":
        yield question
        return
    if sys.stdin is None:  # closed by the caller
        return
    while line := sys.stdin.buffer.readline(MAX_LINE):
        yield line.decode("utf-8", "replace").strip()
        while len(line) == MAX_LINE and not line.endswith(b"\n"):  # drop the rest of a very long line
            line = sys.stdin.buffer.readline(MAX_LINE)


@app.command()
def rebuild(
    seeds: SeedsOption = None,
    index: IndexOption = None,
    data: DataOption = None,
    if_stale: Annotated[bool, typer.Option("--if-stale", help="Do nothing when the index is up to date.")] = False,
    full: Annotated[
        bool, typer.Option("--full", help="Reuse nothing of the index; a build that was killed is still taken up.")
    ] = False,
    as_json: JsonOption = False,
    progress_lines: Annotated[
        bool, typer.Option("--progress", help="Tell each second how far it is, as a line of JSON.")
    ] = False,
    ray: Annotated[
        str | None,
        typer.Option(
            "--ray", metavar="ADDRESS", help="Let a Ray cluster parse and embed: local, auto, or its host:port."
        ),
    ] = None,
) -> None:
    """Bring the index up to date with the seeds; the old one serves until the new one is complete."""
    with foreseen_faults():
        settings = load_settings(IndexSettings, seeds, index, data)
        embeddings = load_embeddings(settings.embedding_model)
        if if_stale:
            try:
                reason = stale_layers(settings, embeddings)
            except UnreachableStoreError as error:  # whoever serves next waits for it, which an end here would prevent
                typer.echo(f"babillard: nobody knows whether the index is stale: {error}", err=True)
                return
            if reason is None:
                return
            typer.echo(f"Building the index: {reason}.", err=True)
        with (
            progress_as_lines() if progress_lines else progress_bar() as progress,
            _workers(ray, embeddings) as (model, parse),
        ):
            reports = build_layers(settings, model, progress, full, parse)
    print_reports(reports, as_json)


def _workers(ray: str | None, embeddings: TextEmbeddings) -> AbstractContextManager[tuple[TextEmbeddings, Parse]]:
    """Return what embeds and what parses: on the cluster at an address, or here."""
    if ray is None:
        return nullcontext((embeddings, parse_here))
    from index.ray.building import workers_at

    return workers_at(ray, embeddings)


@app.command()
def stats(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """Say what the index holds, how old it is, and the size of each of its files in bytes."""
    with foreseen_faults():
        settings = load_settings(IndexSettings, None, index)
        store = place_of(settings).open()
        manifest, files = store.manifest, store.sizes()
        age = datetime.now(UTC) - datetime.fromisoformat(manifest.created)
    record = {
        "documents": manifest.documents,
        "chunks": manifest.chunks,
        "sentences": manifest.sentences,
        "languages": {"fr": 0, "en": 0, **store.bm25.languages},
        "bytes": sum(files.values()),
        "generation": manifest.generation,
        "created": manifest.created,
        "age_seconds": round(age.total_seconds()),
        "model": manifest.model,
        "model_revision": manifest.model_revision,
        "dimension": manifest.dimension,
        "fingerprint": manifest.fingerprint,
        "files": files,
    }
    if as_json:
        print_json(record)
        return
    for name, value in record.items():
        if isinstance(value, dict):
            typer.echo(f"{name}")
            for part, count in value.items():
                typer.echo(f"  {part:20} {count:>14,}")
        else:
            typer.echo(f"{name.replace('_', ' '):15} {value}")


@app.command()
def verify(index: IndexOption = None, as_json: JsonOption = False) -> None:
    """Check every byte of the index; exit 1 and name the file when one is damaged."""
    with foreseen_faults():
        settings = load_settings(IndexSettings, None, index)
        manifest = place_of(settings).open().manifest
    if as_json:
        print_json({"generation": manifest.generation, "files": sorted(manifest.files)})
        return
    typer.echo(f"generation {manifest.generation}: {len(manifest.files)} files, every byte as it was written")


@app.command()
def watch(seeds: SeedsOption = None, index: IndexOption = None, data: DataOption = None) -> None:
    """Keep the index up to date: rebuild when the seeds, or what was learned, change, until Ctrl-C."""
    from watchfiles import watch as changes  # for this command alone

    with foreseen_faults():
        settings = load_settings(IndexSettings, seeds, index, data)
        embeddings = load_embeddings(settings.embedding_model)
        seed_files(settings.seeds_dir)
        folders = [settings.seeds_dir, learned_folder(settings.data_dir)]
        built = False
        for changed in changes(
            *(folder for folder in folders if folder.is_dir()),
            debounce=DEBOUNCE_MS,
            step=200,
            rust_timeout=FIRST_LOOK_MS,
            yield_on_timeout=True,
            raise_interrupt=False,
        ):
            if changed or not built:  # the first build waits until changes are watched, so that none is missed
                _rebuild_or_say(settings, embeddings)
                built = True


def _rebuild_or_say(settings: IndexSettings, embeddings: TextEmbeddings) -> None:
    """Rebuild and print a line about it, or about a foreseen fault: the next change tries again."""
    try:
        print_reports(build_layers(settings, embeddings), as_json=False)
    except IndexingError as error:
        typer.echo(f"babillard: {error}", err=True)


@app.command()
def search(
    question: Annotated[str, typer.Argument(help="What to look for; - reads one question per line.")],
    k: Annotated[int, typer.Option("-k", min=1, max=1000, help="How many hits.")] = 5,
    index: IndexOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what the search finds for a question, both scores, and the words that matched."""
    with foreseen_faults():
        settings = load_settings(IndexSettings, None, index)
        embeddings = load_embeddings(settings.embedding_model)
        expected = fingerprint(embeddings.model, embeddings.revision)
        stores = Shelf().open(common_layers(settings), expected)
        searcher = Layers([Searcher(store, embeddings) for store in stores], embeddings)
        show: Callable[[str, list[SearchHit]], None] = _json_hits if as_json else _print_hits
        for text in questions(question):
            show(text, searcher.search(text, detect_language(text).language, k))


def _json_hits(question: str, hits: list[SearchHit]) -> None:
    print_json({"question": question, "hits": [hit_record(hit) for hit in hits]})


def hit_record(hit: SearchHit) -> dict[str, object]:
    """Return the documented JSON shape of a hit."""
    chunk = hit.chunk
    return {
        "rank": hit.rank,
        "score": round(hit.score, 4),
        "dense": round(hit.dense, 4),
        "lexical": round(hit.lexical, 4),
        "chunk_id": chunk.id,
        "title": chunk.title,
        "source": chunk.source,
        "language": chunk.language,
        "text": chunk.text,
    }


def _print_hits(question: str, hits: list[SearchHit]) -> None:
    typer.echo(f"{question}" if hits else f"{question}\n   nothing found")
    for hit in hits:
        words = ", ".join(hit.matched) or "none"
        typer.echo(f"{hit.rank:2}. {hit.score:.3f}  vectors {hit.dense:.3f}  words {hit.lexical:.3f} ({words})")
        typer.echo(f"    {hit.chunk.title} [{hit.chunk.language}] {hit.chunk.id}")
        typer.echo(f"    {' '.join(hit.chunk.text.split())[:160]}")
