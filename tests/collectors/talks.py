"""An invented conversation on each platform, as its API shows it, for the tests of what is fetched around a post."""

from tests.collectors.talk import Talk
from tests.collectors.talks_of_comments import COMMENTED
from tests.collectors.talks_of_forums import FORUMS
from tests.collectors.talks_of_networks import NETWORKS
from tests.collectors.talks_of_rooms import ROOMS

TALKS: dict[str, Talk] = {**FORUMS, **NETWORKS, **COMMENTED, **ROOMS}
