"""Function words of languages in Latin letters, and scripts of others. They show that a text is not English."""

from __future__ import annotations

FUNCTION_WORDS: dict[str, frozenset[str]] = {
    code: frozenset(words.split())
    for code, words in {
        "en": "the of and to in was were that for with on at by from as is are it its has have had been this an be not who they their his her he she which said after more than "
        "but or also people killed least between during since about over into including among according were will would can could no one two three",
        "fr": "le la les des du de et une un est ont été dans pour par sur qui que au aux ce cette son ses avec plus se il elle en à selon après ou sont leur moins d' l' était",
        "es": "el la los las de del y en que un una por con para se su sus al es fue han más como ha este esta lo desde entre sobre según al menos fueron tras ha hay son o",
        "it": "il la le gli di del della dei delle e in che un una per con si sono è stato stati nel nella al alla da dal più anche come ha hanno almeno secondo dopo tra lo",
        "pt": "o a os as de do da dos das e em que um uma por com para se seu sua ao é foi não mais como no na nos nas pelo pela foram segundo após pelo menos ter são",
        "de": "der die das und in den von zu mit des dem im ein eine einer ist nicht auf für sich als auch bei nach wurden wurde sind mindestens am aus zum zur es an oder über "
        "hat haben dass wird",
        "nl": "de het een en van in is op te dat met voor zijn aan er bij naar ook uit door werden werd niet om over minstens volgens meer als zich die heeft hebben na tot",
        "no": "og i av på som er det en et til for med den har ble at fra ikke om var de ved minst etter også mer over under vært skal sier han hun seg eller mot drept",
        "tr": "ve bir bu ile için da de olarak olan en az göre çok daha sonra gibi kadar ise oldu olduğu öldü yaralandı kişi edildi ettiği tarafından ancak her ya o mi",
        "hu": "a az és egy hogy nem is volt meg el de ki már csak mint ez legalább szerint után több között ami aki vagy lett voltak még során ember meghalt azt ezt",
        "id": "yang dan di dari untuk dengan pada ini itu dalam tidak akan oleh telah adalah orang sebagai juga lebih kepada mereka setidaknya tewas ke bahwa atau ada sejak "
        "karena menurut saat",
        "sr": "i u na je da se su za od sa ne kao koji koja iz o do bi ali najmanje više posle prema nakon ili biti bio bila ubijeno kako to što",
        "pl": "i w na z do nie się że jest o od za po to przez dla co najmniej oraz były został jak są był osób przy ich lub także",
        "sv": "och i av på som är det en ett till för med den har att från inte om var de vid minst efter också mer över under sade han hon sig eller mot dödades",
        "da": "og i af på som er det en et til for med den har at fra ikke om var de ved mindst efter også mere over under blev siger han hun sig eller mod dræbt",
        "ro": "și în de la cu pe un o care este au fost din pentru nu mai sau după cel puțin că se prin al ale lor acest",
        "vi": "và của là có trong không được cho người các một những đã với này khi từ ít nhất theo sau tại",
        "sw": "na ya wa kwa ni katika za la watu kuwa hadi baada huo wake hiyo angalau lakini kama pia",
        "so": "iyo waa oo ka ku in la uu ay ah ayaa soo ugu yaraan dad lagu laga waxa",
        "tl": "ang ng sa mga na ay at si ni kay para mula nang hindi ito kung may isang",
    }.items()
}  # fmt: skip

# Names of scripts, as Unicode spells them, with the language that most texts in them are written in.
SCRIPTS: dict[str, str] = {
    "ARABIC": "ar", "GREEK": "el", "CYRILLIC": "ru", "DEVANAGARI": "hi", "HEBREW": "he", "BENGALI": "bn", "TAMIL": "ta", "TELUGU": "te", "GUJARATI": "gu",
    "GURMUKHI": "pa", "KANNADA": "kn", "MALAYALAM": "ml", "SINHALA": "si", "THAI": "th", "LAO": "lo", "MYANMAR": "my", "KHMER": "km", "GEORGIAN": "ka",
    "ARMENIAN": "hy", "ETHIOPIC": "am", "HANGUL": "ko", "HIRAGANA": "ja", "KATAKANA": "ja", "CJK": "zh", "TIBETAN": "bo", "THAANA": "dv",
}  # fmt: skip
# Letters and words by which languages of one script differ, the surest first.
LETTERS: dict[str, tuple[tuple[str, frozenset[str]], ...]] = {
    "CYRILLIC": (("sr", frozenset("јљњђћџ")), ("uk", frozenset("іїєґ")), ("bg", frozenset()), ("ru", frozenset("ыэё"))),
    "ARABIC": (("ur", frozenset("ٹڈےں")), ("fa", frozenset("پچگ"))),
}
SCRIPT_WORDS: dict[str, dict[str, frozenset[str]]] = {
    "DEVANAGARI": {
        "mr": frozenset("आहे आणि होते झाले या मध्ये ठार आहेत झाला".split()),
        "hi": frozenset("है और के में की से को का हैं".split()),
        "ne": frozenset("छ र को मा भएको छन्".split()),
    },
}  # fmt: skip
