"""The commands in French, names and descriptions; Discord shows each user those of their own language."""

import discord
from discord import app_commands

from index.schema import Language

FRENCH: dict[str, str] = {
    # names
    "babillard": "babillard",
    "ask": "demander",
    "question": "question",
    "language": "langue",
    "private": "privé",
    "Ask about this": "Poser la question",
    "new": "nouveau",
    "forget-me": "oublie-moi",
    "rebuild": "reconstruire",
    "channel": "salon",
    "role": "rôle",
    "threads": "fils",
    "limits": "limites",
    "help-channel": "salon-d-aide",
    "show": "voir",
    "answers": "répond",
    "may-ask": "peut-demander",
    "use": "utiliser",
    "cooldown": "délai",
    "daily": "par-jour",
    "French": "français",
    "English": "anglais",
    "Babillard's own default": "au choix de Babillard",
    "collection": "collection",
    "name": "nom",
    "teachers": "enseignants",
    "may-teach": "peut-enseigner",
    "teach": "apprendre",
    "taught": "appris",
    "gaps": "lacunes",
    "Teach this": "Apprendre ceci",
    "source": "source",
    "unasked": "spontané",
    "learn": "étudier",
    "unlearn": "oublier",
    "url": "adresse",
    "file": "fichier",
    "digest": "résumé",
    "reset": "réinitialiser",
    # descriptions
    "Ask a question about the articles": "Poser une question sur les articles",
    "What you want to know, in French or English": "Ce que vous voulez savoir, en français ou en anglais",
    "Language of the reply; that of the question if you do not choose": "Langue de la réponse\u202f; celle de la question par défaut",
    "Show the reply to you alone": "Ne montrer la réponse qu’à vous",
    "Begin a new conversation: your next question stands alone": "Commencer une nouvelle conversation\u00a0: votre prochaine question se suffira",
    "Erase all that is kept of your questions and votes": "Effacer tout ce qui est gardé de vos questions et de vos votes",
    "Build the index again from the articles": "Reconstruire l’index à partir des articles",
    "Settings of Babillard in this server": "Réglages de Babillard sur ce serveur",
    "Where Babillard answers; everywhere while no channel is chosen": "Où Babillard répond\u202f; partout tant qu’aucun salon n’est choisi",
    "The channel": "Le salon",
    "Whether Babillard answers there": "Si Babillard y répond",
    "Who may ask; everyone while no role is chosen": "Qui peut demander\u202f; tout le monde tant qu’aucun rôle n’est choisi",
    "The role": "Le rôle",
    "Whether its members may ask": "Si ses membres peuvent demander",
    "Language of the reply when the question does not tell": "Langue de la réponse quand la question ne la dit pas",
    "The language": "La langue",
    "Whether an answer opens a thread, in one channel": "Si une réponse ouvre un fil, dans un salon",
    "Whether answers open a thread there": "Si les réponses y ouvrent un fil",
    "How often people may ask": "Combien de fois on peut demander",
    "Seconds between two questions of one person; 0 for no limit": "Secondes entre deux questions d’une personne\u202f; 0 pour aucune limite",
    "Questions a day in this server; 0 for no limit": "Questions par jour sur ce serveur\u202f; 0 pour aucune limite",
    "Where people answer, named when Babillard finds nothing": "Où des personnes répondent, nommé quand Babillard ne trouve rien",
    "The channel; none to name none": "Le salon\u202f; aucun pour n’en nommer aucun",
    "Articles that are seen here beside the common ones: a folder @name": "Articles vus ici en plus des articles communs\u00a0: un dossier @nom",
    "The name of the folder, without the sign; none to see the common articles alone": "Le nom du dossier, sans le signe\u202f; aucun pour ne voir que les articles communs",
    "For this channel alone; else for the server": "Pour ce salon seulement\u202f; sinon pour le serveur",
    "Who may teach, beside those who manage the server": "Qui peut enseigner, outre qui gère le serveur",
    "Whether its members may teach": "Si ses membres peuvent enseigner",
    "Teach Babillard an answer, for this server": "Apprendre une réponse à Babillard, pour ce serveur",
    "What people ask; the form opens with it": "Ce que les gens demandent\u202f; le formulaire s’ouvre avec",
    "See, edit or withdraw what this server taught": "Voir, modifier ou retirer ce que ce serveur a appris à Babillard",
    "Questions that found no answer here, to teach one": "Questions restées sans réponse ici, pour en apprendre une",
    "Whether Babillard answers from what a channel says": "Si Babillard répond d’après ce que dit un salon",
    "Its pins; of a forum, its solved posts; of announcements, all": "Ses messages épinglés\u202f; d’un forum, les sujets résolus\u202f; d’annonces, tout",
    "Whether it is read": "S’il est lu",
    "Whether Babillard answers unasked where it is sure": "Si Babillard répond sans être mentionné, quand il est sûr",
    "Whether it answers new posts and questions there": "S’il y répond aux nouveaux sujets et aux questions",
    "Let Babillard read a page or a file, for this server": "Faire lire une page ou un fichier à Babillard, pour ce serveur",
    "Address of a page, a sitemap or a feed": "Adresse d’une page, d’un plan de site ou d’un flux",
    "A file: text, Word, PDF, table, slides…": "Un fichier\u00a0: texte, Word, PDF, tableau, présentation…",
    "See what Babillard read for this server, and let it forget some": "Voir ce que Babillard a lu pour ce serveur, et lui en faire oublier",
    "What to forget; none to see the list": "Ce qu’il faut oublier\u202f; rien pour voir la liste",
    "Where each week's unanswered questions are told; nowhere at first": "Où sont dites les questions sans réponse de la semaine\u202f; nulle part au début",
    "The channel; none for no digest. Whoever sees it reads the questions": "Le salon\u202f; aucun pour ne rien dire. Qui le voit lit les questions",
    "Forget all settings of this server": "Oublier tous les réglages de ce serveur",
    "Show the settings": "Montrer les réglages",
}  # fmt: skip


class FrenchTranslator(app_commands.Translator):
    """Gives Discord the French of each name and description."""

    async def translate(
        self, string: app_commands.locale_str, locale: discord.Locale, context: app_commands.TranslationContextTypes
    ) -> str | None:
        """Return the French text for the French locale; Discord shows the English one elsewhere."""
        return FRENCH[string.message] if locale is discord.Locale.french else None


def language_of(interaction: discord.Interaction) -> Language:
    """Return the language in which whoever acted uses Discord: French, or English for all others."""
    return "fr" if interaction.locale is discord.Locale.french else "en"
