"""Speed, measured beside a peer in the same run and told as a ratio, because a machine's mood moves both alike."""
