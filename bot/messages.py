"""What the bot says of itself, in both languages; the same keys in each."""

from typing import Literal

from index.schema import Language

Key = Literal[
    "no_question", "no_evidence", "foreign", "understood", "says_in_fr", "says_in_en",
    "note_checks", "note_timeout", "note_unavailable", "note_budget", "cut", "more", "more_command", "in_fr", "in_en", "old", "sources",
    "no_sources", "generation", "welcome", "calibrated", "help", "unknown_command", "language_set", "language_auto", "language_usage", "new", "rebuilding",
    "why_none", "why_confidence", "why_answered", "why_abstained", "why_hit", "why_cache", "no_more", "bye",
    # of Discord
    "title", "nearest", "humans", "index_of", "sources_button", "all_button", "answer_gone",
    "busy", "too_soon", "daily_cap", "too_long", "failed", "not_here", "not_you", "cannot_read",
    "vote_up", "vote_down", "vote_gone", "forgotten", "nothing_kept",
    "rules", "channel_rules", "everywhere", "everyone", "auto", "fr", "en", "yes", "no", "no_permission",
    "rebuild_progress", "rebuild_done", "rebuild_failed", "rebuild_killed", "ready",
]  # fmt: skip

MESSAGES: dict[Language, dict[Key, str]] = {
    "fr": {
        "no_question": "Posez-moi une question en quelques mots, en français ou en anglais.",
        "no_evidence": "Je n’ai rien trouvé dans les articles qui réponde à cette question.",
        "foreign": "Je réponds aux questions posées en français ou en anglais. / I answer questions in French or English.",
        "understood": "J’ai compris\u00a0: {question}",
        "says_in_fr": "Voici ce qu’en dit «\u00a0{title}\u00a0»\u00a0:",
        "says_in_en": "Voici ce qu’en dit «\u00a0{title}\u00a0», en anglais\u00a0:",
        "note_checks": "(La réponse du modèle n’a pas pu être vérifiée\u00a0: je cite les articles à la place.)",
        "note_timeout": "(Le modèle a mis trop de temps\u00a0: je cite les articles à la place.)",
        "note_unavailable": "(Le modèle ne répond pas en ce moment\u00a0: je cite les articles à la place.)",
        "note_budget": "(Le budget du jour pour le modèle est épuisé\u00a0: je cite les articles à la place.)",
        "cut": "(Question très longue\u00a0: je n’en ai lu que les {limit} premiers caractères.)",
        "more": "(La section en dit plus.)",
        "more_command": "(La section en dit plus\u00a0: /more l’affiche en entier.)",
        "in_fr": "en français",
        "in_en": "en anglais",
        "old": "{dated}, peut-être dépassé",
        "sources": "Sources de la dernière réponse\u00a0:",
        "no_sources": "La dernière réponse ne cite aucune source.",
        "generation": "Index\u00a0: {generation}",
        "welcome": "Babillard · {documents} articles, {chunks} passages. Posez une question\u202f; /help pour l’aide, Ctrl-D pour quitter.",
        "calibrated": "Confiance réglée sur vos propres questions\u00a0: {data}.",
        "help": (
            "Posez une question en français ou en anglais\u202f; la réponse cite les articles, ou dit qu’elle n’a rien trouvé.\n"
            "  /more             toute la section d’où vient la dernière réponse\n"
            "  /sources          les passages d’où vient la dernière réponse\n"
            "  /why              ce qui a été trouvé, les notes et le seuil\n"
            "  /lang fr|en|auto  la langue des réponses\u202f; auto\u00a0: celle de la question\n"
            "  /new              nouvelle conversation\u00a0: oublier les questions précédentes\n"
            "  /rebuild          reconstruire l’index à partir des articles\n"
            "  /help             cette aide\n"
            "  Ctrl-C efface la ligne, Ctrl-D quitte."
        ),
        "unknown_command": "Commande inconnue\u00a0: {command}. /help donne la liste.",
        "language_set": "Je répondrai en français.",
        "language_auto": "Je répondrai dans la langue de la question.",
        "language_usage": "Écrivez /lang fr, /lang en ou /lang auto.",
        "new": "Nouvelle conversation\u00a0: j’oublie les questions précédentes.",
        "rebuilding": "Reconstruction de l’index…",
        "why_none": "Posez d’abord une question.",
        "why_confidence": "confiance {confidence:.2f}, seuil {threshold:.2f}\u00a0: {verdict}",
        "why_answered": "une réponse",
        "why_abstained": "pas de réponse",
        "why_hit": "{rank}. {score:.3f}  vecteurs {dense:.3f}  mots {lexical:.3f} ({words})  {title}",
        "why_cache": "déjà répondues, depuis que l’index est ouvert\u00a0: {known} sur {asked}, soit {percent}\u00a0%",
        "no_more": "La dernière réponse montre déjà tout.",
        "bye": "À bientôt.",
        "title": "«\u00a0{title}\u00a0»",
        "nearest": "Les articles les plus proches\u00a0: {titles}.",
        "humans": "Des personnes répondent dans {channel}.",
        "index_of": "Index du {date}",
        "sources_button": "Sources",
        "all_button": "Tout voir",
        "answer_gone": "Cette réponse est trop ancienne\u00a0: posez la question à nouveau.",
        "busy": "Trop de questions attendent en ce moment. Réessayez dans une minute.",
        "too_soon": "Vous venez de poser une question. Réessayez dans {seconds}\u00a0s.",
        "daily_cap": "Ce serveur a eu toutes ses questions du jour. Réessayez {when}.",
        "too_long": "La réponse a pris trop de temps. Réessayez, ou demandez plus simplement.",
        "failed": "Je n’ai pas pu répondre\u00a0: quelque chose s’est mal passé de mon côté. Réessayez plus tard.",
        "not_here": "Ici, je ne réponds pas. Posez votre question dans {channels}.",
        "not_you": "Sur ce serveur, seuls certains rôles peuvent me poser des questions.",
        "cannot_read": "Dans ce fil, mentionnez-moi ou répondez à mon message\u00a0: je ne peux pas lire les autres.",
        "vote_up": "Merci, c’est noté\u00a0: utile.",
        "vote_down": "Merci, c’est noté\u00a0: pas utile.",
        "vote_gone": "Cette réponse n’est plus gardée\u00a0: le vote non plus.",
        "forgotten": "C’est effacé\u00a0: {count} lignes de vos questions et de vos votes.",
        "nothing_kept": "Je ne garde rien de vous.",
        "rules": "Salons\u00a0: {channels}\nRôles\u00a0: {roles}\nLangue quand la question ne la dit pas\u00a0: {fallback}\nUne question toutes les {cooldown}\u00a0s par personne, {daily} par jour\nOù des personnes répondent\u00a0: {help_channel}",
        "channel_rules": "{channel}\u00a0: fils {threads}, langue {fallback}",
        "everywhere": "tous",
        "everyone": "tous",
        "auto": "au choix du bot",
        "fr": "français",
        "en": "anglais",
        "yes": "oui",
        "no": "non",
        "no_permission": "Cette commande est réservée à qui gère le serveur.",
        "rebuild_progress": "Reconstruction de l’index\u00a0: {done} textes sur {total}…",
        "rebuild_done": "L’index est à jour\u00a0: {documents} articles, {chunks} passages, {skipped} fichiers sautés, {seconds}\u00a0s.",
        "rebuild_failed": "L’index n’a pas été reconstruit, l’ancien sert toujours\u00a0: {reason}",
        "rebuild_killed": "L’index n’a pas été reconstruit, l’ancien sert toujours\u00a0: le processus a été tué, sans doute par manque de mémoire.",
        "ready": "Prêt à répondre",
    },
    "en": {
        "no_question": "Ask me a question in a few words, in French or English.",
        "no_evidence": "I found nothing in the articles that answers this question.",
        "foreign": "I answer questions in French or English. / Je réponds aux questions posées en français ou en anglais.",
        "understood": "I understood: {question}",
        "says_in_fr": "Here is what “{title}” says, in French:",
        "says_in_en": "Here is what “{title}” says:",
        "note_checks": "(The model’s answer could not be verified: I quote the articles instead.)",
        "note_timeout": "(The model took too long: I quote the articles instead.)",
        "note_unavailable": "(The model does not answer right now: I quote the articles instead.)",
        "note_budget": "(The day’s budget for the model is used up: I quote the articles instead.)",
        "cut": "(A very long question: I read only its first {limit} characters.)",
        "more": "(The section says more.)",
        "more_command": "(The section says more: /more shows all of it.)",
        "in_fr": "in French",
        "in_en": "in English",
        "old": "{dated}, may be out of date",
        "sources": "Sources of the last answer:",
        "no_sources": "The last answer cites no source.",
        "generation": "Index: {generation}",
        "welcome": "Babillard · {documents} articles, {chunks} passages. Ask a question; /help for help, Ctrl-D to leave.",
        "calibrated": "Confidence calibrated on your own questions: {data}.",
        "help": (
            "Ask a question in French or English; the answer quotes the articles, or says that it found nothing.\n"
            "  /more             the whole section that the last answer comes from\n"
            "  /sources          the passages that the last answer comes from\n"
            "  /why              what was found, the scores and the threshold\n"
            "  /lang fr|en|auto  the language of the replies; auto: that of the question\n"
            "  /new              a new conversation: forget the earlier questions\n"
            "  /rebuild          rebuild the index from the articles\n"
            "  /help             this help\n"
            "  Ctrl-C clears the line, Ctrl-D leaves."
        ),
        "unknown_command": "Unknown command: {command}. /help lists them.",
        "language_set": "I will reply in English.",
        "language_auto": "I will reply in the language of the question.",
        "language_usage": "Type /lang fr, /lang en or /lang auto.",
        "new": "A new conversation: I forget the earlier questions.",
        "rebuilding": "Rebuilding the index…",
        "why_none": "Ask a question first.",
        "why_confidence": "confidence {confidence:.2f}, threshold {threshold:.2f}: {verdict}",
        "why_answered": "an answer",
        "why_abstained": "no answer",
        "why_hit": "{rank}. {score:.3f}  vectors {dense:.3f}  words {lexical:.3f} ({words})  {title}",
        "why_cache": "answered before, since this index was opened: {known} of {asked}, {percent}%",
        "no_more": "The last answer shows all there is.",
        "bye": "Bye.",
        "title": "“{title}”",
        "nearest": "The nearest articles: {titles}.",
        "humans": "People answer in {channel}.",
        "index_of": "Index of {date}",
        "sources_button": "Sources",
        "all_button": "Show all",
        "answer_gone": "This answer is too old: please ask again.",
        "busy": "Too many questions are waiting right now. Please try again in a minute.",
        "too_soon": "You have just asked a question. Please try again in {seconds} s.",
        "daily_cap": "This server has had all its questions of the day. Please try again {when}.",
        "too_long": "The answer took too long. Please try again, or ask in simpler words.",
        "failed": "I could not answer: something went wrong on my side. Please try again later.",
        "not_here": "I do not answer here. Please ask in {channels}.",
        "not_you": "In this server, only some roles may ask me questions.",
        "cannot_read": "In this thread, mention me or reply to my message: I cannot read the others.",
        "vote_up": "Thank you, noted: helpful.",
        "vote_down": "Thank you, noted: not helpful.",
        "vote_gone": "This answer is no longer kept, nor is the vote.",
        "forgotten": "Erased: {count} rows of your questions and votes.",
        "nothing_kept": "I keep nothing of you.",
        "rules": "Channels: {channels}\nRoles: {roles}\nLanguage when the question does not tell: {fallback}\nOne question every {cooldown} s for each person, {daily} a day\nWhere people answer: {help_channel}",
        "channel_rules": "{channel}: threads {threads}, language {fallback}",
        "everywhere": "all",
        "everyone": "all",
        "auto": "up to the bot",
        "fr": "French",
        "en": "English",
        "yes": "yes",
        "no": "no",
        "no_permission": "This command is for those who manage the server.",
        "rebuild_progress": "Rebuilding the index: {done} texts of {total}…",
        "rebuild_done": "The index is up to date: {documents} articles, {chunks} passages, {skipped} files skipped, {seconds} s.",
        "rebuild_failed": "The index was not rebuilt, the old one still serves: {reason}",
        "rebuild_killed": "The index was not rebuilt, the old one still serves: the process was killed, most likely for lack of memory.",
        "ready": "Ready to answer",
    },
}


def say(key: Key, language: Language, **values: object) -> str:
    """Return the message in `language`, its places filled in."""
    return MESSAGES[language][key].format(**values)
