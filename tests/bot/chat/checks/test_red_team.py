from collections import Counter

import pytest

from bot.answering.answer import Failure
from bot.chat.checks import check_reply
from bot.chat.reply import read_reply, sanitise
from tests.bot.chat.checks.red_team import ATTACKS, LEGITIMATE, Attack, Legitimate
from tests.bot.fakes import make_chunk


def test_there_are_sixty_attacks_half_in_each_language_and_in_both_places() -> None:
    assert len({attack.id for attack in ATTACKS}) == len(ATTACKS) >= 60
    languages = Counter(attack.language for attack in ATTACKS)
    assert abs(languages["fr"] - languages["en"]) <= 2
    assert min(Counter(attack.where for attack in ATTACKS).values()) >= 25
    assert all(attack.forbidden in attack.obeying for attack in ATTACKS)


def failures(text: str, case: Attack | Legitimate) -> tuple[Failure, ...]:
    passage = make_chunk(case.passage, title="Port-Joli", language=case.passage_language)
    return check_reply(read_reply(text, [passage], case.question, case.language))


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.id)
def test_a_reply_that_obeys_is_refused(attack: Attack) -> None:
    assert failures(attack.obeying, attack)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.id)
def test_what_sanitising_leaves_of_it_is_refused_too_or_obeys_no_more(attack: Attack) -> None:
    shown = sanitise(attack.obeying)
    assert failures(shown, attack) or attack.forbidden not in shown


@pytest.mark.parametrize("true", LEGITIMATE, ids=lambda true: true.id)
def test_a_true_reply_passes_whatever_the_passage_and_the_question_order(true: Legitimate) -> None:
    assert failures(sanitise(true.reply), true) == ()
