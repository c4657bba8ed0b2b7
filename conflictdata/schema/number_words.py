"""Number words in the languages of the sources.

They only serve to recognise a printed number. No number of the data is read from words. The table is short on
purpose: a missing word makes a rule return unknown, not invalid. Words with another common meaning in one of the
languages are left out (Turkish `on`, Norwegian `to`, Spanish `once`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORDS: dict[int, str] = {
    1: "one uno una un une ein eine einer um uma een ένας ένα μία один одна одного bir واحد واحدة",
    2: "two dos due deux zwei dois duas twee δύο δυο два две двух iki اثنان اثنين شخصان",
    3: "three tres tre trois drei três drie τρεις τρία три трех üç ثلاثة ثلاث",
    4: "four cuatro quattro quatre vier quatro τέσσερις τέσσερα четыре четырех чотири четири dört fire أربعة أربع négy",
    5: "five cinco cinque cinq fünf vijf πέντε пять пяти п'ять пет beş fem خمسة خمس öt lima",
    6: "six seis sei sechs zes έξι шесть шести шість шест altı seks ستة ست hat enam",
    7: "seven siete sette sept sieben sete zeven επτά εφτά семь семи сім седам yedi sju سبعة سبع hét tujuh",
    8: "eight ocho otto huit acht oito οκτώ οχτώ восемь восьми вісім осам sekiz åtte ثمانية ثمان nyolc delapan",
    9: "nine nueve nove neuf neun negen εννέα εννιά девять девяти дев'ять девет dokuz ni تسعة تسع kilenc",
    10: "ten diez dieci dix zehn dez tien δέκα десять десяти десет عشرة tíz sepuluh",
    11: "eleven undici onze elf έντεκα одиннадцать",
    12: "twelve dozen doce docena dodici dozzina douze douzaine zwölf dutzend doze dúzia twaalf dozijn δώδεκα двенадцать",
    13: "thirteen trece tredici treize dreizehn treze dertien",
    14: "fourteen catorce quattordici quatorze vierzehn catorze veertien",
    15: "fifteen quince quindici quinze quinzaine fünfzehn vijftien quindicina",
    16: "sixteen dieciséis sedici seize sechzehn dezesseis zestien",
    17: "seventeen diecisiete diciassette siebzehn dezessete zeventien",
    18: "eighteen dieciocho diciotto achtzehn dezoito achttien",
    19: "nineteen diecinueve diciannove neunzehn dezenove negentien",
    20: "twenty veinte veintena venti ventina vingt vingtaine zwanzig vinte twintig είκοσι двадцать yirmi عشرين عشرون",
    30: "thirty treinta treintena trenta trentina trente trentaine dreißig trinta dertig τριάντα тридцать otuz",
    40: "forty cuarenta quaranta quarante vierzig quarenta veertig σαράντα сорок kırk",
    50: "fifty cincuenta cinquanta cinquante fünfzig cinquenta vijftig πενήντα пятьдесят elli",
    60: "sixty sesenta sessanta soixante sechzig sessenta zestig εξήντα шестьдесят altmış",
    70: "seventy setenta settanta siebzig zeventig εβδομήντα семьдесят yetmiş",
    80: "eighty ochenta ottanta achtzig oitenta tachtig ογδόντα восемьдесят seksen",
    90: "ninety noventa novanta neunzig negentig ενενήντα девяносто doksan",
    100: "hundred cien centenar cento centinaio cent centaine hundert cem honderd εκατό сто yüz مئة مائة",
    200: "doscientos duecento zweihundert duzentos tweehonderd διακόσιοι двести مئتي",
    300: "trescientos trecento dreihundert trezentos driehonderd τριακόσιοι триста",
    400: "cuatrocientos quattrocento vierhundert quatrocentos vierhonderd τετρακόσιοι четыреста",
    500: "quinientos cinquecento fünfhundert quinhentos vijfhonderd πεντακόσιοι пятьсот",
    1000: "thousand mil mille tausend duizend χίλιοι тысяча тысячи bin ألف",
    1_000_000: "million millón milione milhão miljoen εκατομμύριο миллион milyon مليون",
}

VALUE_OF: dict[str, str] = {word: str(number) for number, words in _WORDS.items() for word in words.split()}

# Words that multiply the number before them: the factor, and the words as a regular expression.
SCALES: dict[int, str] = {
    1000: "thousand|mil|mila|mille|tausend|duizend|χιλιάδες|тыс|тысяч|тысячи|тисяч|хиљада|bin|ribu|ezer|ألف|آلاف|हजार",
    10_000: "[万萬만].*",  # no space follows it
    100_000: "lakh|लाख",
    1_000_000: "million|millions|millones|millón|milioni|milione|millionen|milhões|milhão|miljoen|εκατομμύρια|млн|миллион|миллиона|миллионов|milyon|juta|مليون|ملايين",
}

# Decimal digits of other scripts, by value: Arabic-Indic, Persian, Devanagari, Bengali, full-width.
DIGITS: tuple[str, ...] = tuple(
    "".join(chr(zero + n) for zero in (0x660, 0x6F0, 0x966, 0x9E6, 0xFF10)) for n in range(10)
)

_ARTICLES = frozenset("a an".split())  # mean 1 before a multiplier
_HALF = frozenset("half".split())
_CONJUNCTIONS = frozenset("and y e et und".split())
_MULTIPLIERS = frozenset({12, 100, 1000, 1_000_000})
_LETTERS = re.compile(r"[^\W\d_]+")


def parse_number_words(phrase: str) -> list[int]:
    """Return the numbers in a phrase that are spelt with at least two words.

    `two dozen` is 24, `half a million` 500000, `a hundred and five` 105, `twenty-one` 21. Numbers of one word are
    not returned.
    """
    numbers, run = [], list[str]()
    for word in [*_LETTERS.findall(phrase.lower()), ""]:
        if word in VALUE_OF or word in _ARTICLES or word in _HALF or (run and word in _CONJUNCTIONS):
            run.append(word)
            continue
        if (number := _sum_words(run)) is not None:
            numbers.append(number)
        run = []
    return numbers


def _sum_words(run: Iterable[str]) -> int | None:
    """Return the value of a run of number words, or None if it has fewer than two."""
    total, current, counted, half = 0, 0, 0, False
    for word in run:
        if word in _HALF:
            half, counted = True, counted + 1
        if word not in VALUE_OF:
            counted += word in _ARTICLES
            continue
        value, counted = int(VALUE_OF[word]), counted + 1
        if value not in _MULTIPLIERS:
            current += value
        elif half:  # `two and a half million` as well
            total, current, half = total + current * value + value // 2, 0, False
        elif value < 1000:
            current = max(1, current) * value
        else:
            total, current = total + max(1, current) * value, 0
    return total + current if counted > 1 and total + current else None


# Words before a number that make it a bound, by qualifier, in the languages of the sources.
BOUNDS: dict[str, str] = {
    "at_least": (
        "at least|no fewer than|not fewer than|no less than|not less than|a minimum of|al menos|por lo menos|almeno|au moins|"
        "mindestens|wenigstens|pelo menos|ao menos|minstens|ten minste|zeker|minst|legalább|en az|не менее|по меньшей мере|"
        "не менше|τουλάχιστον|setidaknya|ما لا يقل عن"
    ),
    "more_than": (
        "more than|over|above|upwards of|in excess of|exceeded|exceeding|topped|surpassed|passed|más de|mas de|plus de|più di|"
        "oltre|mehr als|über|mais de|meer dan|több mint|mer enn|mer än|более|свыше|понад|більше|περισσότεροι από|πάνω από|"
        "lebih dari|أكثر من"
    ),
    "about": (
        "about|around|some|roughly|approximately|an estimated|estimated at|circa|cerca de|alrededor de|unos|unas|environ|quelque|"
        "rund|etwa|ungefähr|около|примерно|близько|yaklaşık|sekitar|περίπου|حوالي|نحو"
    ),
    "nearly": (
        "nearly|almost|close to|just under|casi|quasi|près de|presque|fast|knapp|beinahe|quase|bijna|почти|майже|neredeyse|"
        "hampir|σχεδόν|ما يقرب من"
    ),
    "up_to": (
        "up to|as many as|as much as|at most|no more than|not more than|fino a|hasta|jusqu'à|jusqu’à|bis zu|até|tot|до|hingga|"
        "έως|ما يصل إلى"
    ),
}  # fmt: skip
