-- One row is one policy and author (a pseudonym) with findings in at least two mentions: people who come back.
-- Findings that an exception or silence covers are not counted. A person at risk is not an author of misuse, so
-- findings of the category safeguarding are left out.
--
-- `mentions` counts posts with findings, `categories` how many kinds of misuse, `target_kinds` how many kinds of
-- target; the days are those of the posts. Incidents that were merged are one.
CREATE VIEW repeat_authors AS
SELECT
    mention_findings.policy,
    mention_findings.author,
    MIN(mention_findings.platform) AS platform,
    COUNT(DISTINCT mention_findings.mention_id) AS mentions,
    COUNT(*) AS findings,
    COUNT(DISTINCT COALESCE(incidents.merged_into, mention_findings.incident_id)) AS incidents,
    COUNT(DISTINCT mention_findings.category) AS categories,
    COUNT(DISTINCT mention_findings.target_kind) AS target_kinds,
    MIN(mention_findings.posted_on) AS first_day,
    MAX(mention_findings.posted_on) AS last_day
FROM mention_findings
LEFT JOIN incidents ON mention_findings.incident_id = incidents.incident_id
WHERE
    mention_findings.author IS NOT NULL
    AND mention_findings.suppressed_why IS NULL
    AND mention_findings.category <> 'safeguarding'
GROUP BY mention_findings.policy, mention_findings.author
HAVING COUNT(DISTINCT mention_findings.mention_id) >= 2;
