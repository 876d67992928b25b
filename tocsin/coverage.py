"""What `tocsin sources` knows, noted in the warehouse, where the marts and the daily report find it."""

from collections.abc import Sequence

from collectors.catalogue import PLATFORMS, SourceStatus, sources
from collectors.section import HttpSection
from tocsin.house import House
from tocsin.spending import Used, used
from warehouse.sources import SourceNote, note_sources


def note(house: House) -> list[SourceStatus]:
    """Note how every source and platform stands at this moment; returns their states."""
    states = sources(house.settings, list(house.policies.values()))
    allowances = used(house, house)
    notes = {each.name: _note(each, allowances.get(each.platform, ())) for each in states}
    note_sources(house.engine, list(notes.values()), house.now())
    return states


def _note(state: SourceStatus, allowances: Sequence[Used]) -> SourceNote:
    platform = next((each for each in PLATFORMS if each.name == state.platform), None)
    bounded = platform is not None and issubclass(platform.settings, HttpSection)
    least, most = platform.reach.volume if platform and bounded else (None, None)
    quota = min((each for each in allowances if not each.own), key=_share_left, default=None)
    budget = next((each for each in allowances if each.own), None)
    return SourceNote(
        source=state.name,
        platform=state.platform,
        configured=state.configured,
        access=platform.access if platform else None,
        note=None if state.configured else state.note,
        expected_least=least,
        expected_most=most,
        quota=quota.allowance if quota else None,
        quota_used=quota.calls_used if quota else None,
        quota_left=quota.calls_left if quota else None,
        budget=budget.allowance if budget else None,
        budget_used=budget.used if budget else None,
        budget_left=budget.calls_left if budget else None,
    )


def _share_left(allowance: Used) -> float:
    return allowance.calls_left / max(1, allowance.calls_left + allowance.calls_used)
