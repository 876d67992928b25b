-- One row is one policy and clause on which at least one incident rests. An incident counts under each of its clauses,
-- so the column does not add up to the number of incidents.
--
-- One that was merged into another is not counted: it is decided with that one.
--
-- open_incidents are neither resolved nor dismissed. `upheld` were resolved, `dismissed` were false positives, and
-- precision = upheld / (upheld + dismissed), 0 to 1, null until a person has closed one. severe counts those of high
-- or critical severity.
CREATE VIEW incidents_by_clause AS
SELECT
    policy,
    clause,
    COUNT(*) AS incidents,
    SUM(CASE WHEN status IN ('resolved', 'dismissed') THEN 0 ELSE 1 END) AS open_incidents,
    SUM(CASE WHEN status = 'resolved' THEN 1 ELSE 0 END) AS upheld,
    SUM(CASE WHEN status = 'dismissed' THEN 1 ELSE 0 END) AS dismissed,
    AVG(
        CASE status WHEN 'resolved' THEN CAST(1 AS DOUBLE PRECISION) WHEN 'dismissed' THEN 0 END
    ) AS precision,
    SUM(CASE WHEN severity IN ('high', 'critical') THEN 1 ELSE 0 END) AS severe,
    MIN(opened_on) AS first_opened_on,
    MAX(opened_on) AS last_opened_on
FROM incident_clauses
WHERE status <> 'merged'
GROUP BY policy, clause;
