-- One row is one source and UTC day, from the first run of that source to the last day on which any source was run:
-- what its runs of the day brought, and how far behind it is. A day on which the source was not run is a row with
-- runs = 0. An archive is read when somebody asks, so it has rows only for the days on which it was read.
--
-- A run is completed, or interrupted (killed, continued by the next), or rate_limited, or it failed: refused, not
-- answered, answered with something unexpected. `collected` counts mentions read, `inserted` those that were new,
-- `quarantined` records that could not be read. last_outcome, last_error and more (a backlog is left) are those of the
-- last run of the day. last_success_at is the end of the last completed run up to and including that day, null where
-- there was none; days_behind counts the days since, 0 on a day with a success.
CREATE VIEW source_coverage AS
WITH dated AS (
    SELECT
        runs.*,
        DATE(started_at) AS day,
        ROW_NUMBER() OVER (PARTITION BY source, DATE(started_at) ORDER BY started_at DESC, run_id DESC) AS recency
    FROM runs
),

calendar AS (
    SELECT day FROM days
    UNION
    SELECT day FROM dated
),

sources AS (
    SELECT source, MIN(platform) AS platform, MIN(day) AS first_day, MAX(day) AS last_day
    FROM dated
    GROUP BY source
),

expected AS (
    SELECT sources.source, sources.platform, calendar.day
    FROM sources
    INNER JOIN calendar
        ON
            calendar.day >= sources.first_day
            AND calendar.day <= (SELECT MAX(dated.day) FROM dated)
),

summed AS (
    SELECT
        source,
        day,
        COUNT(*) AS runs,
        SUM(CASE WHEN outcome = 'completed' THEN 1 ELSE 0 END) AS completed,
        SUM(CASE WHEN outcome = 'rate_limited' THEN 1 ELSE 0 END) AS rate_limited,
        SUM(CASE WHEN outcome = 'interrupted' THEN 1 ELSE 0 END) AS interrupted,
        SUM(
            CASE WHEN outcome IN ('completed', 'rate_limited', 'interrupted', 'running') THEN 0 ELSE 1 END
        ) AS failed,
        SUM(collected) AS collected,
        SUM(inserted) AS inserted,
        SUM(quarantined) AS quarantined,
        SUM(requests) AS requests,
        MAX(CASE WHEN recency = 1 THEN outcome END) AS last_outcome,
        MAX(CASE WHEN recency = 1 THEN error END) AS last_error,
        MAX(CASE WHEN recency = 1 AND more THEN 1 ELSE 0 END) AS more,
        MAX(CASE WHEN outcome = 'completed' THEN finished_at END) AS last_success_at
    FROM dated
    GROUP BY source, day
),

joined AS (
    SELECT
        expected.source,
        expected.platform,
        expected.day,
        COALESCE(summed.runs, 0) AS runs,
        COALESCE(summed.completed, 0) AS completed,
        COALESCE(summed.rate_limited, 0) AS rate_limited,
        COALESCE(summed.interrupted, 0) AS interrupted,
        COALESCE(summed.failed, 0) AS failed,
        COALESCE(summed.collected, 0) AS collected,
        COALESCE(summed.inserted, 0) AS inserted,
        COALESCE(summed.quarantined, 0) AS quarantined,
        COALESCE(summed.requests, 0) AS requests,
        summed.last_outcome,
        summed.last_error,
        COALESCE(summed.more, 0) = 1 AS more,
        MAX(summed.last_success_at) OVER up_to_day AS last_success_at,
        MAX(CASE WHEN summed.completed > 0 THEN expected.day END) OVER up_to_day AS last_success_on
    FROM expected
    LEFT JOIN summed ON expected.source = summed.source AND expected.day = summed.day
    WINDOW up_to_day AS (PARTITION BY expected.source ORDER BY expected.day)
)

SELECT
    joined.source,
    joined.platform,
    joined.day,
    joined.runs,
    joined.completed,
    joined.rate_limited,
    joined.interrupted,
    joined.failed,
    joined.collected,
    joined.inserted,
    joined.quarantined,
    joined.requests,
    joined.last_outcome,
    joined.last_error,
    joined.more,
    joined.last_success_at,
    CASE
        WHEN joined.last_success_on IS NOT NULL
            THEN (
                SELECT COUNT(*) FROM calendar
                WHERE calendar.day > joined.last_success_on AND calendar.day <= joined.day
            )
    END AS days_behind
FROM joined
WHERE joined.runs > 0 OR joined.platform <> 'archive';
