"""Phrases in French, of Québec and of France."""

from bot.answering.phrases.roles import Role

FRENCH: dict[Role, str] = {
    "greeting": """
        bonjour|bonsoir|salut|salutations|coucou|allo|bjr|slt|bsr|cc|rebonjour|resalut|re bonjour|bon matin|
        bien le bonjour|wesh|yo tout le monde
        salam|bonne annee|joyeux noel|bienvenue|enchante|enchantee
        comment|~ / ca va|sa va|cava / bien|toi|et toi|la vie|~
        comment / vas tu|allez vous|tu vas|vous allez|va
        tu vas|vous allez / bien
        quoi de neuf|quoi de bon|et toi|et vous|la forme
        j ai|j aurais|jai / une|une petite|des|quelques / question|questions
        je peux|puis je|je voudrais|j aimerais|est ce que je peux / te|vous|~ / poser / une|des / question|
        questions
        je teste|juste un test|il y a quelqu un|y a quelqu un|tu es la|t es la|es tu la|vous etes la
    """,
    "thanks": """
        merci|merki|mersi|mrc|mci|mercis|remerciements|grand merci|un grand merci|milles mercis
        je / te|vous / remercie
        c est / gentil|tres gentil|sympa
        ca|tu|vous / m aide|m a aide|m as aide|m avez aide / beaucoup|bien|~
    """,
    "goodbye": """
        au revoir|aurevoir|adieu|a bientot|a plus|a plus tard|a demain|a la prochaine|a tantot|a toute|
        a tout a l heure|a ce soir|a lundi
        ciao|tchao|ciao ciao|tchuss|tourlou|salut a la prochaine|je te laisse|je vous laisse|je m en vais|
        on se reparle|bisous|bises
        bonne|bonnes|une bonne|passe une bonne|passez une bonne / nuit|soiree|journee|apres midi|fin de semaine|
        fin de journee|semaine|continuation|vacances
        bon|un bon|passe un bon|passez un bon / week end|weekend|apres midi|courage|dimanche|dodo
        fais de beaux reves|dors bien
    """,
    "praise": """
        bravo|felicitations|bien joue|bien vu|bien fait|trop fort|trop bien|beau travail|bon travail|bon boulot|
        beau boulot
        bonne|excellente|super|belle / reponse
        tu|t|vous / es|etes / vraiment|trop|tres|si|le|la|un|une|super|~ / meilleur|meilleure|bon|bonne|genial|
        geniale|gentil|gentille|super|cool|fort|forte|intelligent|intelligente|utile|top|parfait|parfaite|
        adorable|genie|mignon|mignonne|drole|efficace|incroyable|formidable|fantastique|brillant|malin|sympa|
        rapide|serviable|au top
        je / t|vous / aime|adore|kiffe / bien|beaucoup|~
        je t m|jtm|jtdr|j adore|j adore ca|j aime ca|j aime bien|ca c est / super|cool|genial
        bon|gentil|super|meilleur|brave / bot|robot|toutou
        c etait|c est|ca c est / tres|vraiment|super|trop / utile|clair|bien|pratique|bon|cool|fort|drole
    """,
    "fine": """
        d accord|dac|daccord|dacc|d acc|ca marche|c est bon|c est note|entendu|bien compris|j ai compris|
        compris merci|je vois|je comprends|bien recu|tres bien|tres bon
        parfait|genial|nickel|impec|impeccable|excellent|magnifique|formidable|fantastique|incroyable|trop cool|
        trop drole|tiguidou|ca fait la job
        c est / parfait|super|genial|cool|top|nickel|bien|clair|ok|compris|tout|tout bon|ca|exactement ca
        oui|ouais|ouaip|ouip|voui|non|nan|nenni|si si|mais oui|mais non|bah oui|ben oui|ben non|oui oui|non non|
        peut etre|pas grave|c est pas grave|tant pis|pas de probleme|pas de souci|pas de soucis|aucun probleme|
        de rien|je t en prie|avec plaisir|volontiers|exactement|tout a fait
        mdr|ptdr|mort de rire|je rigole|je plaisante|hihi|ahah|trop drole|laisse tomber|rien|oublie|oublie ca|
        je m ennuie
        ca va merci
    """,
    "sorry": """
        tu|t|vous / es|etes|sers|servez / vraiment|trop|tres|un|une|a|si|~ / nul|nulle|mauvais|mauvaise|bete|
        stupide|idiot|idiote|con|debile|inutile|rien|lent|pas utile|pas gentil
        mauvaise reponse|c est faux|c est nul|c est n importe quoi|n importe quoi|ce n est pas|c est pas / ca|bon|
        vrai|la bonne reponse|ce que j ai demande|ma question
        ca|tu|vous / ne|~ / m aide|m aides|aides|aidez|reponds|repond|repondez|comprends|comprend|comprenez / pas|
        rien / a ma question|~
        mauvais|mechant|stupide / bot|robot
        ta gueule|tg|va te faire voir|merde|putain|zut|ferme la|tais toi
    """,
    "about": """
        qui / es tu|etes vous
        tu es|t es|vous etes|tes / qui|quoi|qui toi
        t ki|tki|c est quoi ce bot|c est quoi ce truc|qui est tu|qui parle|qui suis je en train de lire
        tu es|t es|es tu|vous etes|etes vous|tes|suis je en train de parler a|je parle a|je parle avec / un|une|
        vraiment un|vraiment une|bien un|~ / robot|bot|chatbot|ia|i a|humain|humaine|personne|vraie personne|
        intelligence artificielle|machine|programme|assistant|chatgpt|chat gpt|gpt|vrai robot|etre humain
        comment / tu t appelles|t appelles tu|vous appelez vous|vous vous appelez
        tu t appelles comment|quel est ton nom|quel est votre nom|c est quoi ton nom|ton nom|ton petit nom
        qui t a|qui vous a / cree|fait|programme|construit|invente|concu|developpe
        tu|vous / peux|pouvez|sais|savez / faire|repondre a|m aider a / quoi|quoi au juste|quoi exactement|
        quoi d autre
        tu|vous / fais|faites|sers a|servez a / quoi|quoi au juste|quoi exactement|quoi dans la vie
        que|ke|k / fais tu|faites vous|sais tu faire|savez vous faire|peux tu faire|pouvez vous faire|peux tu|
        pouvez vous / pour moi|pour nous|~
        qu est ce que|c est quoi ce que|quest ce que|kes ke|keske|kesk / tu|vous / fais|faites|peux|pouvez|sais|
        savez / faire|~ / pour moi|pour nous|~
        a quoi / tu sers|sers tu|servez vous|vous servez|sert ce bot|ca sert
        tu peux|peux tu|pouvez vous|vous pouvez|tu pourrais|pourrais tu|pourriez vous|
        est ce que tu peux / m aider|nous aider|aider|repondre a mes questions|repondre a une question
        comment / tu fonctionnes|fonctionnes tu|tu marches|marches tu|fonctionne ce bot|marche ce bot|
        utiliser ce bot|utiliser le bot|t utiliser|je t utilise|on t utilise|vous utiliser|te parler|
        te poser une question|vous poser une question|poser une question|poser des questions|
        je fais pour te poser une question
        aide|aide moi|aidez moi|aider moi|aide nous|a l aide|al aide|besoin d aide|besoin d un coup de main|
        au secours|help moi
        j ai|jai|on a / besoin / d aide|d un coup de main|de ton aide|de votre aide|de toi
        presente toi|presentez vous|parle moi de toi|dis moi qui tu es|raconte moi ta vie|
        quelles sont tes / fonctions|fonctionnalites|capacites|competences|limites
        tu|vous / parles|parlez|comprends|comprenez / francais|anglais|quelles langues|quelle langue
        parles tu|parlez vous|comprends tu / francais|anglais|quelles langues
        quelle langue / parles tu|tu parles
    """,
    "articles": """
        quels|quel|quelles|quelle|kels / articles|article|documents|textes|pages|fichiers|sources|sujets|themes|
        infos|informations / connais tu|connaissez vous|as tu|avez vous|tu connais|vous connaissez|tu as|t as|
        vous avez|as tu lus|as tu lu|lis tu|tu lis|peux tu lire|possedes tu|est ce que tu as|
        est ce que tu connais|est ce que vous avez|sont disponibles|sont dans l index|utilises tu|
        as tu en memoire|consultes tu
        quels|quelles|quel / sont / tes|vos / articles|documents|textes|pages|fichiers|sources|sujets|themes|
        connaissances
        quels sont / les|tous les / articles|documents|textes|sujets|themes|titres / disponibles|que tu connais|
        que tu as|que vous avez|que vous connaissez|du site|de la base|sur le site|traites|abordes|dans ta base
        liste|listes|lister|listez|montre|montrez|donne|donnez|affiche|affichez|cite|citez|enumere / moi|nous|
        ~ / la liste des|la liste de tes|les|tes|vos|tous les|tous tes|tous vos|des|de tes / articles|titres|
        titres des articles|documents / disponibles|que tu connais|que tu as|que vous avez|du site|~
        la liste|liste / des|de tes|de vos|de tous les / articles|titres|documents / disponibles|que tu connais|
        que tu as|du site|~
        tu|vous / connais|connaissez / quoi|quels articles|quels documents|quels textes|quoi comme articles|
        combien d articles|combien de documents|combien de textes
        combien / d|de / articles|documents|textes|pages|fichiers|sources / connais tu|connaissez vous|as tu|
        avez vous|tu as|tu connais|vous avez|as tu lus|as tu lu|est ce que tu as|est ce que tu connais|
        sont dans l index|y a t il dans l index|sur le site|sont disponibles
        combien / as tu|avez vous|connais tu|connaissez vous / d|de / articles|documents|textes|pages|fichiers|
        sources
        sur|de|a propos de / quoi|quels sujets / peux tu|peut on|puis je|je peux|on peut|sais tu|tu peux|tu sais|
        pouvez vous / t|te|vous|~ / interroger|poser des questions|poser une question|parler|repondre|renseigner|
        me renseigner|me repondre|m aider
        quelles questions|quelle question|quoi comme questions|que|qu est ce que je|qu est ce qu on / puis je|
        peut on|je peux|peux|peut / te|vous|~ / poser|demander
        de quoi / parle|traite|parlent|traitent|il est question dans / le|ce|les|ces|tes|vos|ton / site|site web|
        wiki|base|articles|documents|textes|sources
        que|qu est ce que|que est ce que / sais tu|savez vous|connais tu|connaissez vous|tu connais|tu sais|
        vous connaissez|vous savez
        qu y a t il|il y a quoi|y a quoi|qu est ce qu il y a / dans|sur / le|ce|tes|les|ta|l|ces / site|articles|
        documents|base|index
        qu as tu lu|tu as lu quoi|d ou viennent tes / reponses|informations|infos|connaissances
        c est quoi tes sources|tes sources|date de / l index|ta base
        quand|de quand date|de quand / as tu ete mis a jour|est ta derniere mise a jour|dates tu
    """,
    "which": """
        combien / d|de / articles|documents / il y a|y a t il|en tout|au total|au juste|~
        il y a|y a|ya / combien / d|de / articles|documents
        quels|quel / sont les|~ / articles|sujets|article
        de quoi / parle|traite|est il question dans|il s agit dans / l|cet|cet|ce / article|texte|document
        resume|resumer|resumez|tu peux resumer|peux tu resumer|pouvez vous resumer|resume moi / l|cet|le|ce|les|
        le contenu de l / article|articles|texte|document|site
        fais|fait|faites|donne|donne moi|fais moi|faites moi / un / resume / de l article|du site|des articles|
        de cet article|~
        resume / de l article|des articles|de cet article
    """,
    "after": """
        a tous|a toutes|a tous et a toutes|tout le monde|les amis|les gens|la gang|la compagnie|monsieur|madame|
        messieurs dames|bot|le bot|babillard|robot|mon ami|l ami|l equipe|a toi|a vous|toi aussi|vous aussi|
        a toi aussi|cher bot|mon cher|ma belle|mon grand|chef|l artiste
        beaucoup|bcp|bien|infiniment|mille fois|encore|enormement|tellement|quand meme|d avance|par avance|deja|
        sincerement|vraiment|aussi|tout de meme|encore une fois|pour tout|pour ca|pour cela|toi|vous
        pour|de / ton|votre|cette|ta|la|l|les|le|tes|vos|ces / aide|reponse|info|infos|information|informations|
        reponses|precision|precisions|coup de main|temps|conseils|explication|explications|rapidite|patience|
        retour
        de / m|nous / avoir / aide|repondu
        hein|la|oh|ah|eh|he|hey|stp|svp|s il te plait|s il vous plait|sil vous plait|plz|alors
    """,
    "before": """
        et|mais|alors|donc|bon|ben|bah|euh|heu|dis|dites|dis moi|dites moi|est ce que|est ce|stp|svp|
        s il te plait|s il vous plait|ah|oh|eh|he|hey|au fait|tiens|en fait|et sinon|sinon|tres|trop|vraiment|
        tout simplement|pardon|excuse moi|excusez moi|desole|desolee|j ai une question
    """,
    "asks": """
        est ce que|~|y a|ya|y a t il|il y a|j imagine que / quelqu un|qqn|qq1|qqun|quelqun|kelkun|une personne|
        une ame charitable|des gens / ici|~ / qui|~ / sait|saurait|connait|se rappelle|se souvient|sais /
        si|s|~
        est ce que|~ / quelqu un|qqn|qq1|qqun|quelqun / peut|pourrait|peux|sait|saurait / m|me|nous /
        dire|expliquer|aider|renseigner|eclairer|aiguiller / si|s|~
        est ce que|~ / tu sais|vous savez|sais tu|savez vous|tu saurais|vous sauriez|saurais tu|sauriez vous|t sais|
        t aurais une idee de|une idee de|vous avez une idee de|tu connais|vous connaissez|connaissez vous /
        si|s|~
        est ce que|~ / tu peux|vous pouvez|peux tu|pouvez vous|pourrais tu|pourriez vous|tu pourrais|vous pourriez|
        merci de / m|me|nous / dire|expliquer|aider a comprendre|indiquer|preciser|rappeler|renseigner sur|
        confirmer / si|s|que|~
        j aimerais|j aurais aime|je voudrais|je voulais|je souhaite|je souhaiterais|je veux|j aurais besoin de|
        j ai besoin de|on voudrait|on aimerait|nous voudrions / savoir|demander|vous demander|te demander|
        comprendre / si|s|~
        je me / demandais|demande|demandai / si|s|~
        on / m|me|nous / a demande|demande / si|s|~
        une|j ai une|j aurais une|~ / petite|grosse|~ / question / surement|peut etre|un peu|tres|~ / bete|con|conne|
        stupide|idiote|de debutant|de debutante|de noob|rapide|urgente|simple|toute simple|pour vous|
        pour toi|au passage|~ / mais|~
        question|~ / desole|desolee|dsl / si|de|pour|d / deranger|le derangement|la question|ma question|c est|
        ca a|la question a|ca|deja ete / deja|~ / ete|~ / pose|posee|demande|idiot|bete|hors sujet|~ / mais|~
        je suis|~ / nouveau|nouvelle|debutant|debutante / ici|sur le serveur|dans le groupe|la dedans|~ /
        et|alors|mais|~
        je debute|j arrive juste / et|alors|mais|~
        je|j / ne|n|~ / sais pas si|suis pas sur que / c est|ce soit / le bon / endroit|salon|canal|channel / mais|~
        du coup|bref|enfin bref|voila|alors voila|bon alors|petit souci|gros souci|besoin d aide|a l aide|au secours|
        up|dsl|aidez moi|aide moi|sos|urgent|coucou la team|ma question est|ma question|la question est
    """,
    "urges": """
        stp|svp|s il te plait|s il vous plait|sil vous plait|sil te plait|silvouplait|sivouplait|siouplait|plz|please|
        mrc|mci
        si / quelqu un|qqn|vous|tu / sait|saurait|savez|sais|peut|pourrait|pouvez|peux / m|me|~ / aider|repondre|dire|~
        quelqu un|qqn / sait|saurait|peut m aider|pour m aider|a une idee
        une idee|des idees|vous avez une idee|t as une idee|aidez moi|a l aide|au secours|je galere|
        je suis perdu|je suis perdue|je comprends rien|j y comprends rien|je trouve pas|je ne trouve pas|
        j arrive pas a trouver|ca urge|c est urgent|urgent|mdr|lol|ptdr|xd|haha
        bonne / journee|soiree|continuation|nuit|fin de journee / a tous|a toutes|a tous et a toutes|~
        et|~ / bonne|belle / journee|soiree|continuation / a tous|a toutes|~
    """,
}  # fmt: skip
