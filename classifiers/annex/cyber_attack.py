"""Cyber-attack: phishing in the organisation's name, a breach claimed, access sold, an attack called for."""

import re
from collections.abc import Iterator

from classifiers.annex.evidence import Evidence, Hit
from classifiers.annex.wording import clipped
from classifiers.finding import Target

ASKS = re.compile(
    r"\b(?:(?:dm|send|give|message|text|reply with|provide|confirm|enter|submit|share|verify|update) "
    r"(?:\w+ ){0,3}?(?:your|ur) (?:\w+ ){0,4}?(?:national insurance|ni (?:number|no)|nino|bank|sort code|"
    r"card|pin|password|log ?in|login|account (?:number|details)|date of birth|details|journal "
    r"(?:password|login)|identity|security (?:code|answers)|one[- ]time))|"
    r"\b(?:click|tap|use|follow|visit|go to) (?:\w+ ){0,3}?(?:link|url|here)\b[^.!?]{0,60}\b(?:claim|"
    r"verify|confirm|release|receive|payment|refund|unlock|avoid|before|suspend\w*)|"
    r"\b(?:verify|confirm|log ?in|sign in|update|validate) (?:here|now|at|via|below|using)?[:,]? ?(?:\w+ )?url\b|"
    r"\b(?:claim|verify|confirm|release|unlock|receive|apply for) (?:\w+ ){0,5}?(?:payment|refund|grant|"
    r"account|benefit|bonus|cost of living \w+|£ ?\d+)\b[^.!?]{0,40}\b(?:url|here|link|now at|today at)",
    re.IGNORECASE,
)
_BREACH = re.compile(
    r"\b(?:want|who wants|wanna buy|buy|get) (?!(?:\w+ ){0,2}?(?:my|our|your) )(?:\w+ ){0,3}?(?:database|db|dump|"
    r"logins|credentials|fullz|combo)\b[^.!\n]{0,40}\b(?:dm|telegram|btc|bitcoin|xmr|monero|escrow)\b|"
    r"\b(?:(?:i|we|we've|i've|our (?:team|crew|group)) (?:\w+ ){0,2}?(?:hacked|breached|pwned|owned|"
    r"popped|got (?:into|root|shell|access to)|have (?:full |admin |root )?access to|exfiltrated|dumped|"
    r"scraped|compromised|encrypted|ddos\w*)\b[^.!?]{0,60}\b(?:database|"
    r"server|servers|systems?|network|data|records|portal|admin|panel|site|website|gov|backend|logins?|dwp|"
    r"jobcentre)|(?:we|i|we've|i've) (?:took|taken|knocked|brought) (?:the |their |your )?(?:\w+ ){0,3}?(?:site|"
    r"website|servers?|portal|"
    r"systems?|journal) (?:down|offline)|(?:we|i|we've) (?:took|taken) down (?:the |their |your )?(?:\w+ "
    r"){0,3}?(?:site|website|servers?|portal|systems?)\b|"
    r"\b(?:accounts?|logins?|data|records|database|access|credentials) (?:are |is |now )?for sale\b[^.!?]{0,40}|"
    r"\b(?:systems?|database|network|servers?|portal) (?:\w+ ){0,2}?(?:breached|hacked|owned|pwned|"
    r"compromised|encrypted)\b"
    r"(?=.{0,80}\b(?:pay|ransom|we (?:publish|leak|have)|proof|bitcoin|btc|by us)\b)|"
    r"(?:selling|for sale|sell|wts) (?!(?:\w+ ){0,3}?(?:mobile|our|my) )(?:\w+ ){0,4}?(?:access|database|db|dump|"
    r"logins?|credentials|"
    r"records|accounts|data|vpn|rdp|shell|fullz|combo)\b[^.!?]{0,60}|"
    r"(?:ddos|take down|flood|nuke|deface|brute ?force|crash|knock) (?:\w+ ){0,4}?(?:site|website|"
    r"servers?|portal|gov|dwp|login|phone ?lines?|system)\b[^.!?]{0,40}\b(?:tonight|together|join|at \d|"
    r"offline|now|op\w+|use this|tool|everyone|lads|script)|"
    r"(?:sql ?injection|sqli|zero[- ]day|0day|exploit|xss|rce|backdoor|working "
    r"bypass)\b[^.!?]{0,50}\b(?:dwp|gov|portal|journal|login|site|jobcentre|for sale|dm|works)|(?:full|"
    r"entire|complete|whole) (?:\w+ ){0,2}?(?:database|db|dump|customer records|claimant (?:data|"
    r"records))\b[^.!?]{0,40}\b(?:leak\w*|download|dm|telegram|btc|bitcoin|xmr|monero|price|available|"
    r"sale|link))",
    re.IGNORECASE,
)
_SYSTEM = (
    r"(?:sites?|web ?sites?|portal|journal|log ?ins?|servers?|systems?|app|helpline|phone ?lines?|network|error page|"
    r"[\w.]*gov\.uk|universal credit|outage)"
)
_DOWN = r"(?:down|offline|outage|50[0-4]|error page|dead|crash(?:ed)?|unreachable)"
_TAKEN_DOWN = re.compile(  # an outage that is claimed: whoever complains of one says that it is, and not whose doing
    rf"\b(?:we|i|we'?ve|i'?ve|our (?:team|crew|group|bots?|botnet|lads))(?: have| just| all)? (?:took|taken|knocked|"
    rf"brought|kicked|dropped|pulled|kept|put) (?!our\b|my\b)(?:[\w.]+ ){{0,4}}?(?:down|offline)\b|"
    rf"\b{_DOWN}\b[^\n]{{0,60}}?\b(?:(?:was|is|were) (?:us|ours|our (?:doing|work|handiwork))|because of us|courtesy "
    rf"of (?:us|our)|thanks to us|by us)\b(?! (?:all|lot|both|claimants|users|customers|logging|trying|ringing|not|"
    rf"being))|\b{_DOWN}\b[^\n]{{0,40}}?[.,;:!-] *(?:ours|our doing|our work|you'?re welcome)\b|"
    rf"\b{_SYSTEM} (?:was|is) us\b[^\n]{{0,40}}\b{_DOWN}\b|\btango down\b",
    re.IGNORECASE,
)
_UPKEEP = re.compile(
    r"\b(?:maintenance|updat\w+|upgrad\w+|refresh\w*|redesign\w*|migrat\w+|deploy\w*|leaflets?|posters?|out of date)\b|"
    r"\b(?:our|my) (?:own )?(?:sites?|web ?sites?|portal|servers?|systems?|app|pages?)\b",
    re.IGNORECASE,
)
_OVERLOAD = re.compile(  # many who only want to log in at once bring a site down, too
    r"\b(?:at this rate|(?:all|everyone|everybody) (?:\w+ )?(?:logging (?:on|in)|trying to|refreshing|rushing)|"
    r"too many (?:people|of us))\b",
    re.IGNORECASE,
)
_CALLS = re.compile(r"\b(?:join|together|use this|tool|script|ddos|take it down)\b", re.IGNORECASE)
_TRADE = re.compile(
    r"\b(?:dm|telegram|btc|bitcoin|xmr|monero|price|escrow|onion|proof|sample|selling|for sale|wts)\b|"
    r"(?<!\w)[$£]\d",
    re.IGNORECASE,
)
_ENTERED = re.compile(r"\b(?:got (?:in|into|access to)|have (?:full )?access to)\b", re.IGNORECASE)
_INTRUDER = re.compile(  # customers get into sites, accounts and the wifi, too
    r"\b(?:database|db|admin|root|back ?end|servers?|internal|exploit\w*|bypass\w*|dump\w*|leak\w*|network|systems?|"
    r"watching (?:what|every\w*)|sniff\w*|traffic|intercept\w*|(?:every(?:one|body)|claimants?|customers?|people|"
    r"staff)(?:'?s)? (?:\w+ )?(?:data|records|details|logins?|files))\b",
    re.IGNORECASE,
)
_VISITOR = re.compile(
    r"\b(?:my|at last|finally|eventually|in the end|claim done|(?:after|took|only) (?:\w+ ){0,3}?(?:hours?|"
    r"minutes?|mins|days?|weeks?|months?|attempts?|tries|goes)|(?:as|for|at) (?:\w+ ){0,2}?(?:work|landlords?|staff|"
    r"contractors?|advis[eo]rs?)|(?:st|nd|rd|th|third|second) (?:try|go|attempt)|password|forgot\w*)\b",
    re.IGNORECASE,
)
_OFFER = re.compile(
    r"\b(?:dm|pm|message|inbox) (?:me|us)\b|\b(?:btc|bitcoin|xmr|monero|escrow)\b|(?<!\w)[$£]\d", re.IGNORECASE
)
_BY_DM = re.compile(r"\b(?:dms?|pm|inbox|whats ?app|telegram|private message)\b", re.IGNORECASE)
_WARNED = re.compile(  # who warns others, or asks what they were sent; a lure speaks of fraud and warns, too
    r"\b(?:(?<!not a )(?<!no )scam(?:s|mers?|ming)?|phishing|fraudsters?|beware|be ?ware|watch out|be careful|"
    r"stay safe|(?:don'?t|do not|never) (?:\w+ )?(?:click|fall|reply|respond|trust|open|engage)|(?:will|would|do|"
    r"does) (?:not|never) (?:\w+ )?(?:ask|text|e?mail|message|call|send)|won'?t ask|(?:wouldn'?t|doesn'?t|"
    r"don'?t) (?:ask|text|e?mail|send)|never asks?|asks? you|ask(?:ed|ing) (?:me|us|you|for|people)|fake\w*|hoax|"
    r"is (?:this|it|that) (?:a )?(?:real|legit|genuine|true)|(?<!you )(?<!you've )(?:got|received|had|getting) (?:a|"
    r"an|this|another|these) (?:\w+ ){0,2}?(?:text|e?mails?|messages?|call|letter|sms)|report(?:ed|ing)? (?:it|this|"
    r"them) (?:to|as)|action fraud|7726|impersonat\w+|warn(?:s|ed|ing)? (?:people|everyone|others|claimants|customers|"
    r"your (?:mum|nan|gran\w*|parents|friends|family))|warn(?:s|ed|ing)? (?:about|of|against) (?:(?:a|an|the|these|"
    r"this|new|more) )*(?:scam|text|e?mail|fake|message|call|link|fraud)\w*|should i (?:click|reply|trust|"
    r"be worried))\b",
    re.IGNORECASE,
)
_WARNING = re.compile(
    r"\b(?:scam(?:s|mers?|ming)?|phishing|fraud(?:sters?|ulent)?|beware|be ?ware|warning|warn(?:s|ed|"
    r"ing)?|watch out|be careful|don'?t (?:click|fall|give|reply|share|send)|do not (?:click|give|reply|"
    r"share|send)|never (?:click|give|share|ask|send)|fake|hoax|is this (?:real|legit|genuine)|is it "
    r"(?:real|legit|genuine)|got (?:a|this) (?:text|email|message|call)|received (?:a|this)|had a (?:text|"
    r"call|email)|report(?:ed)? (?:it|to|this)|action fraud|suspicious|impersonating|stay safe|legit|we "
    r"will never|won'?t ask|asks? you|should i|life ?hacks?|hackathon|growth hack|car boot|house|"
    r"raffle)\b|\?",
    re.IGNORECASE,
)
_PROMISE = re.compile(
    r"\b(?:payment|refund|grant|cost of living|bonus|owed|eligible|entitled|suspended|overdue|unclaimed|final "
    r"notice|journal|benefit|universal credit|account|claim|help you)\b|£ ?\d",
    re.IGNORECASE,
)


