"""The ground floor: an organisation's own written policy, as data (the packs) and as types (`policy.py`)."""
