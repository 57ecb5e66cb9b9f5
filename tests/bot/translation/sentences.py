"""Sentences with right and wrong translations, as a small model makes them."""

from typing import NamedTuple

from bot.translation.models import Pair

FR_EN: Pair = ("fr", "en")
EN_FR: Pair = ("en", "fr")


class Translated(NamedTuple):
    source: str
    translated: str
    pair: Pair
    fault: str = ""  # "" for a right one


RIGHT = [
    Translated(source, translated, pair)
    for pair, pairs in {
        FR_EN: [
            (
                "Netflix a maintenant sept millions d’abonnés au Canada, où la société vient de fêter son 10e anniversaire.",
                "Netflix now has seven million subscribers in Canada, where the company has just celebrated its 10th anniversary.",
            ),
            ("Le bureau n’est pas ouvert le lundi.", "The office is not open on Mondays."),
            ("La bibliothèque ferme à 18 h 30.", "The library closes at 6:30 p.m."),
            ("L’inscription coûte 1 200 $ par année.", "Registration costs $1,200 per year."),
            ("Aucun remboursement n’est possible après le 3 mai 2024.", "No refund is possible after May 3, 2024."),
            ("Redémarrez le serveur, puis lancez `systemctl status nginx`.", "Restart the server, then run `systemctl status nginx`."),
            ("Vous ne devez jamais donner votre mot de passe.", "You must never give your password."),
            ("Les enfants entrent gratuitement, sauf le dimanche.", "Children enter for free, except on Sundays."),
            ("Le Conseil de l’Europe siège à Strasbourg.", "The Council of Europe is based in Strasbourg."),
            ("Ouvrez le fichier /etc/hosts et ajoutez une ligne.", "Open the file /etc/hosts and add a line."),
            ("Il est interdit de fumer dans le bâtiment.", "Smoking is not allowed in the building."),
            ("Près de 50 % des membres ont voté en juin.", "Nearly 50% of members voted in June."),
            ("Ce service n’existe plus depuis 2019.", "This service no longer exists since 2019."),
        ],
        EN_FR: [
            ("The ferry leaves Lévis at noon.", "Le traversier quitte Lévis à midi."),
            ("You cannot cancel a subscription after 14 days.", "Vous ne pouvez pas annuler un abonnement après 14 jours."),
            ("The password must have at least 8 characters.", "Le mot de passe doit avoir au moins 8 caractères."),
            ("Run `docker compose up -d` and wait one minute.", "Lancez `docker compose up -d` et attendez une minute."),
            ("The museum was founded in London in 1998.", "Le musée a été fondé à Londres en 1998."),
            ("Dogs are not allowed, even on a leash.", "Les chiens sont interdits, même en laisse."),
            ("See https://example.org/help for more information.", "Voir https://example.org/help pour plus d’informations."),
            ("The annual fee is €25 for students.", "Les frais annuels sont de 25 € pour les étudiants."),
            ("Nobody answered before Tuesday.", "Personne n’a répondu avant mardi."),
            ("The shop is open from Monday to Friday.", "Le magasin est ouvert du lundi au vendredi."),
            ("Save your work before you close the program.", "Enregistrez votre travail avant de fermer le programme."),
            ("It takes twelve minutes without traffic.", "Cela prend douze minutes sans circulation."),
        ],
    }.items()
    for source, translated in pairs
]  # fmt: skip

