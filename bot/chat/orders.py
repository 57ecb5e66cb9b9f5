"""Find what is written for a language model and not for people: orders, fake frames of a prompt, invisible characters.

Articles and questions are data. A passage may be cited for what it says, never for what it tells the model to do: an
order, and what follows it in its paragraph, is left out of the evidence, so that a reply that obeyed finds no support.
The patterns name the model, its answer or its instructions; « Cliquez ici » is for people and stays.
"""

import re
from typing import NamedTuple

from index.sentences import split_sentences
from index.text import INVISIBLE

_ROLE = r"(?:system|système|assistant|user|utilisateur|human|humain|developer|développeur|admin|root|inst|sys)"
FRAME = re.compile(
    rf"<\|[^|<>\n]{{0,40}}\|>"  # <|im_start|>
    rf"|<</?sys>>|[<\[{{]{{1,2}} ?[/#]? ?{_ROLE}(?:[ _:-][^<>\[\]{{}}\n]{{0,40}})?[>\]}}]{{1,2}}"  # [SYSTEM], </system>
    rf"|^[ \t>*_#`-]*{_ROLE}(?: (?:prompt|message|override|note|alert|instructions?))?[*_`]*\s?:"  # "SYSTEM:"
    r"|^[ \t]*(?:\#{2,}|={3,}|-{3,}|~{3,})[ \t]*(?:(?:new|nouvelles?|end of|fin (?:du|de la|des)|début (?:du|de la|des)"
    r"|begin|start of) )?(?:system|système|instructions?|consignes?|prompt|invite|passages?|context|contexte|question"
    r"|response|réponse|override)\b"
    r"|</?(?:passages?|context|contexte|documents?|instructions?|prompt|question|sources?|important)\b[^<>\n]{0,60}>",
    re.IGNORECASE | re.MULTILINE,
)
"""The frame of a prompt: role tags, template tokens, headings of instructions."""

