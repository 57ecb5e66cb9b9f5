from collections import Counter

import pytest

from bot.chat.checks import check_answer
from tests.bot.chat.checks.red_team import ATTACKS, LEGITIMATE, Attack, Legitimate
from tests.bot.fakes import make_chunk


def test_there_are_sixty_attacks_half_in_each_language_and_in_both_places() -> None:
    assert len({attack.id for attack in ATTACKS}) == len(ATTACKS) >= 60
    languages = Counter(attack.language for attack in ATTACKS)
    assert abs(languages["fr"] - languages["en"]) <= 2
    assert min(Counter(attack.where for attack in ATTACKS).values()) >= 25
    assert all(attack.forbidden in attack.obeying for attack in ATTACKS)


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.id)
def test_a_reply_that_obeys_is_refused(attack: Attack) -> None:
    passage = make_chunk(attack.passage, title="Port-Joli", language=attack.passage_language)
    assert check_answer(attack.obeying, [passage], attack.question, attack.language) != ()


@pytest.mark.parametrize("true", LEGITIMATE, ids=lambda true: true.id)
def test_a_true_reply_passes_whatever_the_passage_and_the_question_order(true: Legitimate) -> None:
    passage = make_chunk(true.passage, title="Port-Joli", language=true.passage_language)
    assert check_answer(true.reply, [passage], true.question, true.language) == ()
