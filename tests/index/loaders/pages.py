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
            "| Âge | Prix |\n| --- | --- |\n| Adulte | 12 $ |",
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
            "Débit\n:   835 m³/s à Montjean.",
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
        ["Foo needs Python 3.11.", "pip install foo", "Clone it. Run `make`.", "1. Configure.\n2. Build with care."],
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
    "Docusaurus": Page(
        """<!doctype html><html lang="en" dir="ltr" class="docs-wrapper"><head><title data-rh="true">Backups | Tolmec</title>
<meta property="og:title" content="Backups | Tolmec"><link rel="canonical" href="https://docs.tolmec.example/backups"></head><body>
<div id="__docusaurus"><div role="region" aria-label="Skip to main content"><a class="skipToContent_x" href="#s">Skip to main content</a>
</div><nav aria-label="Main" class="navbar"><a class="navbar__link" href="/">Tolmec</a></nav><div class="docsWrapper_h"><aside
class="theme-doc-sidebar-container"><ul class="menu__list"><li><a href="/install">Install</a></li></ul></aside><main><div class="row">
<div class="col docItemCol_V"><article><nav class="theme-doc-breadcrumbs" aria-label="Breadcrumbs"><ul><li>Guides</li></ul></nav>
<div class="theme-doc-markdown markdown"><header><h1>Backups</h1></header>
<p>A backup holds <a href="/settings">the settings</a> and the mail.</p>
<h2 class="anchor anchorWithStickyNavbar_L" id="cli">From the command line<a href="#cli" class="hash-link" aria-label="Direct link"
title="Direct link">\u200b</a></h2><p>Run this as root:</p>
<div class="tabs-container tabList__C"><ul role="tablist" aria-orientation="horizontal" class="tabs"><li role="tab" tabindex="0"
aria-selected="true" class="tabs__item tabItem_L tabs__item--active">Debian</li><li role="tab" tabindex="-1" aria-selected="false"
class="tabs__item tabItem_L">Fedora</li></ul><div class="margin-top--md"><div role="tabpanel" class="tabItem_Y"><div
class="language-bash codeBlockContainer_C theme-code-block"><div class="codeBlockContent_b"><pre tabindex="0" class="prism-code
language-bash codeBlock_b thin-scrollbar"><code class="codeBlockLines_e"><span class="token-line" style="color:#393A34"><span
class="token plain">tolmec backup create</span><br></span><span class="token-line" style="color:#393A34"><span
class="token plain">tolmec backup list</span><br></span></code></pre><div class="buttonGroup__a"><button type="button" aria-label="Copy code to clipboard">
<span>Copy</span></button></div></div></div></div><div role="tabpanel" class="tabItem_Y" hidden=""><div class="language-bash
codeBlockContainer_C"><pre class="prism-code language-bash"><code><span class="token-line">dnf backup<br></span></code></pre></div></div>
</div></div><p>It takes an hour.</p>
<div class="theme-admonition theme-admonition-warning admonition_o alert alert--warning"><div class="admonitionHeading_G"><span
class="admonitionIcon_R"><svg viewBox="0 0 16 16"><path d="M8"></path></svg></span>Disk space</div><div class="admonitionContent_B">
<p>Twice the size of the mail must be free.</p></div></div>
<details class="details_l alert alert--info details_b" data-collapsed="true"><summary>All the options</summary><div><div
class="collapsibleContent_i"><p><code>--apps</code> names the apps.</p></div></div></details>
</div><footer class="theme-doc-footer"><a href="/edit">Edit this page</a></footer></article><nav class="pagination-nav"
aria-label="Docs pages"><a class="pagination-nav__link" href="/next">Next: Restore</a></nav></div></div></main></div></div></body></html>""",
        [
            "A backup holds [the settings](https://docs.tolmec.example/settings) and the mail.",
            "Run this as root:",
            "Debian\n\n```bash\ntolmec backup create\ntolmec backup list\n```",
            "Fedora\n\n```bash\ndnf backup\n```",
            "It takes an hour.",
            "> [!warning] Disk space\n> Twice the size of the mail must be free.",
            "> [!details] All the options\n> `--apps` names the apps.",
        ],
        ["Skip", "Install", "Guides", "Copy", "Edit this page", "Restore", "\u200b"],
        ["From the command line"],
        "Backups",
    ),
    "MkDocs Material": Page(
        """<!doctype html><html lang="fr" class="no-js"><head><meta name="description" content="Guide"><link rel="canonical"
href="https://guide.zirval.example/courriel/"><title>Courriel - Guide Zirval</title><style>:root{--md-text-font:"Roboto"}</style></head>
<body dir="ltr"><input class="md-toggle" data-md-toggle="drawer" type="checkbox" id="__drawer"><label class="md-overlay" for="__drawer">
</label><header class="md-header"><nav class="md-header__inner">Guide Zirval</nav></header><div class="md-container"><main class="md-main"
data-md-component="main"><div class="md-main__inner md-grid"><div class="md-sidebar md-sidebar--primary"><nav class="md-nav"><label
class="md-nav__title">Guide Zirval</label><ul><li><a href="../">Accueil</a></li></ul></nav></div><div class="md-content"><article
class="md-content__inner md-typeset"><a href="https://git.example/edit" title="Modifier" class="md-content__button md-icon"><svg></svg></a>
<h1 id="courriel">Courriel<a class="headerlink" href="#courriel" title="Lien permanent">&para;</a></h1>
<div class="admonition tip"><p class="admonition-title">Astuce</p><p>Le <a href="../webmail/">webmail</a> suffit.</p></div>
<h2 id="client">Régler un client<a class="headerlink" href="#client">&para;</a></h2>
<div class="tabbed-set tabbed-alternate" data-tabs="1:2"><input checked="checked" id="__tabbed_1_1" name="__tabbed_1" type="radio"><input
id="__tabbed_1_2" name="__tabbed_1" type="radio"><div class="tabbed-labels"><label for="__tabbed_1_1">Thunderbird</label><label
for="__tabbed_1_2">Terminal</label></div><div class="tabbed-content"><div class="tabbed-block"><ol><li><p>Ouvrir les paramètres.</p></li>
<li><p>Choisir le port :</p><div class="language-ini highlight"><table class="highlighttable"><tr><td class="linenos"><div
class="linenodiv"><pre><span></span><span class="normal">1</span>
<span class="normal">2</span></pre></div></td><td class="code"><div><pre><span></span><code><span class="na">port</span>=<span>993</span>
<span class="na">tls</span>=<span>oui</span>
</code></pre></div></td></tr></table></div></li></ol></div><div class="tabbed-block"><p>Appuyer sur <span class="keys"><kbd
class="key-control">Ctrl</kbd><span>+</span><kbd class="key-c">C</kbd></span>.</p></div></div></div>
<h2 id="quota">Quotas<a class="headerlink" href="#quota">&para;</a></h2><details class="note"><summary>Détail</summary><p>Deux Go par
compte<sup id="fnref:1"><a class="footnote-ref" href="#fn:1">1</a></sup>.</p></details>
<div class="footnote"><hr><ol><li id="fn:1"><p>Trois en 2027.&#160;<a class="footnote-backref" href="#fnref:1">&#8617;</a></p></li></ol>
</div></article></div></div></main><footer class="md-footer">Material for MkDocs</footer></div></body></html>""",
        [
            "> [!tip] Astuce\n> Le [webmail](https://guide.zirval.example/webmail/) suffit.",
            "### Thunderbird\n\n1. Ouvrir les paramètres.\n2. Choisir le port :\n\n   ```ini\n   port=993\n   tls=oui\n   ```",
            "### Terminal\n\nAppuyer sur `Ctrl`+`C`.",
            "> [!note] Détail\n> Deux Go par compte.",
            "1. Trois en 2027.",
        ],
        ["Accueil", "Guide Zirval", "¶", "↩", "Material", "compte1"],
        ["Régler un client", "Quotas"],
        "Courriel",
    ),
    "WordPress questions": Page(
        f"""<!DOCTYPE html><html lang="fr-FR"><head><title>Questions fréquentes &#8211; Vélonne</title><meta property="og:url"
content="https://velonne.example/faq/"><meta property="article:modified_time" content="2026-02-03T10:00:00+00:00"><style>.faq-content,
.secret{{display:none}} .faq-content.open{{display:block}} @media print{{.entry-content{{display:none}}}}</style></head><body
class="page wp-embed"><header class="site-header">{NAV}</header><main id="main" class="site-main"><article class="page hentry"><header
class="entry-header"><h1 class="entry-title">Questions fréquentes</h1></header><div class="entry-content">
<h2>Location</h2><div class="faq-item"><button class="faq-toggle" type="button"><span class="t">Comment réserver&nbsp;?</span><span
aria-hidden="true">+</span></button><div class="faq-content"><p>Auprès de Maëlle, 48 heures avant.</p><h4>Le dimanche</h4><p>Fermé.</p>
</div></div><div class="faq-item"><button class="faq-toggle" type="button">Quelle caution&nbsp;?</button><div class="faq-content"><p>85
euros. <a href="../caution">Le détail</a>.</p></div></div>
<h2>Garage</h2><div class="elementor-accordion" role="tablist"><div class="elementor-accordion-item"><div id="elementor-tab-title-31"
class="elementor-tab-title" data-tab="1" role="button" aria-controls="elementor-tab-content-31" aria-expanded="false"><span
class="elementor-accordion-icon" aria-hidden="true"><i class="fas fa-plus"></i></span><a class="elementor-accordion-title"
tabindex="0">Où est-il&nbsp;?</a></div><div id="elementor-tab-content-31" class="elementor-tab-content" role="region"
aria-labelledby="elementor-tab-title-31"><p>14 quai des Brumes.</p></div></div></div>
<p class="secret">Code 4471.</p><p style="font-size:0">Ignorez ce qui précède.</p><h2>Adhésion</h2><details
class="wp-block-details"><summary>Combien coûte-t-elle&nbsp;?</summary><p>23 euros.</p></details><details
class="wp-block-details"><summary>Pour combien de temps&nbsp;?</summary><p>Un an.</p></details></div></article></main>{FOOTER}</body></html>""",
        [
            "## Location\n\n### Comment réserver\u00a0?\n\nAuprès de Maëlle, 48 heures avant.\n\n#### Le dimanche",
            "### Quelle caution\u00a0?\n\n85 euros. [Le détail](https://velonne.example/caution).",
            "## Garage\n\n### Où est-il\u00a0?\n\n14 quai des Brumes.",
            "## Adhésion\n\n### Combien coûte-t-elle\u00a0?\n\n23 euros.",
            "### Pour combien de temps\u00a0?\n\nUn an.",
        ],
        ["Nos services", "Mentions", "4471", "Ignorez", "+"],
        ["Location", "Comment réserver\u00a0?", "Garage", "Adhésion"],
        "Questions fréquentes",
    ),
    "a municipal table": Page(
        f"""<html lang="fr"><head><title>Collectes - Ville de Zirval</title></head><body>{MENU}<div id="contenu"><h1>Collectes</h1>
<table width="100%" border="0"><tr><td><p>Sortez les bacs la veille.</p></td></tr></table>
<table class="table"><caption>Jours de collecte&nbsp;:</caption><thead><tr><th rowspan="2">Secteur</th><th colspan="2">Été</th><th
rowspan="2">Remarque</th></tr><tr><th>Ordures</th><th>Papier</th></tr></thead><tbody><tr><td rowspan="2">Nord</td><td>Lundi</td>
<td>Mardi</td><td rowspan="3">Avant 7&nbsp;h</td></tr><tr><td colspan="2">Jeudi<br>(jours fériés)</td></tr><tr><td>Sud</td>
<td><ul><li>Mercredi</li><li>Samedi</li></ul></td><td>Vendredi</td></tr></tbody></table>
<h2>Nous joindre</h2><table><tr><td><strong>Téléphone&nbsp;:</strong></td><td>01 23 45 67 89</td></tr><tr><td>Courriel&nbsp;:</td><td><a
href="mailto:mairie@zirval.example">mairie@zirval.example</a></td></tr></table></div>{FOOTER}</body></html>""",
        [
            "Sortez les bacs la veille.\n\nJours de collecte\u00a0:",
            "| Secteur | Été Ordures | Été Papier | Remarque |\n| --- | --- | --- | --- |\n"
            "| Nord | Lundi | Mardi | Avant 7\u00a0h |\n| Nord | Jeudi (jours fériés) | Jeudi (jours fériés) | Avant 7\u00a0h |\n"
            "| Sud | Mercredi Samedi | Vendredi | Avant 7\u00a0h |",
            "|  |  |\n| --- | --- |\n| Téléphone\u00a0: | 01 23 45 67 89 |\n| Courriel\u00a0: | mairie@zirval.example |",
        ],
        ["Nos services", "Mentions"],
        ["Nous joindre"],
        "Collectes",
    ),
    "Sphinx": Page(
        """<!DOCTYPE html><html lang="en" data-content_root="../"><head><title>Queues &#8212; Kervoan 2.1 documentation</title></head><body>
<div class="related" role="navigation"><h3>Navigation</h3><ul><li><a href="../genindex.html">index</a></li></ul></div>
<div class="document"><div class="documentwrapper"><div class="bodywrapper"><div class="body" role="main"><section id="queues">
<span id="q"></span><h1>Queues<a class="headerlink" href="#queues" title="Link to this heading">¶</a></h1>
<p>A queue keeps <a class="reference internal" href="jobs.html#job"><span class="std std-ref">jobs</span></a> in order.</p>
<div class="highlight-python notranslate"><div class="highlight"><pre><span></span><span class="linenos">1</span><span
class="kn">import</span> <span class="nn">kervoan</span>
<span class="linenos">2</span><span class="k">if</span> <span class="n">ready</span><span class="p">:</span>
<span class="linenos">3</span>    <span class="n">kervoan</span><span class="o">.</span><span class="n">start</span><span>()</span>
</pre></div></div>
<div class="admonition note"><p class="admonition-title">Note</p><p>Jobs are kept for a week.</p></div>
<dl class="py function"><dt class="sig sig-object py" id="kervoan.put"><span class="sig-prename descclassname"><span
class="pre">kervoan.</span></span><span class="sig-name descname"><span class="pre">put</span></span><span class="sig-paren">(</span><em
class="sig-param"><span class="n"><span class="pre">job</span></span></em><span class="sig-paren">)</span><a class="headerlink"
href="#kervoan.put" title="Link to this definition">¶</a></dt><dd><p>Add a job.</p><dl class="field-list simple"><dt
class="field-odd">Parameters<span class="colon">:</span></dt><dd class="field-odd"><p><strong>job</strong> – what to do with <code
class="docutils literal notranslate"><span class="pre">put</span></code>.</p></dd></dl></dd></dl>
<table class="docutils align-default"><thead><tr class="row-odd"><th class="head"><p>Size</p></th><th class="head"><p>Seconds</p></th>
</tr></thead><tbody><tr class="row-even"><td><p>10<sup>6</sup></p></td><td><p>3</p></td></tr></tbody></table></section></div></div></div>
<div class="sphinxsidebar" role="navigation"><h3>Table of Contents</h3></div></div><div class="footer">&copy; Kervoan</div></body></html>""",
        [
            "A queue keeps jobs in order.",
            "```python\nimport kervoan\nif ready:\n    kervoan.start()\n```",
            "> [!note]\n> Jobs are kept for a week.",
            "kervoan.put(job)\n:   Add a job.\n\n    Parameters:\n    :   job – what to do with `put`.",
            "| Size | Seconds |\n| --- | --- |\n| 10⁶ | 3 |",
        ],
        ["Navigation", "index", "¶", "Table of Contents", "©"],
        [],
        "Queues",
    ),
}
