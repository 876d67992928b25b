-- One row is one policy and severity that has incidents: how many, how many were acknowledged and closed, and how long
-- that took, in seconds from the opening. Incidents that nobody has touched count in `incidents` alone; those that were
-- merged into another, and those that rang no bell because a graver one explains them, not at all.
--
-- The medians and ninetieth percentiles are nearest-rank: a value that really occurred, the smallest with at least
-- half (nine tenths) of the values at or below it. Null where there is no value.
CREATE VIEW response_times AS
WITH acknowledged AS (
    SELECT
        policy,
        severity,
        seconds_to_acknowledge AS seconds,
        ROW_NUMBER() OVER (PARTITION BY policy, severity ORDER BY seconds_to_acknowledge) AS place,
        COUNT(*) OVER (PARTITION BY policy, severity) AS total
    FROM incidents
    WHERE seconds_to_acknowledge IS NOT NULL AND status <> 'merged' AND inhibited_by IS NULL
),

closed AS (
    SELECT
        policy,
        severity,
        seconds_to_close AS seconds,
        ROW_NUMBER() OVER (PARTITION BY policy, severity ORDER BY seconds_to_close) AS place,
        COUNT(*) OVER (PARTITION BY policy, severity) AS total
    FROM incidents
    WHERE seconds_to_close IS NOT NULL AND status <> 'merged' AND inhibited_by IS NULL
),

acknowledged_percentiles AS (
    SELECT
        policy,
        severity,
        MAX(CASE WHEN place = (total + 1) / 2 THEN seconds END) AS median,
        MAX(CASE WHEN place = (9 * total + 9) / 10 THEN seconds END) AS ninetieth
    FROM acknowledged
    GROUP BY policy, severity
),

closed_percentiles AS (
    SELECT
        policy,
        severity,
        MAX(CASE WHEN place = (total + 1) / 2 THEN seconds END) AS median,
        MAX(CASE WHEN place = (9 * total + 9) / 10 THEN seconds END) AS ninetieth
    FROM closed
    GROUP BY policy, severity
),

counted AS (
    SELECT
        policy,
        severity,
        COUNT(*) AS incidents,
        COUNT(acknowledged_at) AS acknowledged,
        COUNT(closed_at) AS closed,
        SUM(CASE WHEN acknowledged_at IS NULL AND closed_at IS NULL THEN 1 ELSE 0 END) AS untouched
    FROM incidents
    WHERE status <> 'merged' AND inhibited_by IS NULL
    GROUP BY policy, severity
)

SELECT
    counted.policy,
    counted.severity,
    counted.incidents,
    counted.acknowledged,
    counted.closed,
    counted.untouched,
    acknowledged_percentiles.median AS median_seconds_to_acknowledge,
    acknowledged_percentiles.ninetieth AS p90_seconds_to_acknowledge,
    closed_percentiles.median AS median_seconds_to_close,
    closed_percentiles.ninetieth AS p90_seconds_to_close
FROM counted
LEFT JOIN acknowledged_percentiles
    ON counted.policy = acknowledged_percentiles.policy AND counted.severity = acknowledged_percentiles.severity
LEFT JOIN closed_percentiles
    ON counted.policy = closed_percentiles.policy AND counted.severity = closed_percentiles.severity;
