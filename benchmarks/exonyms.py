"""Write the names that differ in French and English: `python -m benchmarks.exonyms`, with babel installed.

From the Unicode CLDR that babel carries (Unicode License v3): territories, languages, the cities of the time zones.
Babel weighs 36 MB for the 20 kB that the bot needs, so it is no dependency of the bot. CLDR has no provinces, few
cities and no organisations: those of Canada, and what articles use most, are added here.
"""

import json
import re

from babel import Locale

from bot.chat.checks.wording import EXONYMS
from index.text import words

ADDED = """
Colombie-Britannique = British Columbia; Île-du-Prince-Édouard = Prince Edward Island; Nouvelle-Écosse = Nova Scotia
Nouveau-Brunswick = New Brunswick; Terre-Neuve-et-Labrador = Newfoundland and Labrador
Territoires du Nord-Ouest = Northwest Territories; États-Unis = USA; Royaume-Uni = UK; Pays-Bas = Dutch
ONU = UN; OTAN = NATO; UE = EU; OMS = WHO; FMI = IMF; OMC = WTO; OCDE = OECD; ALENA = NAFTA; GRC = RCMP
ADN = DNA; ARN = RNA; VIH = HIV; sida = AIDS; PIB = GDP; TVA = VAT; PDG = CEO; ONG = NGO; IA = AI; OGM = GMO
Venise = Venice; Florence = Firenze; Naples = Napoli; Gênes = Genoa; Turin = Torino; Milan = Milano; Padoue = Padua
Genève = Geneva; Bâle = Basel; Berne = Bern; Anvers = Antwerp; Gand = Ghent; Bruges = Brugge; La Haye = The Hague
Cologne = Köln; Munich = München; Francfort = Frankfurt; Hambourg = Hamburg; Nuremberg = Nürnberg; Mayence = Mainz
Séville = Seville; Cordoue = Cordoba; Grenade = Granada; Saragosse = Zaragoza; Édimbourg = Edinburgh; Douvres = Dover
La Nouvelle-Orléans = New Orleans; Philadelphie = Philadelphia; Pékin = Beijing; Bombay = Mumbai; Bangalore = Bengaluru
Tamise = Thames; Rhin = Rhine; Nil = Nile; Danube = Donau; Alpes = Alps; Normandie = Normandy; Bretagne = Brittany
Bourgogne = Burgundy; Bavière = Bavaria; Saxe = Saxony; Prusse = Prussia; Écosse = Scotland; Angleterre = England
pays de Galles = Wales; Moyen-Orient = Middle East; Pacifique = Pacific
Guerre mondiale = World War; Seconde Guerre = Second World War; Moyen Âge = Middle Ages
Noël = Christmas; Pâques = Easter
Jésus-Christ = Jesus Christ; Dieu = God; pape = Pope; roi = King; reine = Queen
"""


def main() -> None:
    french, english = Locale("fr"), Locale("en")
    pairs = {(french.territories[key], english.territories.get(key, "")) for key in french.territories}
    pairs |= {(french.languages[key], english.languages.get(key, "")) for key in french.languages}
    for zone, names in french.time_zones.items():
        city = english.time_zones.get(zone, {}).get("city") or zone.split("/")[-1].replace("_", " ")
        pairs.add((names.get("city", ""), city))
    pairs |= {tuple(pair.split(" = ", 1)) for pair in re.split(r"[;\n] *", ADDED) if " = " in pair}
    folded = {(_fold(french_name), _fold(english_name)) for french_name, english_name in pairs}
    differing = sorted(pair for pair in folded if pair[0] != pair[1] and all(pair))
    lines = ",\n".join(json.dumps(pair) for pair in differing)
    EXONYMS.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    print(f"{len(differing)} pairs in {EXONYMS}")


def _fold(name: str) -> str:
    """Return the words of a name as they are looked for, without what stands in parentheses or after a comma."""
    return " ".join(words(re.sub(r"\s*\(.*?\)|,.*", "", name)))


if __name__ == "__main__":
    main()