def cyber_attack(evidence: Evidence) -> Iterator[Hit]:
    """A hit for a lure, a claimed breach, access on sale or a call to attack; warnings about them are none."""
    text = evidence.text
    attack = _claimed(text)
    if (
        attack is not None
        and not _cancelled(evidence, offered=_OFFER.search(text) is not None)
        and evidence.open(attack.span())
    ):
        confidence = 0.78 + 0.12 * bool(_TRADE.search(text))
        yield _hit(evidence, confidence, attack.span(), "Claims, sells or calls for an attack on systems")
        return
    lure = _lure(evidence)
    if lure is not None and _PROMISE.search(text):
        yield _hit(
            evidence,
            0.72 + 0.1 * bool(evidence.mention.links or "url" in text) + 0.12 * _borrows_our_name(evidence),
            lure.span(),
            "Asks the public for private details in the organisation's name",
        )


def _claimed(text: str) -> re.Match[str] | None:
    """An attack that is claimed, sold or called for; neither upkeep of one's own site nor a crush of visitors."""
    found = _BREACH.search(text)
    if found is not None and _ENTERED.search(found[0]) and not _is_intruder(text):
        return None
    if found is None and re.search(rf"\b{_SYSTEM}\b", text, re.IGNORECASE):
        found = _TAKEN_DOWN.search(text)
    downed = found is not None and re.search(r"\b(?:took|taken|down|offline)\b", found[0], re.IGNORECASE)
    crashing = found is not None and re.match(r"crash|flood", found[0], re.IGNORECASE)
    crushed = crashing and _OVERLOAD.search(text) and not _CALLS.search(text)
    return None if crushed or (downed and _UPKEEP.search(text)) else found