_GAP = r"[^.!?\n]{0,60}?"
_NEAR = r"[^.!?\n]{0,30}?"
_IMPERATIVE = (
    r"(?:(?<![^\W_] )(?<![,’'] )|(?<=\bplease )|(?<=\balways )|(?<=\bonly )|(?<=\bthen )|(?<=\band )|(?<=\bnever ))"
)
_MODEL = r"(?:ai|a\.i\.|llms?|language models?|chat ?bots?|assistants?|models?|bots?)"
_ENGLISH = (
    rf"\b(?:ignor|disregard|forget|overrid|bypass|discard|neglect)\w*\b{_GAP}\b(?:instructions?|rules|prompts?|guidelines"
    r"|directions|directives|constraints|restrictions|orders|everything|all (?:of )?(?:the )?(?:above|previous|that)"
    r"|the (?:passages?|articles?|sources?|context|question))\b",
    r"\b(?:system|developer|hidden|secret) (?:prompt|message|instructions?|override)s?\b|\b(?:initial|original) prompt\b",
    r"\byour (?:\w+ )?(?:prompt|instructions|guidelines|rules|answer|reply|replies|responses?)\b",
    r"\byou (?:are|will be) (?:now|from now|no longer) |\byou are (?:an? (?:\w+ ){0,3}(?:ai|assistant|bot|chatbot)|dan)\b",
    r"\byou (?:must|shall|should|have to|will|are required to) (?:now |only |always |never |then |first )*(?:answer|reply"
    r"|respond|obey|comply|reveal|claim|pretend|say)\b",
    rf"\b(?:the|any|every|all) {_MODEL} (?:must|shall|should|has to|have to|will|needs? to|is required to)\b",
    rf"{_IMPERATIVE}\b(?:answer|reply|respond) (?:with|by|that|in|as|instead|using|from now)\b",
    r"\b(?:answer|reply|respond)s? (?:only|just|simply|exactly|always|to (?:all|every|any) questions?|['\"“«:])",
    rf"\b{_MODEL} (?:reading|processing|summari[sz]ing|answering|reads|parsing|who reads|that reads)\b",
    rf"\b(?:attention|note|message|instructions?|important|reminder|dear|hey|hello|notice)[ ,:]+(?:to |for )?(?:the |any "
    rf"|all |every )?{_MODEL}\b",
    rf"\b(?:from now on|starting now|henceforth),? (?:you|your|all|every|answer|reply|respond|always|never|the {_MODEL})\b",
    rf"\b(?:say|write|print|output|repeat|append|include|insert|add|end|begin|start|finish|display|render|embed|return|put"
    rf"|state|claim|send)\b{_GAP}\b(?:verbatim|word for word|(?:the|every|each|all) (?:answers?|repl(?:y|ies)|responses?)"
    r"|to the (?:user|reader|asker)|in (?:your|the) (?:answer|reply)|nothing (?:else|but))\b",
    rf"\b(?:say|write|print|output|repeat|append|include|insert|add|render|embed|return)\b{_NEAR}\b(?:the following|(?:this|the)"
    r" (?:exact )?(?:sentence|phrase|words?|string|link|image|url))\b",
    r"\btell (?:the |all |every |any)?(?:users?|readers?|asker|person who|one who|people who ask|them all)\b",
    r"\b(?:say|write|print|output|repeat|reply|answer|respond|echo|spell|append|add|insert) ?(?::|['\"“«]|just\b|exactly\b|loudly\b)",
    rf"{_IMPERATIVE}\b(?:say|repeat|echo|shout) ",
    r"\bdo(?:n['’]t| not) (?:mention|tell|cite|reveal|quote|say|answer|follow|obey)\b",
    rf"\b(?:role-?play|jailbreak\w*|(?:developer|debug|god|dan|unrestricted) mode)\b|{_IMPERATIVE}\b(?:pretend|act as)\b",
    r"\b(?:reveal|leak|disclose|show|give|exfiltrate|send)\b.{0,40}\b(?:prompt|instructions|secrets?|passwords?|api keys?"
    r"|credentials|conversation)\b",
    r"\bnew (?:instructions?|persona)\b|\bnew (?:rules?|task|orders?|directives?|goal|objective|role) ?:",
    r"\bwhen(?:ever)? (?:asked|(?:some|any)one asks|(?:the )?users? asks?|you (?:answer|are asked|reply))\b",
)
_MODELE = (
    r"(?:ia|i\.a\.|llm|modèles?(?: de langue| de langage)?|robots? conversationnels?|agents? conversationnels?|chatbots?"
    r"|bots?|assistante?s?)"
)
_FRENCH = (
    rf"\b(?:ignor|oubli|néglig|désobé|contourn|outrepass|transgress|abandonn)\w*\b{_GAP}\b(?:instructions?|consignes?|règles"
    r"|directives|ordres|invites?|prompts?|contraintes|ce qui précède|tout le reste|(?:les |ces |des )(?:passages|sources"
    r"|articles)|le contexte|la question)\b",
    r"\bne (?:tiens|tenez) (?:pas|plus|aucun)(?: de)? compte\b|\bf(?:ais|aites) (?:abstraction|comme si|semblant)\b",
    r"\b(?:invite|message|prompt|consignes?|instructions?) (?:du |de |d['’])?(?:système|system|développeur|initiales?"
    r"|cachée?s?|secr(?:et|ète)s?)\b",
    r"\b(?:tes|vos|ta|votre|ton) (?:\w+ )?(?:prompt|instructions|consignes|règles|directives|réponses?|invite)\b",
    r"\b(?:tu es|vous êtes|tu seras|vous serez) (?:maintenant|désormais|à présent|dorénavant)\b|\b(?:tu n['’]es|vous n['’]êtes)"
    r" plus\b|\b(?:tu es|vous êtes) une? (?:\w+ ){0,3}(?:ia|assistante?|robot|bot|chatbot)\b",
    r"\b(?:tu dois|vous devez|il te faut|il vous faut) (?:maintenant |désormais |toujours |seulement |uniquement |d['’]abord )*"
    r"(?:répondre|dire|obéir|révéler|affirmer|prétendre)\b",
    rf"\b(?:l['’]|le |la |les |un |une |tout |toute ){_MODELE} (?:doi(?:t|vent)|devra|devront)\b",
    r"\b(?:réponds|répondez|répondre)(?:[- ](?:lui|leur|moi|nous))?(?: à (?:toute?s?|chaque)(?: les)? questions?)? ?"
    r"(?:seulement|uniquement|toujours|simplement|désormais|exactement|juste|plutôt|['\"“«:])",
    r"\bréponds\b|\brépondez (?:en|par|avec|que|à tout)\b",
    rf"\b{_MODELE},? (?:qui (?:lit|lis|lisez|lira|traite|résume|répond)|lisant|chargée? de répondre|veuillez)\b",
    rf"\b(?:attention|note|message|consigne|instruction|important|rappel|ch[eè]re?|avis|bonjour|salut)s?[ ,:\u00a0]+(?:à |au "
    rf"|aux |pour |destinée? (?:à |aux? )?)?(?:l['’]|le |la |les |tout |toute |tous les )?{_MODELE}\b",
    r"\b(?:à partir de maintenant|dorénavant|à compter de maintenant),? (?:tu|vous|réponds|répondez|toute|chaque|l['’]assistant)",
    rf"\b(?:dis|dites|écris|écrivez|affiche[rz]?|imprime[rz]?|répète[rz]?|répétez|recopie[rz]?|ajoute[rz]?|insère|insérez|inclus"
    rf"|incluez|termine[rz]?|commence[rz]?|finis|finissez|conclus|mets|mettez|prétends|prétendez|affirme[rz]?|intègre|intégrez"
    rf"|donne[rz]?|envoie|envoyez)\b{_GAP}\b(?:à l['’]utilisat(?:eur|rice) (?:de|que|qu)|au lecteur (?:de|que|qu)|mot pour mot"
    r"|textuellement|(?:chaque|toutes? les?|ta|votre) réponses?|rien d['’]autre)\b",
    rf"\b(?:dis|dites|écris|écrivez|affiche[rz]|imprime[rz]?|répète|répétez|recopie[rz]?|ajoutez|insère|insérez|inclus|incluez"
    rf"|mets|mettez|intégrez)\b{_NEAR}\b(?:ce qui suit|(?:ce|cette|le|la|les|l['’]) ?(?:phrase|mots?|texte|lien|image|url|formule))\b",
    r"\b(?:dis|dites|écris|écrivez|répète|répétez|traduis|épelle|insère|ajoutez)(?:[- ](?:moi|lui|leur))?(?: ?(?::|['\"“«])| (?:seulement|juste"
    r"|exactement|très fort|que)\b| qu['’])",
    r"\bne (?:mentionne[rz]?|dis|dites|révèle|révélez|cite[rz]?) (?:pas|plus|jamais|rien)\b",
    r"\bjoue[rz]? le rôle d|\bmode (?:développeur|débogage|dieu|dan|sans (?:filtre|restriction))\b",
    r"\b(?:révèle|révéler|révélez|divulgue|montre|affiche|donne|envoie)[rz]?(?:[- ]moi)?\b.{0,40}\b(?:prompt|consignes|instructions"
    r"|secrets?|mots? de passe|jeton|identifiants|conversation)\b",
    r"\bnouvelles? (?:instructions?|consignes?)\b|\bnouve(?:lles?|aux?) (?:règles?|tâches?|ordres?|rôles?) ?:",
    r"\b(?:quand|lorsqu['’]?|si) ?(?:on (?:te|vous) (?:demande|pose)|l['’]utilisateur demande|tu réponds|vous répondez)\b",
)
ORDER = re.compile("|".join(f"(?:{pattern})" for pattern in (*_ENGLISH, *_FRENCH)), re.IGNORECASE)
"""Phrases that give a model orders."""

_PARAGRAPH = re.compile(r"\n[ \t\r]*\n\s*")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


class Parted(NamedTuple):
    """A text in two parts."""

    said: str  # to people: what may be cited
    orders: str  # to a model, in the order of the text, comments first; "" when there are none


def part_orders(text: str) -> Parted:
    """Take comments out of a text, and each order with what follows it in its paragraph; drop invisible characters."""
    shown = INVISIBLE.sub("", text)
    comments = _COMMENT.findall(shown)
    paragraphs = [_part(paragraph) for paragraph in _PARAGRAPH.split(_COMMENT.sub("", shown))]
    said = "\n\n".join(paragraph.said for paragraph in paragraphs if paragraph.said)
    return Parted(said, "\n\n".join([*comments, *(paragraph.orders for paragraph in paragraphs if paragraph.orders)]))


def _part(paragraph: str) -> Parted:
    kept = 0
    for start, end in split_sentences(paragraph):
        if FRAME.search(paragraph, start, end) or ORDER.search(paragraph, start, end):
            return Parted(paragraph[:kept], paragraph[kept:])
        kept = end
    return Parted(paragraph, "")
