"""How `tocsin policy show` prints the severity matrix of a pack."""

from rich.table import Table

from policies.policy import Policy
from policies.severity import table


def severity_table(pack: Policy) -> Table:
    """What raises a finding above its category's severity, one row a reason."""
    title = "What raises a finding above its category's severity; nothing rises above critical"
    shown = Table("by", "where", "steps up", title=title, title_justify="left", box=None, pad_edge=False)
    for dimension, where, steps in table(pack.severity):
        shown.add_row(dimension, where, f"+{steps}")
    return shown