def _cancelled(evidence: Evidence, offered: bool) -> bool:
    """Whether a post warns or wonders. Who offers a link or a deal may say “warning” and ask; only a warning counts."""
    return (_WARNED if offered else _WARNING).search(evidence.text) is not None


def only_got_in(evidence: Evidence) -> bool:
    """Whether a customer tells that they got into a site or the wifi at last, and nobody offers or asks for more."""
    text = evidence.text
    entered = _ENTERED.search(text) is not None and not _is_intruder(text)
    return entered and not (_claimed(text) or _OFFER.search(text) or ASKS.search(text))


def _is_intruder(text: str) -> bool:
    return bool(_INTRUDER.search(text)) and (not _VISITOR.search(text) or bool(_OFFER.search(text)))


def is_lure(evidence: Evidence) -> bool:
    """Whether a post by an account that the pack does not know asks for details, and warns of nothing."""
    return _lure(evidence) is not None


def _lure(evidence: Evidence) -> re.Match[str] | None:
    text, mention = evidence.text, evidence.mention
    asks = ASKS.search(text)
    offered = bool(_links(evidence)) or _BY_DM.search(text) is not None
    if asks is None or _cancelled(evidence, offered) or not evidence.open(asks.span()) or _official_link(evidence):
        return None
    known = evidence.policy.account(mention.platform, mention.author.handle, mention.created_at.date())
    return asks if known is None else None


def _official_link(evidence: Evidence) -> bool:
    links = _links(evidence)
    return bool(links) and all(re.match(r"(?:https?://)?(?:[\w-]+\.)*gov\.uk(?:[/?#]|$)", link, re.I) for link in links)


def _borrows_our_name(evidence: Evidence) -> bool:
    """Whether a link's host has a word of ours in it: "uc-login.example", "dwp.verify.example"."""
    vocabulary = evidence.policy.vocabulary
    ours = {name.casefold().replace(" ", "") for name in (*vocabulary.names, *vocabulary.ambiguous)} | {"gov", "govuk"}
    hosts = [re.sub(r"^https?://", "", link.casefold()).split("/")[0] for link in _links(evidence)]
    return any(ours & set(re.split(r"[.\-]", host)) for host in hosts)


def _links(evidence: Evidence) -> list[str]:
    return [*evidence.mention.links, *re.findall(r"https?://[^\s]+|\b[\w.-]+\.gov\.uk\S*", evidence.mention.text)]


def _hit(evidence: Evidence, confidence: float, span: tuple[int, int], because: str) -> Hit:
    return Hit(
        "cyber_attack", confidence, Target("organisation"), (span,), f"{because}: “{clipped(evidence.text, [span])}”"
    )
