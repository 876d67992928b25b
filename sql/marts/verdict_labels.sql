-- One row is one finding, one clause that it cites, and what people said of it by closing its incident: the label in
-- force. A label is replaced by a later one of the same finding, and withdrawn when a person reopens the incident.
--
-- verdict: confirmed (the incident was resolved), or why it was dismissed: false_positive, wrong_clause, out_of_scope,
-- duplicate, handled_elsewhere; unsaid where no verdict was given. clause_right and category_right are 1, 0, or null
-- where the verdict says nothing of it: a duplicate may be right or wrong. One verdict is given for a whole incident:
-- its findings are not independent of each other, so count incidents where certainty matters.
-- why are the words of decided_by; day is the UTC day of decided_at. Words of posts stand nowhere here.
CREATE VIEW verdict_labels AS
SELECT
    label_id,
    incident_id,
    finding_id,
    policy,
    policy_version,
    model,
    category,
    clause,
    confidence,
    verdict,
    CASE
        WHEN verdict = 'confirmed' THEN 1
        WHEN verdict IN ('false_positive', 'wrong_clause') THEN 0
    END AS clause_right,
    CASE WHEN verdict = 'confirmed' THEN 1 WHEN verdict = 'false_positive' THEN 0 END AS category_right,
    why,
    decided_by,
    origin,
    decided_at,
    decided_on AS day
FROM (
    SELECT
        labels.*,
        MAX(event_id) OVER (PARTITION BY finding_id) AS newest_event_id
    FROM labels
    WHERE withdrawn_at IS NULL
) AS standing
WHERE event_id = newest_event_id;
