-- One row is one incident and one mention that is evidence in it, with the number of findings that the mention brought.
-- Evidence outlives the post: where the mention has since been deleted or has expired, the columns of the mention are
-- null and the row stays. `author` is a pseudonym.
CREATE VIEW incident_mentions AS
WITH exhibits AS (
    SELECT incident_id, mention_id, COUNT(*) AS findings, MIN(captured_at) AS captured_at
    FROM evidence
    GROUP BY incident_id, mention_id
)

SELECT
    exhibits.incident_id,
    exhibits.mention_id,
    exhibits.findings,
    exhibits.captured_at,
    incidents.policy,
    incidents.category,
    incidents.severity,
    incidents.status,
    incidents.opened_on,
    mentions.platform,
    mentions.url,
    mentions.author,
    mentions.text,
    mentions.posted_at,
    mentions.posted_on
FROM exhibits
INNER JOIN incidents ON exhibits.incident_id = incidents.incident_id
LEFT JOIN mentions ON exhibits.mention_id = mentions.mention_id;
