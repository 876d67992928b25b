-- One row is one source and UTC day of posting with mentions that are collected but not judged yet: how many wait, and
-- since when the oldest does. Nothing else in these marts counts them.
CREATE VIEW unassessed_mentions AS
SELECT
    mentions.source,
    mentions.platform,
    mentions.posted_on AS day,
    COUNT(*) AS waiting,
    MIN(unassessed.queued_at) AS oldest_queued_at
FROM unassessed
INNER JOIN mentions ON unassessed.mention_id = mentions.mention_id
GROUP BY mentions.source, mentions.platform, mentions.posted_on;
