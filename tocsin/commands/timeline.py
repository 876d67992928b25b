"""How `tocsin incident show` tells of behaviour over time: what it is, and its posts in order."""

from collections.abc import Sequence

from rich.console import Console

from classifiers.behaviour.timeline import Behaviour
from tocsin.shown import safe


def print_timelines(console: Console, behaviours: Sequence[Behaviour]) -> None:
    """One paragraph a behaviour: why, then a line a post with its time, platform, account and what made it count."""
    for each in behaviours:
        console.print(f"\n[bold]{each.kind.replace('_', ' ').capitalize()}[/bold]  {safe(each.why)}")
        for step in each.steps:
            where = f"{step.posted_at:%Y-%m-%d %H:%M}  {step.platform}  {safe(step.account or 'account not told')}"
            console.print(f"  {where}  {safe(step.mention_id)}  {step.counted_as}")
