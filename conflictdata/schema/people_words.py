"""Words for who was hit and how, as beginnings of words in the languages of the sources.

They only serve to compare a printed phrase with its figure. A missing word makes a rule return unknown, not invalid.
Words with another common meaning in one of the languages are left out (Dutch `tot`, Spanish `civil`).
"""

from __future__ import annotations

CIVILIANS = (
    "civilian|noncombatant|non-combatant|civiles|civils|civis|civili |civili$|zivilist|burgers|sivil|warga sipil|"
    "гражданск|мирн|цивільн|άμαχ|مدني|المدني"
)
SOLDIERS = (
    "soldier|troops|servicem|fighter|militant|gunm|insurgent|combatant|jihadi|soldad|combatient|milician|soldats|"
    "combattant|soldaten|soldat|kämpfer|kombattant|soldati|combattent|milizian|combatente|strijder|солдат|боевик|"
    "военнослуж|військовосл|бойовик|борац|στρατιώτ|μαχητ|asker|militan|savaşçı|tentara|جندي|جنود|مسلح|مقاتل"
)
KILLED = (
    "killed|dead |dead$|death|died|slain|murdered|executed|fatalit|corpses|muert|fallecid|asesinad|murieron|"
    "morts|mort$|tués|décès|cadavres|tote |tote$|toten|todesopfer|getötet|morti|uccis|mortos|mortes|morreram|doden|gedood|omgekomen|"
    "drept|døde|погиб|убит|загин|вбит|νεκρ|öldür|hayatını kaybet|can kaybı|tewas|meninggal|قتل|قتيل|مقتل|شهيد|شهداء"
)
INJURED = (
    "injur|wound|hospitali|herid|lesionad|bless[ée]|verletz|verwundet|ferit[io]|ferid|gewond|såret|skadd|ранен|поранен|"
    "τραυματ|yaral|luka-luka|terluka|جريح|جرحى|إصاب|أصيب|وأُصيب|مصاب"
)
# Words after which a phrase goes on to other people than those that its figure counts.
INCLUDING = (
    "includ|among|of whom|of which|inclu|entre ell|compris|dont |tra cui|di cui|darunter|davon|waaronder|onder wie|"
    "в том числе|из них|среди|у тому числі|aralarında|termasuk|μεταξύ|بينهم|منهم"
)
