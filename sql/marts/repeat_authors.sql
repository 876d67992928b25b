-- One row is one policy and author (a pseudonym) with findings in at least two mentions: people who come back.
-- Findings that an exception or silence covers are not counted. A person at risk is not an author of misuse, so
-- findings of the category safeguarding are left out.
--
-- `mentions` counts posts with findings, `categories` how many kinds of misuse, `target_kinds` how many kinds of
-- target; the days are those of the posts.
CREATE VIEW repeat_authors AS
SELECT
    policy,
    author,
    MIN(platform) AS platform,
    COUNT(DISTINCT mention_id) AS mentions,
    COUNT(*) AS findings,
    COUNT(DISTINCT incident_id) AS incidents,
    COUNT(DISTINCT category) AS categories,
    COUNT(DISTINCT target_kind) AS target_kinds,
    MIN(posted_on) AS first_day,
    MAX(posted_on) AS last_day
FROM mention_findings
WHERE author IS NOT NULL AND suppressed_why IS NULL AND category <> 'safeguarding'
GROUP BY policy, author
HAVING COUNT(DISTINCT mention_id) >= 2;
