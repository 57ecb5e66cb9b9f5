"""What the bot says of itself, in both languages; the same keys in each."""

from typing import Literal

from index.schema import Language

Key = Literal[
    "no_question", "no_evidence", "foreign", "says_in_fr", "says_in_en", "cut", "in_fr", "in_en", "sources",
    "no_sources", "generation", "welcome", "help", "unknown_command", "language_set", "language_auto", "language_usage", "rebuilding",
    "why_none", "why_confidence", "why_answered", "why_abstained", "why_hit", "bye",
]  # fmt: skip

MESSAGES: dict[Language, dict[Key, str]] = {
    "fr": {
        "no_question": "Posez-moi une question en quelques mots, en français ou en anglais.",
        "no_evidence": "Je n’ai rien trouvé dans les articles qui réponde à cette question.",
        "foreign": "Je réponds aux questions posées en français ou en anglais. / I answer questions in French or English.",
        "says_in_fr": "Voici ce qu’en dit «\u00a0{title}\u00a0»\u00a0:",
        "says_in_en": "Voici ce qu’en dit «\u00a0{title}\u00a0», en anglais\u00a0:",
        "cut": "(Question très longue\u00a0: je n’en ai lu que les {limit} premiers caractères.)",
        "in_fr": "en français",
        "in_en": "en anglais",
        "sources": "Sources de la dernière réponse\u00a0:",
        "no_sources": "La dernière réponse ne cite aucune source.",
        "generation": "Index\u00a0: {generation}",
        "welcome": "Babillard · {documents} articles, {chunks} passages. Posez une question\u202f; /help pour l’aide, Ctrl-D pour quitter.",
        "help": (
            "Posez une question en français ou en anglais\u202f; la réponse cite les articles, ou dit qu’elle n’a rien trouvé.\n"
            "  /sources          les passages d’où vient la dernière réponse\n"
            "  /why              ce qui a été trouvé, les notes et le seuil\n"
            "  /lang fr|en|auto  la langue des réponses\u202f; auto\u00a0: celle de la question\n"
            "  /rebuild          reconstruire l’index à partir des articles\n"
            "  /help             cette aide\n"
            "  Ctrl-C efface la ligne, Ctrl-D quitte."
        ),
        "unknown_command": "Commande inconnue\u00a0: {command}. /help donne la liste.",
        "language_set": "Je répondrai en français.",
        "language_auto": "Je répondrai dans la langue de la question.",
        "language_usage": "Écrivez /lang fr, /lang en ou /lang auto.",
        "rebuilding": "Reconstruction de l’index…",
        "why_none": "Posez d’abord une question.",
        "why_confidence": "confiance {confidence:.2f}, seuil {threshold:.2f}\u00a0: {verdict}",
        "why_answered": "une réponse",
        "why_abstained": "pas de réponse",
        "why_hit": "{rank}. {score:.3f}  vecteurs {dense:.3f}  mots {lexical:.3f} ({words})  {title}",
        "bye": "À bientôt.",
    },
    "en": {
        "no_question": "Ask me a question in a few words, in French or English.",
        "no_evidence": "I found nothing in the articles that answers this question.",
        "foreign": "I answer questions in French or English. / Je réponds aux questions posées en français ou en anglais.",
        "says_in_fr": "Here is what “{title}” says, in French:",
        "says_in_en": "Here is what “{title}” says:",
        "cut": "(A very long question: I read only its first {limit} characters.)",
        "in_fr": "in French",
        "in_en": "in English",
        "sources": "Sources of the last answer:",
        "no_sources": "The last answer cites no source.",
        "generation": "Index: {generation}",
        "welcome": "Babillard · {documents} articles, {chunks} passages. Ask a question; /help for help, Ctrl-D to leave.",
        "help": (
            "Ask a question in French or English; the answer quotes the articles, or says that it found nothing.\n"
            "  /sources          the passages that the last answer comes from\n"
            "  /why              what was found, the scores and the threshold\n"
            "  /lang fr|en|auto  the language of the replies; auto: that of the question\n"
            "  /rebuild          rebuild the index from the articles\n"
            "  /help             this help\n"
            "  Ctrl-C clears the line, Ctrl-D leaves."
        ),
        "unknown_command": "Unknown command: {command}. /help lists them.",
        "language_set": "I will reply in English.",
        "language_auto": "I will reply in the language of the question.",
        "language_usage": "Type /lang fr, /lang en or /lang auto.",
        "rebuilding": "Rebuilding the index…",
        "why_none": "Ask a question first.",
        "why_confidence": "confidence {confidence:.2f}, threshold {threshold:.2f}: {verdict}",
        "why_answered": "an answer",
        "why_abstained": "no answer",
        "why_hit": "{rank}. {score:.3f}  vectors {dense:.3f}  words {lexical:.3f} ({words})  {title}",
        "bye": "Bye.",
    },
}


def say(key: Key, language: Language, **values: object) -> str:
    """Return the message in `language`, its places filled in."""
    return MESSAGES[language][key].format(**values)
