"""What people say to a bot that is no question about the articles, in French and in English.

A line is a template: " / " parts its places, "|" the words that may stand in one; "~" is none. « tu es|es tu / un|une|~
/ robot|bot » are twelve phrases. A line that ends in "|" goes on in the next. Case, accents, apostrophes and spaces do
not count, so that « c'est quoi », "cest quoi" and « C’est quoi » are one.

What could as well be a question about an article is left out: "what's new", « comment ça marche ».
"""
