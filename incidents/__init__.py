"""Findings that belong together become one incident, and the right people hear of it once."""
