-- One row is one incident and one clause of the policy that it rests on, as the finding cited it ("DWP-SMP 4.1").
-- An incident that rests on three clauses is three rows: count incidents with COUNT(DISTINCT incident_id).
--
-- `incidents.clauses` is a JSON array of strings, and no JSON function has one name on SQLite and PostgreSQL. So each
-- distinct list (there are as many as categories) is walked character by character: a quotation mark opens or closes
-- a clause, and a closed clause is a row. Clause ids hold no quotation marks.
CREATE VIEW incident_clauses AS
WITH RECURSIVE lists AS (
    SELECT DISTINCT CAST(clauses AS TEXT) AS listed
    FROM incidents
),

walk AS (
    SELECT listed, 0 AS position, 0 AS inside, CAST('' AS TEXT) AS clause, 0 AS closed
    FROM lists
    UNION ALL
    SELECT
        listed,
        position + 1,
        CASE WHEN SUBSTR(listed, position + 1, 1) = '"' THEN 1 - inside ELSE inside END,
        CASE
            WHEN SUBSTR(listed, position + 1, 1) <> '"' AND inside = 1
                THEN clause || SUBSTR(listed, position + 1, 1)
            WHEN inside = 1 THEN clause
            ELSE ''
        END,
        CASE WHEN SUBSTR(listed, position + 1, 1) = '"' AND inside = 1 THEN 1 ELSE 0 END
    FROM walk
    WHERE position < LENGTH(listed)
)

SELECT DISTINCT
    incidents.incident_id,
    incidents.policy,
    incidents.policy_version,
    incidents.category,
    incidents.severity,
    incidents.status,
    incidents.opened_on,
    walk.clause
FROM incidents
INNER JOIN walk ON CAST(incidents.clauses AS TEXT) = walk.listed
WHERE walk.closed = 1;
