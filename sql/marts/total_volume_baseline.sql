-- One row is one policy and day of the calendar, from the first relevant mention of that policy onwards: the volume of
-- the day on all platforms together, against the 28 days before it. Columns and the meaning of `spike` as in
-- volume_baseline, which has the same for each platform; a rise that is spread thin over many shows only here.
CREATE VIEW total_volume_baseline AS
WITH totals AS (
    SELECT policy, day, CAST(SUM(volume) AS BIGINT) AS volume
    FROM daily_volume
    GROUP BY policy, day
),

baselines AS (
    SELECT
        policy,
        day,
        volume,
        COUNT(*) OVER preceding AS baseline_days,
        AVG(CAST(volume AS DOUBLE PRECISION)) OVER preceding AS baseline_mean,
        AVG(CAST(volume AS DOUBLE PRECISION) * volume) OVER preceding AS mean_of_squares
    FROM totals
    WINDOW preceding AS (PARTITION BY policy ORDER BY day ROWS BETWEEN 28 PRECEDING AND 1 PRECEDING)
),

measured AS (
    SELECT
        policy,
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
