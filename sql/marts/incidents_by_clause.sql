-- One row is one policy and clause on which at least one incident rests. An incident counts under each of its clauses,
-- so the column does not add up to the number of incidents.
--
-- One that was merged into another is not counted: it is decided with that one.
--
-- open_incidents are neither resolved nor dismissed. `dismissed` were, for whatever reason: a duplicate may be right or
-- wrong. What people said of the clause by closing stands in `verdict_labels`: `upheld` are the incidents in which they
-- confirmed it, `wrong` those in which they said that it is not broken (a false positive, a wrong clause), and
-- precision = upheld / (upheld + wrong), 0 to 1, null until they have said either. severe counts those of high or
-- critical severity.
CREATE VIEW incidents_by_clause AS
WITH ruled AS (
    SELECT
        incident_id,
        clause,
        MAX(clause_right) AS clause_right
    FROM verdict_labels
    GROUP BY incident_id, clause
)

SELECT
    incident_clauses.policy,
    incident_clauses.clause,
    COUNT(*) AS incidents,
    SUM(CASE WHEN incident_clauses.status IN ('resolved', 'dismissed') THEN 0 ELSE 1 END) AS open_incidents,
    SUM(CASE WHEN ruled.clause_right = 1 THEN 1 ELSE 0 END) AS upheld,
    SUM(CASE WHEN incident_clauses.status = 'dismissed' THEN 1 ELSE 0 END) AS dismissed,
    SUM(CASE WHEN ruled.clause_right = 0 THEN 1 ELSE 0 END) AS wrong,
    AVG(CAST(ruled.clause_right AS DOUBLE PRECISION)) AS precision,
    SUM(CASE WHEN incident_clauses.severity IN ('high', 'critical') THEN 1 ELSE 0 END) AS severe,
    MIN(incident_clauses.opened_on) AS first_opened_on,
    MAX(incident_clauses.opened_on) AS last_opened_on
FROM incident_clauses
LEFT JOIN ruled
    ON incident_clauses.incident_id = ruled.incident_id AND incident_clauses.clause = ruled.clause
WHERE incident_clauses.status <> 'merged'
GROUP BY incident_clauses.policy, incident_clauses.clause;
