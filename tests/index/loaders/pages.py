"""Web pages of several makes, with what a reader looks for in each and what it should not meet."""

from typing import NamedTuple


class Page(NamedTuple):
    html: str
    says: list[str]  # in this order
    omits: list[str]
    headings: list[str]
    title: str


NAV = """<nav><ul><li><a href=/>Accueil</a></li><li><a href=/a>Nos services</a></li><li><a href=/c>Nous joindre</a></li>
</ul></nav>"""
MENU = NAV.replace("<nav>", '<div id="menu">').replace("</nav>", "</div>")
LINKS = NAV.replace("<nav>", "<div>").replace("</nav>", "</div>")
FOOTER = "<footer><p>© 2026 Ville. Tous droits réservés. <a href=/l>Mentions légales</a></p></footer>"
COOKIES = '<div class="cookie-banner"><p>Ce site utilise des témoins. <button>Accepter</button></p></div>'

PAGES = {
    "news": Page(
        f"""<!DOCTYPE html><html lang=fr><head><title>Le musée rouvre | Gazette</title>
<meta property="og:title" content="Le musée rouvre"><style>p {{color: red}}</style></head><body>{NAV}{COOKIES}<main><article>
<header><h1>Le musée rouvre</h1><p>Par Anne Roy</p></header>
<p>Le musée de Trois-Rivières rouvre samedi, après dix-huit mois
de travaux.</p><p>L’œuvre « Où naît l’été » y sera exposée. Elle a coûté 3,5&nbsp;M$.</p>
<h2>Horaires</h2><ul><li>Lundi : fermé.</li><li>Mardi au dimanche : de 10 h à 17 h.</li></ul>
<h2>Tarifs</h2><table><tr><th>Âge</th><th>Prix</th></tr><tr><td>Adulte</td><td>12 $</td></tr></table>
<blockquote><p>« Enfin ! » dit M. Roy.</p></blockquote></article>
<aside><h3>À lire aussi</h3><ul><li><a href=x>Un festival annulé</a></li></ul></aside></main>{FOOTER}</body></html>""",
        [
            "Par Anne Roy",
            "rouvre samedi, après dix-huit mois de travaux.",
            "L’œuvre « Où naît l’été » y sera exposée. Elle a coûté 3,5\u00a0M$.",
            "- Lundi : fermé.\n- Mardi au dimanche : de 10 h à 17 h.",
            "| Âge | Prix |\n| Adulte | 12 $ |",
            "« Enfin ! » dit M. Roy.",
        ],
        ["Nos services", "témoins", "Mentions", "festival annulé", "color"],
        ["Horaires", "Tarifs"],
        "Le musée rouvre",
    ),
    "of divisions": Page(
        f"""<html><head><title>Guide du quartier</title></head><body>{MENU}<div id=content><h1>Guide du quartier</h1>
<p>La bibliothèque ouvre à 9 h.<p>Elle ferme à 21 h.<h2>Piscine</h2><p>La piscine coûte 4 $ l’entrée.</p></div>
<div id=footer>Tous droits réservés. <a href=/x>Plan du site</a></div></body></html>""",
        ["La bibliothèque ouvre à 9 h.\n\nElle ferme à 21 h.", "La piscine coûte 4 $ l’entrée."],
        ["Nos services", "Plan du site", "Tous droits"],
        ["Piscine"],
        "Guide du quartier",
    ),
    "a menu by its links alone": Page(
        f"<body>{LINKS}<p>Le bac part à <a href=h>midi</a>. Il met <a href=d>douze</a> <a href=m>minutes</a>.</p></body>",
        ["Le bac part à midi. Il met douze minutes."],
        ["Nos services"],
        [],
        "",
    ),
    "an encyclopedia": Page(
        f"""<html><body><header><h1>Site</h1>{NAV}</header><main id=bodyContent><h1>Loire</h1>
<p>La <b>Loire</b> est un <a href=f>fleuve</a> français. Elle mesure 1&#8239;006&nbsp;km.</p>
<h2>Géographie</h2><h3>Cours<span class="editsection">[modifier]</span></h3>
<p>Elle prend sa source au mont Gerbier-de-Jonc, en Ardèche.</p>
<dl><dt>Débit</dt><dd>835 m³/s à Montjean.</dd></dl><pre><code>debit = 835
print(debit)</code></pre><h3>Affluents</h3><p>L’Allier, le Cher, la Vienne.</p></main>{FOOTER}</body></html>""",
        [
            "La Loire est un fleuve français. Elle mesure 1\u202f006\u00a0km.",
            "Gerbier-de-Jonc, en Ardèche.",
            "Débit\n\n835 m³/s à Montjean.",
            "debit = 835\nprint(debit)",
            "L’Allier, le Cher, la Vienne.",
        ],
        ["Nos services", "Mentions", "Site", "modifier"],
        ["Géographie", "Cours", "Affluents"],
        "Loire",
    ),
    "manual": Page(
        """<!DOCTYPE html><html><head><title>Installation — Foo docs</title></head><body>
<div class="sidebar" role="navigation"><ul><li><a href=1>Intro</a><li><a href=2>Install</a><li><a href=3>API reference</a>
</ul></div><div role="main" class="document"><h1>Installation<a class="headerlink" href="#i">¶</a></h1>
<p>Foo needs Python 3.11.</p><h2>From PyPI<a href="#p">¶</a></h2><p>Run this:</p><pre>pip install foo</pre>
<h2>From source</h2><p>Clone it. Run <code>make</code>.</p>
<ol><li>Configure.</li><li>Build with <em>care</em>.</li></ol></div>
<div class="related"><a href=n>next</a> | <a href=p>previous</a></div><div class=footer>Copyright Foo.</div></body></html>""",
        ["Foo needs Python 3.11.", "pip install foo", "Clone it. Run make.", "1. Configure.\n2. Build with care."],
        ["API reference", "Copyright", "previous", "¶"],
        ["From PyPI", "From source"],
        "Installation",
    ),
    "questions": Page(
        f"""<html><head><title>FAQ | Ferry</title></head><body>{NAV}<main><h1>FAQ</h1><h2>When do you leave?</h2>
<p>At noon.</p><h2>Where?</h2><p>In Lévis.</p><details><summary>Do you take cards?</summary><p>Yes, all.</p></details>
</main></body></html>""",
        ["At noon.", "In Lévis.", "Do you take cards?\n\nYes, all."],
        ["Nos services"],
        ["When do you leave?", "Where?"],
        "FAQ",
    ),
    "saved by Word": Page(
        """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><title>Procès-verbal</title><style>p{}</style></head>
<body lang=FR-CA><div class=WordSection1><p class=MsoNormal><b><span>PROCÈS-VERBAL</span></b></p>
<p class=MsoNormal>Le comité a adopté le budget de 2026.<o:p></o:p></p><p class=MsoNormal>Mme&nbsp;Roy préside<br>la séance.</p>
<div>Texte nu.<div>Autre division.</div></div></div></body></html>""",
        [
            "PROCÈS-VERBAL",
            "Le comité a adopté le budget de 2026.",
            "Mme\u00a0Roy préside\nla séance.",
            "Texte nu.",
            "Autre division.",
        ],
        ["p{}"],
        [],
        "Procès-verbal",
    ),
    "of a government": Page(
        f"""<html><head><title>Vaccins</title></head><body><a class=skip-link href=#c>Passer au contenu</a><header>{NAV}
<form><label>Rechercher</label><input></form></header><div class=breadcrumb><a href=/>Accueil</a> &gt; <a href=/s>Santé</a></div>
<div class=content><h1>Vaccins</h1><div class=section><h2>Qui peut recevoir un vaccin ?</h2><p>Toute personne de 6 mois et
plus.</p></div><div class=section><h2>Où ?</h2><p>En pharmacie ou au CLSC.</p></div></div>
<section class=share><p>Partager cette page</p></section>{FOOTER}</body></html>""",
        ["Toute personne de 6 mois et plus.", "En pharmacie ou au CLSC."],
        ["Passer au contenu", "Rechercher", "Santé", "Mentions", "Partager"],
        ["Qui peut recevoir un vaccin ?", "Où ?"],
        "Vaccins",
    ),
}
