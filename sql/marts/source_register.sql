-- One row is one source as it stands: a source that is collected, or a platform that is not. The grain of the coverage
-- page: `source_coverage` has the same day by day.
--
-- access is how it is lawfully had, null where it cannot be; configured says whether it is collected; note is what is
-- missing, or why it cannot be had. last_outcome, last_error and truncated (a backlog is left) are those of its last
-- run, last_run_on that run's day; last_success_at the end of its last completed run; days_behind the days since that,
-- null for a source that never succeeded. volume_on is its last day that is over and was completed: seen is the new
-- mentions of that day, expected_least to expected_most what the platform's own file expects of one, usual the mean of
-- the days before and volume how they compare. quota is the platform's quota with the least left, budget the
-- operator's own for the calendar month, each with what is used and left (in calls) as of noted_at. All of these are
-- null where they are not known.
CREATE VIEW source_register AS
WITH ranked AS (
    SELECT
        source_coverage.*,
        ROW_NUMBER() OVER (PARTITION BY source ORDER BY day DESC) AS recency,
        ROW_NUMBER() OVER (
            PARTITION BY source ORDER BY CASE WHEN runs > 0 THEN 0 ELSE 1 END ASC, day DESC
        ) AS run_recency,
        ROW_NUMBER() OVER (
            PARTITION BY source ORDER BY CASE WHEN volume IS NULL THEN 1 ELSE 0 END ASC, day DESC
        ) AS volume_recency
    FROM source_coverage
    WHERE source NOT LIKE 'recheck:%' AND source NOT LIKE 'conversations:%' AND source NOT LIKE 'parents:%'
),

named AS (
    SELECT source FROM ranked
    UNION
    SELECT source FROM sources
)

SELECT
    named.source,
    COALESCE(sources.platform, latest.platform) AS platform,
    COALESCE(sources.configured, FALSE) AS configured,
    sources.access,
    sources.note,
    ran.day AS last_run_on,
    ran.last_outcome,
    ran.last_error,
    ran.more AS truncated,
    latest.last_success_at,
    latest.days_behind,
    CASE WHEN judged.volume IS NOT NULL THEN judged.day END AS volume_on,
    CASE WHEN judged.volume IS NOT NULL THEN judged.inserted END AS seen,
    sources.expected_least,
    sources.expected_most,
    judged.usual,
    judged.volume,
    sources.quota,
    sources.quota_used,
    sources.quota_left,
    sources.budget,
    sources.budget_used,
    sources.budget_left,
    sources.noted_at
FROM named
LEFT JOIN sources ON named.source = sources.source
LEFT JOIN ranked AS latest ON named.source = latest.source AND latest.recency = 1
LEFT JOIN ranked AS ran ON named.source = ran.source AND ran.run_recency = 1
LEFT JOIN ranked AS judged ON named.source = judged.source AND judged.volume_recency = 1;
