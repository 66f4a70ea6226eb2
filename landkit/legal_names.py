"""The registered names of firms: one spelling, their former names, their legal form, and how alike two of them are.

Only spelling is levelled. A region in a name, 股份 in a legal form and a branch are parts of the name: firms differ in
nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from rapidfuzz import fuzz

_FORMER = re.compile(r"\((?:原名称?|原企业名称?|原为|曾用名称?|更名前|旧称|原)[::]?([^()]+)\)")
_FORMER_BEHIND = re.compile(r"[,;、/\s(]+(?:原名称?|曾用名称?|更名前|旧称)[::]?([^()]+)\)?$")
_RENAMED = re.compile(r"\((?:现名称?|现更名为?|更名为|现为|现)[::]?([^()]+)\)")
_PARTED = re.compile(r"[、,;/]")
_MARKS = re.compile(r"""[\s()\[\]{}<>〔〕【】《》〈〉"'“”‘’「」·•・.,，。、:;;_~-]+""")
_LONG_FORM = "有限责任公司"
_FORMS = (
    ("branch", re.compile(r"(?:分公司|分厂|分部|办事处|营业部)$")),
    ("joint_stock", re.compile(r"股份(?:有限)?(?:责任)?公司$")),
    ("limited", re.compile(r"有限(?:责任)?公司$")),
    ("partnership", re.compile(r"\(?(?:有限|普通|特殊普通)?合伙(?:企业)?\)?$")),
    ("cooperative", re.compile(r"合作社$")),
)
_PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|"
    "云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门"
)
_PROVINCE = re.compile(rf"(?:{_PROVINCES})(?:省|市|维吾尔自治区|壮族自治区|回族自治区|自治区)?")
_PLACE = re.compile(r"[\u4e00-\u9fff]{2,3}?(?:(?<!超|门|夜|股)市|县|(?<!小|园|校|社)区)")


@dataclass(frozen=True)
class Name:
    """The names in a cell of a ledger, present and former, as `normalise` spells them."""

    present: str
    former: tuple[str, ...] = ()


def read_name(text: str) -> Name:
    """Return the present and the former names in a cell: ``甲公司（原乙公司）``, ``甲公司 曾用名：乙公司``."""
    plain = _half(" ".join(text.split()))
    former = [name for pattern in (_FORMER, _FORMER_BEHIND) for name in pattern.findall(plain)]
    rest = _FORMER_BEHIND.sub("", _FORMER.sub("", plain))
    if renamed := _RENAMED.search(rest):
        former.append(_RENAMED.sub("", rest))
        rest = renamed[1]
    present = _level(rest)
    levelled = (_level(name) for part in former for name in _PARTED.split(part))
    return Name(present, tuple(dict.fromkeys(name for name in levelled if name and name != present)))


def normalise(text: str) -> str:
    """Return the present name in one spelling.

    Half-width, capitals, without blanks, brackets and marks; 有限责任公司 is spelt 有限公司, the same legal form. The
    words within brackets stay, former names do not; 股份有限公司, a region and 分公司 stay.
    """
    return read_name(text).present


def legal_form(name: str) -> str:
    """Return the legal form of a normalised name, empty where it names none.

    One of ``branch``, ``joint_stock``, ``limited``, ``partnership``, ``cooperative``.
    """
    return next((form for form, pattern in _FORMS if pattern.search(name)), "")


def core(name: str) -> str:
    """Return a normalised name without its region in front and its legal form behind, for comparing only."""
    rest = name[len("".join(regions(name))) :]
    for _, pattern in _FORMS:
        shorter = pattern.sub("", rest)
        if len(shorter) >= 2:
            rest = shorter
    return rest


def regions(name: str) -> tuple[str, ...]:
    """Return the regions that a normalised name starts with: province, then cities, counties or districts."""
    found = []
    rest = name
    for pattern in (_PROVINCE, _PLACE, _PLACE):
        place = pattern.match(rest)
        if place and len(rest) - place.end() >= 4:
            found.append(place[0])
            rest = rest[place.end() :]
    return tuple(found)


def may_be_one(first: str, second: str) -> bool:
    """Return whether two normalised names do not exclude each other by region or legal form.

    A part that only one of them states excludes nothing; a branch is never its head office.
    """
    forms = {legal_form(first), legal_form(second)}
    if len(forms) > 1 and ("branch" in forms or "" not in forms):
        return False
    here, there = (tuple(place.rstrip("省市县区") for place in regions(name)) for name in (first, second))
    shorter, longer = sorted((here, there), key=len)
    return all(place in longer for place in shorter)


def similarity(first: str, second: str) -> float:
    """Return how alike two normalised names are without region and legal form, 0 to 100."""
    return float(fuzz.ratio(core(first), core(second)))


def _half(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text)
    return (
        "".join(sign for sign in plain if unicodedata.category(sign) not in ("Cf", "Cc", "Cs"))
        .replace("〔", "(")
        .replace("〕", ")")
    )


def _level(text: str) -> str:
    return _MARKS.sub("", text).upper().replace(_LONG_FORM, "有限公司")
