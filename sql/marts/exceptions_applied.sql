-- One row is one policy, day of posting and rule that set something aside: how many findings it kept from opening an
-- incident, and in how many posts. rule is 'exception' (exception_id names the approved one), 'union', 'official' or
-- 'exempt' (the account's kind in the pack), 'category' (switched off since) or 'threshold' (raised since).
--
-- Posts of union and exempt accounts are not judged, so they have posts and no findings: those counted are about the
-- organisation. The same holds for official accounts, but for what they publish. A post whose findings were set aside
-- counts with those alone. rule is 'unknown' for what was set aside before the rule was recorded.
CREATE VIEW exceptions_applied AS
SELECT
    findings.policy,
    mentions.posted_on AS day,
    COALESCE(findings.suppressed_by, 'unknown') AS rule,
    findings.exception_id,
    COUNT(DISTINCT findings.mention_id) AS posts,
    COUNT(*) AS findings
FROM findings
INNER JOIN mentions ON findings.mention_id = mentions.mention_id
WHERE findings.suppressed_why IS NOT NULL
GROUP BY findings.policy, mentions.posted_on, COALESCE(findings.suppressed_by, 'unknown'), findings.exception_id
UNION ALL
SELECT
    assessments.policy,
    mentions.posted_on AS day,
    assessments.scope AS rule,
    NULL AS exception_id,
    COUNT(*) AS posts,
    0 AS findings
FROM assessments
INNER JOIN mentions ON assessments.mention_id = mentions.mention_id
WHERE
    assessments.relevant
    AND assessments.scope IN ('union', 'official', 'exempt')
    AND NOT EXISTS (
        SELECT 1
        FROM findings
        WHERE
            findings.mention_id = assessments.mention_id
            AND findings.policy = assessments.policy
            AND findings.suppressed_why IS NOT NULL
    )
GROUP BY assessments.policy, mentions.posted_on, assessments.scope;
