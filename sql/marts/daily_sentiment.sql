-- One row is one policy, platform and UTC day on which at least one relevant mention was posted: how many there were,
-- by how many authors, and how they felt towards the organisation. A day without mentions has no row here; see
-- volume_baseline, which keeps the empty days.
--
-- negative + neutral + positive = mentions. mean_score is the mean of the scores, -1 to 1; negative_share is
-- negative / mentions, 0 to 1. `toxic` counts mentions whose toxicity is at least 0.5.
CREATE VIEW daily_sentiment AS
SELECT
    policy,
    platform,
    posted_on AS day,
    COUNT(*) AS mentions,
    COUNT(DISTINCT author) AS authors,
    SUM(CASE WHEN sentiment = 'negative' THEN 1 ELSE 0 END) AS negative,
    SUM(CASE WHEN sentiment = 'neutral' THEN 1 ELSE 0 END) AS neutral,
    SUM(CASE WHEN sentiment = 'positive' THEN 1 ELSE 0 END) AS positive,
    AVG(sentiment_score) AS mean_score,
    AVG(CASE WHEN sentiment = 'negative' THEN CAST(1 AS DOUBLE PRECISION) ELSE 0 END) AS negative_share,
    SUM(CASE WHEN toxicity >= 0.5 THEN 1 ELSE 0 END) AS toxic
FROM relevant_mentions
GROUP BY policy, platform, posted_on;
