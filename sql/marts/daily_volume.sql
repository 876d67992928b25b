-- One row is one policy, platform and day of the calendar, from the first relevant mention of that policy on that
-- platform onwards: how many relevant mentions were posted on it. Days without a mention are rows with volume 0, which
-- is what tells this mart from daily_sentiment.
CREATE VIEW daily_volume AS
WITH counted AS (
    SELECT policy, platform, posted_on AS day, COUNT(*) AS volume
    FROM relevant_mentions
    GROUP BY policy, platform, posted_on
),

calendar AS (
    SELECT day FROM days
    UNION
    SELECT day FROM counted
),

watched AS (
    SELECT policy, platform, MIN(day) AS first_day
    FROM counted
    GROUP BY policy, platform
)

SELECT watched.policy, watched.platform, calendar.day, COALESCE(counted.volume, 0) AS volume
FROM watched
INNER JOIN calendar ON calendar.day >= watched.first_day
LEFT JOIN counted
    ON watched.policy = counted.policy AND watched.platform = counted.platform AND calendar.day = counted.day;
