"""What the confidence is fitted on and measured by."""

from dataclasses import dataclass
from typing import Literal, get_args

from index.schema import Language

Group = Literal["whole", "indexed", "near miss", "not indexed", "unanswerable"]
"""What was searched. "whole": all articles. "indexed": some of them, with that of the question. "near miss": all but
the passage that answers. "not indexed": some of them, without that of the question. "unanswerable": all, and none
answers."""

GROUPS: tuple[Group, ...] = get_args(Group)


@dataclass(frozen=True, slots=True)
class Sample:
    """What the reader saw of one question over one index."""

    group: Group
    question: str
    language: Language  # of the question
    quoted: Language  # of the sentence that the features are of
    article: str  # samples of one article are never both fitted on and measured
    features: tuple[float, ...]  # in the order of the reader's `feature_names`
    weight: float = 1.0  # how much it counts in a fit

    @property
    def pair(self) -> str:
        """The languages of question and quote, such as "fr→en"."""
        return f"{self.language}→{self.quoted}"

    @property
    def answerable(self) -> bool:
        """Whether the index holds the answer."""
        return self.group in ("whole", "indexed")
