-- One row is one relevant mention and one topic of its policy's pack that it touches: the way from a topic to posts.
-- A mention of three topics is three rows, a mention of none has no row.
CREATE VIEW mention_topics AS
SELECT
    relevant_mentions.mention_id,
    relevant_mentions.policy,
    topics.topic_group,
    topics.topic,
    relevant_mentions.platform,
    relevant_mentions.posted_on,
    relevant_mentions.sentiment,
    relevant_mentions.sentiment_score
FROM relevant_mentions
INNER JOIN topics
    ON relevant_mentions.mention_id = topics.mention_id AND relevant_mentions.policy = topics.policy;
