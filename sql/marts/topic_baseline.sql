-- One row is one policy, topic and day of the calendar, from the first relevant mention of that policy onwards: how
-- many mentions touched the topic on the day, against the 28 days before it. Days on which nobody spoke of the topic
-- are rows with volume 0, and count in the baseline; days before anything was collected do not exist here. Columns and
-- the meaning of `spike` as in volume_baseline.
CREATE VIEW topic_baseline AS
WITH counted AS (
    SELECT policy, topic_group, topic, day, mentions
    FROM topic_sentiment
),

spoken AS (
    SELECT DISTINCT policy, topic_group, topic
    FROM counted
),

calendar AS (
    SELECT DISTINCT policy, day
    FROM daily_volume
),

volumes AS (
    SELECT
        spoken.policy,
        spoken.topic_group,
        spoken.topic,
        calendar.day,
        CAST(COALESCE(counted.mentions, 0) AS BIGINT) AS volume
    FROM spoken
    INNER JOIN calendar ON spoken.policy = calendar.policy
    LEFT JOIN counted
        ON
            spoken.policy = counted.policy
            AND spoken.topic_group = counted.topic_group
            AND spoken.topic = counted.topic
            AND calendar.day = counted.day
),

baselines AS (
    SELECT
        policy,
        topic_group,
        topic,
        day,
        volume,
        COUNT(*) OVER preceding AS baseline_days,
        AVG(CAST(volume AS DOUBLE PRECISION)) OVER preceding AS baseline_mean,
        AVG(CAST(volume AS DOUBLE PRECISION) * volume) OVER preceding AS mean_of_squares
    FROM volumes
    WINDOW
        preceding AS (
            PARTITION BY policy, topic_group, topic ORDER BY day ROWS BETWEEN 28 PRECEDING AND 1 PRECEDING
        )
),

measured AS (
    SELECT
        policy,
        topic_group,
        topic,
        day,
        volume,
        baseline_days,
        baseline_mean,
        CASE
            WHEN mean_of_squares > baseline_mean * baseline_mean
                THEN mean_of_squares - baseline_mean * baseline_mean
            WHEN baseline_mean IS NOT NULL THEN 0
        END AS baseline_variance
    FROM baselines
)

SELECT
    policy,
    topic_group,
    topic,
    day,
    volume,
    baseline_days,
    baseline_mean,
    baseline_variance,
    COALESCE(
        baseline_days >= 7
        AND volume >= 5
        AND volume > baseline_mean
        AND (volume - baseline_mean) * (volume - baseline_mean) > 9 * baseline_variance
        AND (volume - baseline_mean) * (volume - baseline_mean) > 9 * baseline_mean
        AND volume - baseline_mean > 3,
        FALSE
    ) AS spike
FROM measured;
