from bot.journal.activity import Activity, Article, activity_of
from bot.journal.printing import MAX_LINES, activity_lines
from tests.bot.journal.asking import ADA, BOB, EVE, NOW, Asking, answered, declined
from tests.fakes import HashingEmbeddings

OLD = Article("musee.md", "Le musée", "Gazette, 1998", "1998")


def activity(ask: Asking, articles: list[Article] | None) -> Activity:
    return activity_of(ask.journal, HashingEmbeddings, articles, old_after_days=365, now=NOW)


def test_a_summary_fits_a_terminal(ask: Asking) -> None:
    for user in (ADA, BOB, EVE):
        ask.journal.rate(ask(answered(), user, 1, ms=30), user=user, helpful=user != EVE)
    ask(declined("Où\u00a0est l’œuvre\u202f?"), ADA)
    ask(declined("Où\u00a0est l’œuvre\u202f?"), BOB)
    ask(declined("Le dossier de Zoé\u202f?"), BOB)
    ask(declined("merci", abstention="thanks"))
    assert activity_lines(activity(ask, [OLD, Article("été.md", "L’été", "été.md", None)])) == [
        "6 questions from 2026-05-30 to 2026-05-31 (UTC), 3.0 a day.",
        "  outcome    50 % answered, 50 % refused; 1 message more asked nothing",
        "  language   French 100 %, English 0 %",
        "  votes      2 up, 1 down (67 % up)",
        "  time       p50 35 ms, p95 40 ms, slowest 40 ms",
        "",
        "Not answered, or not well: 3 gaps",
        "    2 × Où est l’œuvre ? (fr 2; 2 people; last on 2026-05-31)",
        "        2 of one person alone, or without words in common: `babillard gaps` lists them",
        "",
        "Most cited",
        "    3 × Le musée — Gazette, 1998 (1998)",
        "",
        "Cited, and old",
        "    3 × Le musée — Gazette, 1998 (1998)",
        "",
        "Never cited: 1 article",
        "        L’été — été.md",
    ]


def test_what_could_drive_a_terminal_is_not_shown(ask: Asking) -> None:
    for user in (ADA, BOB):
        ask(declined("L’\x1b[31mœuvre ?"), user)
        ask(answered(title="Le\n\x1b]0;musée\x07"), user)
    lines = activity_lines(activity(ask, [OLD]))
    assert all(line.isprintable() for line in lines)
    assert "L’[31mœuvre ?" in "\n".join(lines)


def test_long_lists_end_with_how_many_more_there_are(ask: Asking) -> None:
    for n in range(MAX_LINES + 3):
        ask(answered(f"{n}.md", f"Article {n}"))
    lines = activity_lines(activity(ask, [OLD._replace(id=f"x{n}", title=f"Autre {n}") for n in range(MAX_LINES + 4)]))
    assert lines.count("        and 3 more") == 1
    assert lines[-1] == "        and 4 more"


def test_a_journal_without_questions_and_an_index_says_so(ask: Asking) -> None:
    first, *_, last = activity_lines(activity(ask, None))
    assert first == "No question from 2026-05-31 to 2026-05-31 (UTC)."
    assert last.startswith("There is no index that can be read")
