"""What people say to a bot that is no question about the articles, in French and in English.

A line is a template: " / " parts its places, "|" the words that may stand in one; "~" is none. « tu es|es tu / un|une|~
/ robot|bot » are twelve phrases. A line that ends in "|" goes on in the next. Case, accents, apostrophes and spaces do
not count, so that « c'est quoi », "cest quoi" and « C’est quoi » are one.

What could as well be a question about an article is left out: "what's new", « comment ça marche ».
"""

from typing import Literal

from bot.answering.answer import Talk
from index.schema import Language

Role = Talk | Literal["which", "after", "before"]
"""What a phrase does in a message. "which" asks for the articles; after another question it may follow that up
(« combien d'articles ? »), and is left to the search. "after" and "before" are nothing alone: the one belongs to what
it follows (« merci beaucoup »), the other to what comes next (« dis-moi, qui es-tu ? »)."""

PHRASES: dict[Language | None, dict[Role, str]] = {
    "fr": {
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
            tout simplement|pardon|excuse moi|excusez moi|desole|desolee|pourrais tu me dire|peux tu me dire|
            tu peux me dire|j ai une question
        """,
    },
    "en": {
        "greeting": """
            hello|hi|hii|hey|heya|hiya|hullo|helo|hllo|howdy|greetings|hi there|hello there|hey there|hello again|
            hi again|morning|sup|wassup|whats up|what s up|what is up|wazzup
            good / morning|day|afternoon|evening
            hru|how / are|r / you|u|ya|you doing|u doing|you today|things|you all / today|~
            how s it going|how is it going|how do you do|how have you been|how s your day|how s life|hows it going|
            you ok|are you ok|are you okay|and you|nice to meet you|pleased to meet you|happy new year|
            merry christmas|welcome
            i have|i ve got|i got|ive got|i had / a|another|some|a quick|one / question|questions
            can|could|may|might / i / ask / you|~ / a|some|something|a question|some questions|you a question|
            you something / question|~
            quick question|just testing|only testing|is anyone there|anyone there|anybody there|are you there|
            are you here|you there|are you alive|are you awake|are you online
        """,
        "thanks": """
            thanks|thank|thank you|thank u|thankyou|thank ya|thanx|thx|thks|thnks|tks|tnx|tnks|tysm|tyvm|ty|cheers|
            many thanks|much appreciated|appreciated|appreciate it|i appreciate it|much obliged
            that|this|it|you / helped|helps|really helped|was helpful|is helpful|s helpful|was very helpful|
            is very helpful|was a great help|helped me|was useful|s useful / a lot|me|me a lot|~
        """,
        "goodbye": """
            bye|goodbye|good bye|bye bye|byebye|good night|goodnight|nighty night|farewell|so long|cya|ttyl|take care|
            take it easy|gotta go|i gotta go|i have to go|i must go|i m off|im off|gtg|g2g|talk to you later|
            talk later|catch you later|sweet dreams|sleep well|peace out|until next time|later bot|laters
            see / you|ya|u / later|soon|tomorrow|around|then|again|next time|~
            have a|have an|you have a|enjoy your / good|nice|great|lovely|wonderful|excellent|amazing|~ / day|one|
            evening|night|weekend|week|afternoon|time
        """,
        "praise": """
            you|u|ur|your|youre / are|r|re|~ / so|very|really|just|the|a|such a|quite|pretty|too|~ / great|awesome|
            amazing|best|cool|nice|smart|helpful|wonderful|brilliant|genius|fantastic|useful|perfect|kind|cute|funny|
            clever|good|lifesaver|star|excellent|incredible|rock|legend|good bot|intelligent|fast|impressive|super|
            sweet|friendly|best bot
            good|great|nice|best|smart|clever|lovely|amazing|excellent|awesome|wonderful|brilliant|helpful|cool / bot|
            robot|job|answer|one|bot ever|stuff
            great work|nice work|good work|keep it up|keep up the good work|well done|well played|gg|congrats|
            congratulations|kudos|hats off|nailed it|you nailed it|you rock
            i|we|~ / love|like / you|it|this|this bot|your answer|your answers
            i love u|ilu|ily
            that|this|it / was|is|s / so|very|really|super|quite|pretty|~ / great|awesome|amazing|perfect|cool|nice|
            excellent|fantastic|brilliant|impressive|wonderful|helpful|good|funny|neat|clear
            very|so|really|super|pretty / helpful|useful|cool|nice|good|impressive|clear|funny
        """,
        "fine": """
            alright|all right|allright|fine|got it|i got it|gotcha|understood|i understand|i see|makes sense|
            that makes sense|sounds good|sounds great|noted|roger that|fair enough|good to know|will do|works for me|
            very well|very good|all good|all set|that s all|thats all|that is all|that s it|that will be all|
            that ll be all|that helps
            great|perfect|awesome|amazing|wonderful|fantastic|excellent|brilliant|splendid|lovely|sweet|neat|
            marvelous|good|cool beans|nice|incredible|impressive|terrific
            yes|yeah|yep|yup|yea|no|nope|nah|sure|sure thing|of course|absolutely|exactly|indeed|right|correct|maybe|
            perhaps|never mind|nevermind|nvm|no problem|no worries|np|no prob|forget it|nothing|you re welcome|
            youre welcome|my pleasure|yw|don t worry|i m bored|i m fine|im fine|i m good|im good|fine thanks|
            just kidding|jk
            lmao|rofl|that s funny|thats funny|hehe|so funny|i m joking
        """,
        "sorry": """
            you|u|ur|your|youre / are|r|re|suck / so|very|really|just|a|an|pretty|~ / bad|stupid|dumb|useless|wrong|
            idiot|terrible|awful|rubbish|not helpful|no help|unhelpful|mean|slow|annoying|not very helpful|bad bot
            you|u / suck
            bad|stupid|dumb|useless|silly|terrible / bot|robot|answer
            wrong|wrong answer|that s wrong|thats wrong|that is wrong|that s not right|that s not true|
            that is not true|not helpful|nonsense|wtf|shut up|damn|screw you|fuck you|fuck off|fuck
            that s|thats|that is|this is|it s / not|~ / what i asked|what i meant|my question|useless|nonsense|
            rubbish|bad
            you|that / didn t|did not|don t|do not|doesn t|didnt|dont / help|answer|understand / me|my question|~
        """,
        "about": """
            who|what|wat / are|r|re|is / you|u|this bot / exactly|really|anyway|~
            who dis|who this|who is this|who s this|who am i talking to|what am i talking to|who are you people|whoru
            are|r / you|u / a|an|actually a|really a|just a|~ / robot|bot|chatbot|human|ai|a i|person|real person|
            machine|real|program|assistant|ai assistant|chatgpt|chat gpt|gpt|llm|human being|computer|real human|
            artificial intelligence
            am i / talking|speaking|chatting / to|with / a|an / robot|bot|human|ai|person|real person|machine
            what / is|s / your|ur / name|purpose|job|function|deal
            do you have a name|your name|whats your name|how are you called
            who / made|created|built|programmed|wrote|developed|designed / you|u|this bot
            what|wat / can|could|do|would|will / you|u|this bot / do|help with|help me with|do for me|do for us|
            help us with|actually do|know how to do
            what / are / you / for|good for|able to do|capable of|good at
            what / are / your|ur / features|capabilities|abilities|skills|functions|limits|limitations
            how / do|does|can|could / you|u|this bot / work|function|help me|help us|help
            how / do|can|should / i|we / use you|use this bot|use the bot|talk to you|ask you a question|
            ask you questions|ask you something|ask a question|ask questions|interact with you
            how / to / use you|use this bot|use the bot|talk to you|ask you a question|ask a question
            help|help me|help us|halp|i need|need|we need / help|some help|your help|assistance|a hand|me|~
            can|could|will|would / you|u|someone|anyone|anybody / help|assist|answer / me|us|questions|my questions|
            a question|me out|~
            introduce yourself|tell me about yourself|tell me about you|describe yourself|explain yourself
            do|can / you|u / speak|understand|talk / english|french|what languages
            what|which / languages|language / do|can / you / speak|understand
        """,
        "articles": """
            which|what|wich / articles|article|documents|docs|texts|pages|files|sources|topics|subjects|information|
            info / do|can|have|are|did / you|u|in / have|know|read|know about|cover|use|talk about|help with|discuss|
            the index|your index|got|contain|available|answer about|rely on
            which|what / articles|documents|docs|topics|subjects|sources / are / available|there on this site|covered|
            indexed|in here
            what / are / your|ur / articles|documents|docs|sources|topics|subjects
            what / are / the|all the / articles|documents|topics|sources / you have|you know|that you have|
            that you know|available|about|on this site|here
            list|show|show me|give me|tell me|name|display|enumerate / me|~ / all|~ / the|your|of your|of the|
            a list of|a list of the|a list of all the|a list of your|the list of|~ / articles|documents|docs|titles|
            article titles|available articles|topics / you have|you know|that you have|that you know|available|~
            article list|articles list|list of articles|list of all articles|list of the articles|
            list of your articles|the list of articles
            how many / articles|documents|docs|texts|pages|files|sources / do|have|can|are|did / you|u|in / have|know|
            read|got|your index|the index|index|contain|available|indexed|on this site|there on this site
            what|which topics / can|could|should|may|do / i|we / ask|ask about|ask you|ask you about|know about
            what / questions|kind of questions|sort of questions|kinds of questions / can|could|may / i|we|you / ask|
            ask you|answer
            what / is|s / this|the|your / site|website|wiki|knowledge base|archive|collection / about|all about
            what / are / the|these|your / articles|documents|texts|docs / about
            what / do / you|u / know|know about|talk about
            what have you read|what did you read|what do the articles cover|what do the articles talk about|what s in|
            what is in / the|your / index|articles|database|knowledge base
            where / do|does / you|your / get your information|get your answers|get your answers from|
            information come from|answers come from|knowledge come from
            what is your source|what s your source|what are your sources|your sources
            how / up to date|recent|old / are you|is your information|are your articles|is your index|is your data
            when were you|when was your index|when was the index / last|~ / updated|built|made
        """,
        "which": """
            how many / articles|documents / are there|in total|in all|total|are here|~
            which|what / articles|topics / are there|~
            what / is|s|are / this|the|these / article|text|document|page|articles / about
            what does / this|the / article|text|document|page / say|talk about|discuss
            summarize|summarise|summary of|sum up|tl dr|tldr|can you summarize|can you summarise|could you summarize|
            please summarize|give me a summary of|give a summary of|a summary of / this|the|it|~ / article|text|
            document|page|articles|~
            give me a summary|summary please
        """,
        "after": """
            all|everyone|everybody|guys|folks|team|y all|friend|friends|my friend|buddy|mate|man|dude|bro|sir|bot|
            robot|babillard|there|again|you too|u too|to you|to you too|my dear|dear|pal|boss|champ
            so much|very much|a lot|lots|a bunch|a million|a ton|much|heaps|anyway|anyways|kindly|in advance|though|
            too|indeed|then|now|really|for now|for today|loads|once again|for everything|for that|for this|for nothing
            for / your|the|all your|all the|this|that|all|ur|~ / help|helping|helping me|answer|answers|info|
            information|reply|tip|tips|advice|time|assistance|support|quick reply|explanation|clarification|patience|
            helping out
            please|pls|plz|oh|ah|huh|eh|well
        """,
        "before": """
            and|but|so|well|ok so|please|pls|plz|oh|ah|um|uh|hmm|excuse me|sorry|tell me|just tell me|can you tell me|
            could you tell me|by the way|btw|anyway|also|then|say|really|very|actually|just|no|yes
        """,
    },
    None: {
        "fine": """
            ok|okay|okey|oki|okie|k|kk|okok|o k|super|cool|top|lol|xd|haha|ha|hm|hmm|mmm|wow|wouah|waouh|ouah|whoa|
            yay|hourra|10 10
            👍|👌|✅|🆗|😂|🤣|😄|😊|🙂|😁|😅|😆|😉|😎|🤝|🫡
        """,
        "thanks": "🙏",
        "greeting": "👋|yo",
        "praise": "🎉|👏|😍|🥰|😘|🤩|🔥|🤗|💖|💕|💪|🥳|💯|❤|🧡|💛|💚|💙|💜",
        "sorry": "👎|😡|😠|🙄|😞",
        "after": "✨|🌟|⭐|☀|🌞|🌙|🤖|☕|🌹|💐|😴|🙌",
    },
}  # fmt: skip
