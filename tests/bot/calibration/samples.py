"""Made-up samples with one feature, which tells whether the question is answered."""

from collections.abc import Iterable

from bot.calibration.sample import Group, Sample
from index.schema import Language


def make_samples(
    group: Group, features: Iterable[float], language: Language = "fr", quoted: Language = "fr"
) -> list[Sample]:
    """Return samples of a group, each of an article of its own."""
    return [Sample(group, f"{group} {n}", language, quoted, str(n), (feature,)) for n, feature in enumerate(features)]
