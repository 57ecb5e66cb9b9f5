from training.reader.examples import Entry, Example
from training.reader.negatives import look_alikes

PASSAGES = [
    "Le musée de Gaspé a ouvert en 1977.",
    "Le musée de Lévis a ouvert en 1998.",
    "Le phare de Gaspé date de 1806.",
    "La recette demande deux œufs.",
]


def entry(question: str, passage: str, answer: str) -> Entry:
    start = passage.index(answer)
    return Entry(question, Example(question, passage, ((start, start + len(answer)),)), (answer,), "", 0)


def test_a_look_alike_shares_words_with_the_question_and_holds_no_answer() -> None:
    others = [entry(f"Et {n} ?", passage, passage[3:9]) for n, passage in enumerate(PASSAGES)]
    asked = entry("Quand le musée de Gaspé a-t-il ouvert ?", PASSAGES[0], "1977")
    found = {e.passage for e in look_alikes([asked, *others], "fr", 5, seed=1) if e.question == asked.example.question}
    assert found <= set(PASSAGES[1:3])
    assert found
    assert not any(e.spans for e in look_alikes([asked, *others], "fr", 5, seed=1))
