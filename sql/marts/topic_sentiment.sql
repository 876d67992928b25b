-- One row is one policy, group of topics, topic and UTC day on which a relevant mention touched the topic: how many
-- did, and how they felt. A mention that touches two topics counts under both, so topics do not add up to the day.
-- Columns as in daily_sentiment.
CREATE VIEW topic_sentiment AS
SELECT
    relevant_mentions.policy,
    topics.topic_group,
    topics.topic,
    relevant_mentions.posted_on AS day,
    COUNT(*) AS mentions,
    SUM(CASE WHEN relevant_mentions.sentiment = 'negative' THEN 1 ELSE 0 END) AS negative,
    SUM(CASE WHEN relevant_mentions.sentiment = 'neutral' THEN 1 ELSE 0 END) AS neutral,
    SUM(CASE WHEN relevant_mentions.sentiment = 'positive' THEN 1 ELSE 0 END) AS positive,
    AVG(relevant_mentions.sentiment_score) AS mean_score
FROM relevant_mentions
INNER JOIN topics
    ON relevant_mentions.mention_id = topics.mention_id AND relevant_mentions.policy = topics.policy
GROUP BY relevant_mentions.policy, topics.topic_group, topics.topic, relevant_mentions.posted_on;
