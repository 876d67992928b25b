"""Many incidents opened in one transaction: those that nothing stands beside, which in a flood are nearly all.

What is written is what one settlement after the other would write. Whatever needs a look at another incident (one of
the same author and target, a campaign, a behaviour, a finding that is evidence already) is left to be settled alone.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from incidents.campaign import NAME, is_campaign
from incidents.casebook import Decide, Entry, Groups
from incidents.incident import GroupKey
from warehouse.behaviour_schema import timeline
from warehouse.case_entries import by_pipeline, event_row, opening_row, outbox_row, portions
from warehouse.case_rows import held_findings
from warehouse.case_schema import incident_events, incidents, outbox
from warehouse.custody import take_all_into_custody
from warehouse.custody_heads import with_end
from warehouse.schema import findings


def alone(connection: Connection, groups: Groups, waiting: set[str]) -> list[GroupKey]:
    """The keys of which nothing is known yet; `waiting` are the findings that nobody has settled."""
    places = Counter((key.policy, key.author, key.target) for key in groups)
    crowded = {(key.policy, key.target) for key in groups if is_campaign(key)}
    found = {
        key: {each.finding_id for each in exhibits}
        for key, exhibits in groups.items()
        if places[key.policy, key.author, key.target] == 1 and (key.policy, key.target) not in crowded
    }
    known = [each for names in found.values() for each in names]
    held, shown = set(held_findings(connection, known)), set(_shown(connection, known))
    stood = set(_standing(connection, found))
    return [
        key
        for key, names in found.items()
        if names <= waiting
        and names.isdisjoint(held | shown)
        and not stood & {(key.policy, key.author, key.target), (key.policy, "", key.target)}
    ]


def open_all(
    connection: Connection, groups: Groups, decide: Decide, ids: Iterable[tuple[int, str]], now: datetime
) -> list[Entry]:
    """Open one incident for each key; `ids` are the numbers and ids that they get."""
    entries: list[tuple[int, Entry]] = []
    for (key, exhibits), (number, incident_id) in zip(groups.items(), ids, strict=False):
        entries.append((number, decide(key, None, tuple(exhibits), incident_id)))
    if not entries:
        return []
    connection.execute(insert(incidents), [opening_row(entry, number, now) for number, entry in entries])
    changes = [entry.change for _, entry in entries]
    connection.execute(insert(incident_events), [event_row(by_pipeline(change, now)) for change in changes])
    begun = take_all_into_custody(connection, {change.incident.id: change.exhibits for change in changes}, now)
    told = (with_end(each.notification, 1, begun[each.change.incident.id].sha256) for _, each in entries)
    connection.execute(insert(outbox), [outbox_row(each) for each in told])
    mine = update(findings).where(findings.c.finding_id == bindparam("finding"))
    links = [(each.finding_id, change.incident.id) for change in changes for each in change.exhibits]
    rows = [{"finding": finding_id, "incident": incident_id} for finding_id, incident_id in links]
    connection.execute(mine.values(incident_id=bindparam("incident")), rows)
    return [entry for _, entry in entries]


def _shown(connection: Connection, finding_ids: Sequence[str]) -> Iterator[str]:
    """Those of the findings that show a behaviour: its other posts go into custody with them."""
    for some in portions(sorted(finding_ids)):
        yield from connection.execute(
            select(timeline.c.finding_id).where(timeline.c.finding_id.in_(some)).distinct()
        ).scalars()


def _standing(connection: Connection, keys: Iterable[GroupKey]) -> Iterator[tuple[str, str, str]]:
    """Policy, author and target of incidents that stand beside these keys; the author empty for a campaign's."""
    given = list(keys)
    columns = (incidents.c.policy, incidents.c.author, incidents.c.target)
    for some in portions(sorted({key.author for key in given})):
        theirs = or_(incidents.c.author.in_(some), incidents.c.author.startswith(NAME))
        for row in connection.execute(select(*columns).where(theirs).distinct()):
            yield row.policy, "" if row.author.startswith(NAME) else row.author, row.target
