"""Check the models that translate quotes, if a folder of them is set."""

import time

from bot.config import BotSettings
from bot.doctor.finding import Finding
from index.schema import Language

_TRIED: dict[Language, str] = {
    "fr": "Le bureau est ouvert du lundi au vendredi.",
    "en": "The office is open from Monday to Friday.",
}


def translator(settings: BotSettings) -> Finding:
    """Load each model and let it translate a sentence, which must pass the checks.

    Raises:
        TranslationError: it cannot be used.
    """
    if settings.translator is None:
        return Finding("quotes", "note", "TRANSLATOR is not set: quotes in another language stand alone")
    from bot.translation.checked import CheckedTranslator
    from bot.translation.engine import CTranslate2Engine
    from bot.translation.models import PAIRS

    engine = CTranslate2Engine(settings.translator)
    checked = CheckedTranslator(engine)
    said, passes = [], True
    for pair in PAIRS:
        name = " to ".join(pair)
        if pair not in engine.pairs:
            said.append(f"no model for {name}")
            passes = False
            continue
        engine.translate([_TRIED[pair[0]]], pair)  # loads the model
        began = time.perf_counter()
        [translated] = checked.translate([_TRIED[pair[0]]], pair)
        took = time.perf_counter() - began
        failing = f"{name}: “{_TRIED[pair[0]]}” fails the checks"
        said.append(f"{name} in {took:.2f} s" if translated else failing)
        passes = passes and bool(translated)
    return Finding("quotes", "ok" if passes else "note", "; ".join(said))
