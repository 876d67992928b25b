-- One row is one source and UTC day, from the first run of that source to the last day on which any source was run:
-- what its runs of the day brought, and how far behind it is. A day on which the source was not run is a row with
-- runs = 0; of a stop of more than a year only its last 365 days are rows, and are counted.
-- An archive is read when somebody asks, so it has rows only for the days on which it was read.
--
-- A run is completed, or interrupted (killed, continued by the next), or rate_limited, or it failed: refused, not
-- answered, answered with something unexpected. `collected` counts mentions read, `inserted` those that were new,
-- `quarantined` records that could not be read. last_outcome, last_error and more (a backlog is left) are those of the
-- last run of the day. last_success_at is the end of the last completed run up to and including that day, null where
-- there was none; days_behind counts the days since, 0 on a day with a success.
--
-- expected_least and expected_most are the bounds on `inserted` in a day that the platform's own file gives, null where
-- it gives none; usual is the mean of `inserted` on the completed days among the 28 before, null where they are fewer
-- than seven. volume says how the day compares: 'below' or 'above' those bounds, 'silent' (nothing, where ten or more a
-- day are usual), else 'within'; null for a day that is not over, was not completed or has no bounds.
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

collected AS (
    SELECT source, MIN(platform) AS platform, MIN(day) AS first_day, MAX(day) AS last_day
    FROM dated
    GROUP BY source
),

expected AS (
    SELECT collected.source, collected.platform, calendar.day
    FROM collected
    INNER JOIN calendar
        ON
            calendar.day >= collected.first_day
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
        MAX(CASE WHEN summed.completed > 0 THEN expected.day END) OVER up_to_day AS last_success_on,
        COUNT(CASE WHEN summed.completed > 0 THEN 1 END) OVER before_day AS days_known,
        AVG(CASE WHEN summed.completed > 0 THEN summed.inserted * 1.0 END) OVER before_day AS mean_inserted
    FROM expected
    LEFT JOIN summed ON expected.source = summed.source AND expected.day = summed.day
    WINDOW
        up_to_day AS (PARTITION BY expected.source ORDER BY expected.day),
        before_day AS (
            PARTITION BY expected.source ORDER BY expected.day ROWS BETWEEN 28 PRECEDING AND 1 PRECEDING
        )
),

compared AS (
    SELECT
        joined.*,
        sources.expected_least,
        sources.expected_most,
        CASE WHEN joined.days_known >= 7 THEN joined.mean_inserted END AS usual
    FROM joined
    LEFT JOIN sources ON joined.source = sources.source
)

SELECT
    compared.source,
    compared.platform,
    compared.day,
    compared.runs,
    compared.completed,
    compared.rate_limited,
    compared.interrupted,
    compared.failed,
    compared.collected,
    compared.inserted,
    compared.quarantined,
    compared.requests,
    compared.last_outcome,
    compared.last_error,
    compared.more,
    compared.last_success_at,
    CASE
        WHEN compared.last_success_on IS NOT NULL
            THEN (
                SELECT COUNT(*) FROM calendar
                WHERE calendar.day > compared.last_success_on AND calendar.day <= compared.day
            )
    END AS days_behind,
    compared.expected_least,
    compared.expected_most,
    compared.usual,
    CASE
        WHEN
            compared.completed = 0 OR compared.expected_least IS NULL
            OR compared.day >= (SELECT MAX(dated.day) FROM dated) THEN NULL
        WHEN compared.inserted < compared.expected_least THEN 'below'
        WHEN compared.inserted > compared.expected_most THEN 'above'
        WHEN compared.inserted = 0 AND compared.usual >= 10 THEN 'silent'
        ELSE 'within'
    END AS volume
FROM compared
WHERE compared.runs > 0 OR compared.platform <> 'archive';
