"""Vetting disclosure: one of our people says in public that they hold CTC, SC or DV (DWP-SOB 41)."""

import re
from collections.abc import Iterator

from classifiers.annex.evidence import Evidence, Hit
from classifiers.annex.other_vetting import is_of_another
from classifiers.annex.wording import clipped
from classifiers.finding import Target

_LEVEL = (
    r"(?:(?-i:e?SC|e?DV|CTC)|developed vetting|security check|counter[- ]terroris[tm] check|(?:national "
    r")?security vetting|(?:security )?(?:clearance|vetting))"
)
_HELD = re.compile(
    "|".join(
        (
            r"\b(?:i|i've|ive|we|i'm|im|just|finally|have|have been|been|me) (?:(?:now|just|finally|"
            r"recently|officially|been|have|got|am|only|had|also|already|all|currently|proud to (?:say|"
            rf"hold|have)|still|an?|fully|enhanced) ){{0,4}}(?:got|hold|have|passed|completed|cleared|"
            r"granted|given|received|obtained|gained|renewed|through|maintain(?:ed)?|achieved|awarded|"
            rf"undergone|went through|been through) (?:\w+ ){{0,3}}?{_LEVEL}\b",
            rf"\bmy (?:\w+ )?{_LEVEL} (?:\w+ )?(?:clearance |vetting |status )?(?:(?:has |just |finally |"
            r"was |is |been |all )+)?(?:came (?:through|back)|come through|cleared|granted|approved|"
            r"passed|renewed|confirmed|active|valid|complete|done|sorted|through|in place)\b",
            r"\b(?:i'?m|i am|im|officially|currently|am|as an?) (?:(?:now|fully|finally|officially|newly|"
            r"proudly|currently) ){0,2}(?-i:e?SC|e?DV|CTC)[- ](?:cleared|vetted|level)\b",
            r"\b(?-i:e?SC|e?DV|CTC) (?:clearance |vetting )?(?:cleared|granted|passed|approved|came "
            r"through|achieved|obtained|done|complete|in the bag|✅|check mark)",
            r"(?:^|[.!] )(?:my )?developed vetting (?:has |is |was |been |just |finally )*(?:renewed|granted|passed|"
            r"cleared|approved|"
            r"came through|come through|confirmed|done|complete)\b",
            r"\b(?:i'?m|i am|been|just been|i'?ve been|got) (?:\w+ )?(?:(?-i:DV'?d|DVed|SC'?d)|security "
            r"cleared(?: to (?-i:SC|DV|CTC))?)(?!\w)",
            r"\b(?:passed|completed|got through|cleared) (?:my |the )?(?:developed vetting|security "
            r"vetting|national security vetting|counter[- ]terroris[tm] check|security check)\b",
        )
    ),
    re.IGNORECASE,
)
_BIO = re.compile(
    r"\b(?-i:SC|DV|CTC|eSC|eDV)[- ](?:cleared|clearance|vetted)\b|\b(?:hold(?:s|er)?|active|current) (?:\w+ "
    r")?(?-i:SC|DV|CTC)\b|\bdeveloped vetting\b",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"\?|\b(?:child tax credit|tax credits?|domestic (?:violence|abuse)|survivor|victim|south carolina|"
    r"supreme court|cost to company|lpa|how long|does anyone|anyone know|waiting (?:for|on)|applying|"
    r"applied|required|require|requirement|must (?:hold|have)|need(?:s|ed)? (?:to|an?|sc|dv)|essential|"
    r"eligible|eligib\w+|desirable|vacanc\w+|wanted|developers?|engineers?|contractors?|candidates?|"
    r"roles?(?= available)|we'?re hiring|hiring|recruiting|apply now|job advert|advert|"
    r"role requires|will need|subject to|process takes|still (?:waiting|pending)|failed|refused|dbs|bank|"
    r"overpaid|claim(?:ed|ing)?|award|letter|customs|blood|medical|checkout)\b",
    re.IGNORECASE,
)


def vetting_disclosure(evidence: Evidence) -> Iterator[Hit]:
    """A hit where the author says so of themselves, in the post or (posting as one of our people) in the bio."""
    match = _HELD.search(evidence.text)
    meant = match is not None and not _OTHER.search(evidence.text) and not is_of_another(evidence)
    if match is not None and meant and evidence.open(match.span()):
        confidence = 0.72 + 0.15 * evidence.by_staff + 0.05 * bool(re.search(r"clear|vetting|check", match[0], re.I))
        because = f"Makes the author's own security vetting public: “{clipped(evidence.text, [match.span()])}”"
        yield Hit(
            "vetting_disclosure",
            confidence,
            Target("employee", evidence.mention.author.handle),
            (match.span(),),
            because,
        )
        return
    bio = evidence.mention.author.bio or ""
    if evidence.by_staff and (found := _BIO.search(bio)) and not _OTHER.search(bio):
        because = f"The author's public bio says “{found[0]}”"
        yield Hit("vetting_disclosure", 0.7, Target("employee", evidence.mention.author.handle), (), because)
