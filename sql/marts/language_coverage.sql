-- One row is one policy, language and UTC day with relevant mentions: how many, and how many of them brought a finding.
-- `language` is ISO 639-1, or 'und' where nothing could be told. A language that the model was not trained on is judged
-- poorly, and a day's silence in it proves nothing: this mart says how much that concerns.
CREATE VIEW language_coverage AS
SELECT
    relevant_mentions.policy,
    relevant_mentions.language,
    relevant_mentions.posted_on AS day,
    COUNT(*) AS mentions,
    SUM(
        CASE
            WHEN EXISTS (
                SELECT 1 FROM findings
                WHERE
                    findings.mention_id = relevant_mentions.mention_id
                    AND findings.policy = relevant_mentions.policy
            ) THEN 1
            ELSE 0
        END
    ) AS with_findings
FROM relevant_mentions
GROUP BY relevant_mentions.policy, relevant_mentions.language, relevant_mentions.posted_on;
