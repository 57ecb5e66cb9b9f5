"""Phrases in English."""

from bot.answering.phrases.roles import Role

ENGLISH: dict[Role, str] = {
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
    "asks": """
        do|does|would|~ / anyone|anybody|someone|somebody|any1|any of you|you|u|y all|you guys|any one|anyone else|
        people / here|in here|~ / know|knows|happen to know|have any idea|have an idea|remember|got any idea / if|
        whether|~
        can|could|would|will|~ / anyone|anybody|someone|somebody|any1|you|u|one of you / please|pls|plz|kindly|
        possibly|~ / tell me|explain|explain to me|help me understand|help me figure out|help me with|clarify|
        remind me|let me know|confirm / if|whether|that|~
        i was|was|i am|i m|im|~ / just|~ / wondering|curious|asking / if|whether|about|~
        i / wonder|wondered / if|whether|~
        i d like|id like|i would like|i want|i wanted|i need|trying|i m trying|im trying|looking|i am trying / to /
        know|ask|understand|find out|figure out / if|whether|~
        i have|i ve got|i got|got|just|~ / a|an|this|one|another|~ / quick|dumb|stupid|silly|noob|newbie|newb|random|
        basic|simple|probably dumb|probably stupid|maybe dumb|maybe stupid|total noob|beginner|weird|small|little|
        possibly dumb|~ / question|q|one|questions / here|for you|for you all|for y all|sorry|about this|~ / but|so|~
        sorry|apologies|my apologies|forgive me / if|for|to|in advance if / this|it|that|the|bother|bothering|you|~ /
        has been|was|is|s been|got|dumb question|stupid question|newb question|noob question|you|you all|anyone|
        all|~ / asked|answered|posted|obvious|a dumb question|dumb|stupid|~ / before|already|a lot|~ / but|~
        i m|im|i am|~ / new|a noob|a newbie|totally new|brand new|kinda new|pretty new / here|to this|to this server|
        around here|at this|~ / and|so|but|~
        first time here|long time lurker|noob here|newbie here|beginner here / and|so|but|~
        not sure|dunno|idk|i don t know|i dont know / if / this is|it s|its|this s|thats|that s / the / right|
        correct|best / place|channel|room|spot / to ask|for this|~ / but|~
        any idea|any ideas|any clue|any chance you know|any tips on|any advice on / if|whether|~
        pls help|plz help|please help|help please|help pls|quick one|long story short|anyway|ok so|okay so|so yeah|
        my question is|the question is|question
    """,
    "urges": """
        please|pls|plz|plss|tia
        any|all|some|~ / help|advice|tip|tips|pointers|info / is|would be|will be|is very|is much|~ / appreciated|
        welcome|great|helpful|much appreciated
        any / idea|ideas|clue|thoughts|help|tips|advice|suggestions
        if / anyone|someone|you|anybody / know|knows|can help|could help|has an idea
        anyone|anybody|someone / know|knows|~
        please help|pls help|help pls|help please|plz help|i m lost|im lost|i m stuck|im stuck|so confused|
        i m so confused|im so confused|i have no idea|no idea|idk|lmk|let me know|kinda urgent|it s urgent|its urgent|
        lol|lmao|haha|rn|asap
    """,
    "before": """
        and|but|so|well|ok so|please|pls|plz|oh|ah|um|uh|hmm|excuse me|sorry|tell me|just tell me|by the way|btw|
        anyway|also|then|say|really|very|actually|just|no|yes
    """,
}  # fmt: skip
