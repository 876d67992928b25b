-- One row is one policy, pair of topics from two different groups, and UTC day on which a relevant mention touched
-- both: which service people speak of (first_topic) in which matter (second_topic). The group whose name comes first
-- in the alphabet is the first. Columns as in daily_sentiment; mentions of one topic alone are in topic_sentiment.
CREATE VIEW topic_pairs AS
SELECT
    relevant_mentions.policy,
    ones.topic_group AS first_group,
    ones.topic AS first_topic,
    others.topic_group AS second_group,
    others.topic AS second_topic,
    relevant_mentions.posted_on AS day,
    COUNT(*) AS mentions,
    SUM(CASE WHEN relevant_mentions.sentiment = 'negative' THEN 1 ELSE 0 END) AS negative,
    SUM(CASE WHEN relevant_mentions.sentiment = 'neutral' THEN 1 ELSE 0 END) AS neutral,
    SUM(CASE WHEN relevant_mentions.sentiment = 'positive' THEN 1 ELSE 0 END) AS positive,
    AVG(relevant_mentions.sentiment_score) AS mean_score
FROM relevant_mentions
INNER JOIN topics AS ones
    ON relevant_mentions.mention_id = ones.mention_id AND relevant_mentions.policy = ones.policy
INNER JOIN topics AS others
    ON
        relevant_mentions.mention_id = others.mention_id
        AND relevant_mentions.policy = others.policy
        AND ones.topic_group < others.topic_group
GROUP BY
    relevant_mentions.policy,
    ones.topic_group,
    ones.topic,
    others.topic_group,
    others.topic,
    relevant_mentions.posted_on;
