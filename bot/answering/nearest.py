"""What an abstention names: the articles that come nearest to the question, where any is near."""

from bot.answering.answer import Answer
from index.schema import SearchHit

NEAR = 0.4
"""Share of the threshold that the confidence must reach. On real documentation of 94 pages, the questions about it that
were refused had .52 of the threshold and more; 12 questions about anything else had at most .20, and .37 on the two
articles that come with the program, one of which speaks of capitals."""

MAX_NEAREST = 3  # as many as a phone shows at once


def nearest(answer: Answer) -> list[SearchHit]:
    """Return the best hit of each of the nearest articles, best first; [] where none is near, or there is an answer."""
    if answer.abstention != "no_evidence" or answer.confidence < NEAR * answer.threshold:
        return []
    best: dict[str, SearchHit] = {}
    for hit in answer.hits:
        best.setdefault(hit.chunk.title, hit)
    return list(best.values())[:MAX_NEAREST]


def nearest_place(hit: SearchHit) -> str:
    """Return the title, and the headings above the passage."""
    return f"{hit.chunk.title} › {hit.chunk.path}" if hit.chunk.path else hit.chunk.title
