-- One row is one policy, platform and day of the calendar, from the first relevant mention of that policy on that
-- platform onwards: the volume of the day against the 28 days before it. Days without a mention are rows with volume
-- 0, and count in the baseline. The day itself never does.
--
-- baseline_days says how many days the baseline rests on (fewer than 28 near the start; null statistics on the first
-- day). baseline_mean and baseline_variance are those of the daily volumes; the deviation is the square root of the
-- variance (SQLite has no square root everywhere, so it is left to the reader). `spike` is true where the volume is
-- at least 5 posts and more than 3 deviations above the mean, on a baseline of at least 7 days. A deviation smaller
-- than that of a Poisson count of the same mean (variance = mean) is taken to be as large, and never less than 1:
-- a platform that is almost silent would otherwise spike at every second post.
CREATE VIEW volume_baseline AS
WITH baselines AS (
    SELECT
        policy,
        platform,
        day,
        volume,
        COUNT(*) OVER preceding AS baseline_days,
        AVG(CAST(volume AS DOUBLE PRECISION)) OVER preceding AS baseline_mean,
        AVG(CAST(volume AS DOUBLE PRECISION) * volume) OVER preceding AS mean_of_squares
    FROM daily_volume
    WINDOW preceding AS (PARTITION BY policy, platform ORDER BY day ROWS BETWEEN 28 PRECEDING AND 1 PRECEDING)
),

measured AS (
    SELECT
        policy,
        platform,
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
    platform,
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