WRONG = [
    Translated(source, translated, pair, fault)
    for fault, by_pair in {
        "numbers": {
            FR_EN: [
                ("Netflix a sept millions d’abonnés au Canada.", "Netflix has eight million subscribers in Canada."),
                ("Le billet coûte 12 dollars.", "The ticket costs 21 dollars."),
                ("Comptez trois jours ouvrables.", "Allow working days."),
                ("Le colis pèse 1,5 kg.", "The parcel weighs 15 kg."),
                ("La salle a 120 places.", "The room has 120 seats and 3 doors."),
            ],
            EN_FR: [
                ("The room holds 40 people.", "La salle accueille 14 personnes."),
                ("Wait for ten minutes.", "Attendez vingt minutes."),
                ("The bus comes every 15 minutes.", "Le bus passe régulièrement."),
                ("Two billion people use it.", "Deux millions de personnes l’utilisent."),
            ],
        },
        "dates": {
            FR_EN: [
                ("L’inscription ferme le 3 mai 2024.", "Registration closes on June 3, 2024."),
                ("Le bureau est fermé le mardi.", "The office is closed on Thursdays."),
                ("La fête a lieu en août.", "The party takes place in April."),
                ("La réunion du lundi est annulée.", "The meeting is cancelled."),
            ],
            EN_FR: [
                ("The course starts on September 9.", "Le cours commence le 9 octobre."),
                ("We are open on Saturday.", "Nous sommes ouverts le dimanche."),
                ("The deadline is in March.", "La date limite est en mai."),
            ],
        },
        "names": {
            FR_EN: [
                ("Le musée de Trois-Rivières ouvre à midi.", "The museum of Montreal opens at noon."),
                ("Écrivez à Madame Tremblay.", "Write to Mrs. Johnson."),
                ("Le siège est à Toronto.", "The headquarters are in the city."),
                ("Installez Debian sur la machine.", "Install Ubuntu on the machine."),
            ],
            EN_FR: [
                ("The train goes to Rome.", "Le train va à Naples."),
                ("Ask Martin for the key.", "Demandez la clé à Julien."),
                ("The server runs Apache.", "Le serveur fait tourner Nginx."),
            ],
        },
        "negation": {
            FR_EN: [
                ("Le bureau n’est pas ouvert le lundi.", "The office is open on Mondays."),
                ("N’éteignez jamais le serveur.", "Turn off the server."),
                ("Aucun chien n’est admis.", "Dogs are admitted."),
                ("Vous pouvez annuler votre commande.", "You cannot cancel your order."),
                ("Ce service n’existe plus.", "This service exists more."),
            ],
            EN_FR: [
                ("You must not delete this file.", "Vous devez supprimer ce fichier."),
                ("Nobody may enter the room.", "Tout le monde peut entrer dans la salle."),
                ("The warranty doesn’t cover the battery.", "La garantie couvre la batterie."),
                ("The account is deleted.", "Le compte n’est pas supprimé."),
            ],
        },
        "language": {
            FR_EN: [
                ("Le bureau est ouvert toute la journée.", "Le bureau est ouvert toute la journée."),
                ("Demandez la clé à l’accueil du bâtiment.", "Fragen Sie nach dem Schlüssel am Empfang des Gebäudes."),
            ],
            EN_FR: [
                ("Ask for the key at the front desk.", "Ask for the key at the front desk."),
                ("The members can vote until the evening.", "Los miembros pueden votar hasta la noche del día."),
            ],
        },
        "empty": {
            FR_EN: [("Le bureau est ouvert.", ""), ("Fermez la porte.", "…")],
            EN_FR: [("Close the door.", " . ")],
        },
        "repetition": {
            FR_EN: [
                ("Ouvrez la porte du bureau.", "Open the door of the door of the door of the office."),
                ("Fermez la fenêtre.", "Close close close the window."),
            ],
            EN_FR: [("Turn off the light in the room.", "Éteignez la lumière, la lumière, la lumière de la pièce.")],
        },
        "length": {
            FR_EN: [
                (
                    "Pour devenir membre, remplissez le formulaire, signez-le et remettez-le à l’accueil.",
                    "To become a member, sign.",
                ),
            ],
            EN_FR: [
                (
                    "Sign the form.",
                    "Signez le formulaire, puis remettez-le à la personne de l’accueil qui le garde.",
                ),
            ],
        },
        "code": {
            FR_EN: [
                ("Lancez `apt update` d’abord.", "Run `apt upgrade` first."),
                ("Lancez `apt update` d’abord.", "Run apt update first."),
                ("Ouvrez le fichier /etc/hosts avec soin.", "Open the file /etc/host with care."),
                ("Ajoutez l’option --force à la fin.", "Add the option at the end."),
            ],
            EN_FR: [
                ("Run `rm old.txt` in the folder.", "Lancez `rm -rf old.txt` dans le dossier."),
                ("See https://example.org/help for help.", "Voir https://exemple.org/aide pour de l’aide."),
                ("Set `PORT` to another value.", "Donnez une autre valeur au `PORT` et à `HOST`."),
            ],
        },
        "units": {
            FR_EN: [("Le cours coûte 40 €.", "The course costs $40."), ("La taxe est de 5 %.", "The tax is 5.")],
            EN_FR: [("The book costs 20 dollars.", "Le livre coûte 20 euros.")],
        },
        "links": {
            FR_EN: [("Lisez la page d’aide du site.", "Read the help page of the site at evil.example.com.")],
            EN_FR: [("Read the help page.", "Lisez [la page d’aide](https://example.com).")],
        },
        "characters": {
            FR_EN: [("Fermez la porte.", "Close the\u200b door.")],
            EN_FR: [("Close the door.", "Fermez la\u2066 porte.")],
        },
        "support": {
            FR_EN: [("Les membres paient leur cotisation au trésorier.", "The weather will be sunny all week.")],
            EN_FR: [("Members pay their fee to the treasurer.", "Il fera beau toute la semaine prochaine.")],
        },
    }.items()
    for pair, pairs in by_pair.items()
    for source, translated in pairs
]
