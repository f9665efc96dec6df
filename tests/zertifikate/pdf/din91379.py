"""The repertoire of DIN 91379:2022-08 as data, by Unicode code points.

Normative: Latin letters (bll), the defined base + combining mark sequences, non-letters N1 to N3. Extended: Greek,
Cyrillic (Bulgarian) and the non-letters E1. N4 (line breaks, tab, no-break space) is layout and not text to print.
"""

_LATIN_RANGES = """
41-5A 61-7A C0-D6 D8-F6 F8-17E 187-188 18F 197 1A0-1A1 1AF-1B0 1B7 1CD-1DC 1DE-1DF 1E2-1F0 1F4-1F5 1F8-1FF 212-213
218-21B 21E-21F 227-233 259 268 292 1E02-1E03 1E06-1E07 1E0A-1E11 1E17 1E1C-1E24 1E25 1E26-1E2B 1E2F 1E30-1E37
1E3A-1E3B 1E40-1E49 1E52-1E5B 1E5E-1E63 1E6A-1E6F 1E80-1E87 1E8C-1E97 1E9E 1EA0-1EF9
"""

# Combining marks by the letters that carry them; a base may itself be accented.
_SEQUENCES = {
    "0300": "CFGKMPSTZcfgkmpstz",
    "0301": "JjÿĪī",
    "0302": "DKLMNdklmn",
    "0304": "CFHKNPSTZcfhknpstzÛûḲḳṢṣṬṭỤụ",
    "0306": "CMNRZcmnrzÇç",
    "0307": "KUku",
    "0308": "CTZczẠạỌọỤụ",
    "030B": "Aa",
    "030C": "J",
    "030D": "ēō",
    "0310": "Mm",
    "0315": "CKPTckptČč",
    "031B": "KTkt",
    "0323": "CPcpČč",
    "0325": "LRlr",
    "0326": "CHKLNchklnŽž",
    "0327": "ZzŽž",
    "0331": "HSs",
    "0328 0306": "Cc",
    "0325 0304": "LRlr",
    "031B 0304": "Ss",
}
_DOUBLE = ("K\u035fH", "K\u035fh", "k\u035fh")

_N1_RANGES = "20 27 2C-2E 60 7E A8 B4 B7 2B9-2BA 2BE-2BF 2C8 2CC 2019 2021"
_N2_RANGES = "21-26 28-2B 2F-40 5B-5F 7B-7D A1-A3 A5 A7 A9-AC AE-B3 B5-B6 B9-BB BF D7 F7 20AC"
_N3_RANGES = "A4 A6 B8 BC-BE"
_GREEK_RANGES = "386 388-38A 38C 38E-3A1 3A3-3CE"
_CYRILLIC_RANGES = "40D 410-42A 42C 42E-44A 44C 44E-44F 45D"
_E1_RANGES = """
192 2B0 2B3 2C6 2DC 2E2 1D48 1D57 2018 201A 201C-201E 2020 2026 2030 2032-2033 2039-203A 2070 2074-2079 207F-2089 2122
221E 2264-2265
"""


def _expand(ranges: str) -> list[str]:
    chars = []
    for part in ranges.split():
        first, _, last = part.partition("-")
        chars += [chr(code) for code in range(int(first, 16), int(last or first, 16) + 1)]
    return chars


LATIN_LETTERS = _expand(_LATIN_RANGES)
SEQUENCES = sorted(
    [
        base + "".join(chr(int(mark, 16)) for mark in marks.split())
        for marks, bases in _SEQUENCES.items()
        for base in bases
    ]
    + list(_DOUBLE)
)
NON_LETTERS = _expand(_N1_RANGES) + _expand(_N2_RANGES) + _expand(_N3_RANGES)
EXTENDED = _expand(_GREEK_RANGES) + _expand(_CYRILLIC_RANGES) + _expand(_E1_RANGES)
