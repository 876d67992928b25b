-- One row is one incident as it stands now: what it is, how grave, whose it is, how long people took. The author is a
-- pseudonym; whom it is aimed at is given as a kind (employee, group, organisation, other), never by name.
--
-- severity_rank orders severities: 1 low, 2 medium, 3 high, 4 critical. is_open: neither resolved nor dismissed.
-- mention_count is the number of posts behind it; first_seen_at and last_seen_at are the times of those posts.
CREATE VIEW incident_register AS
SELECT
    incident_id,
    policy,
    policy_version,
    category,
    severity,
    CASE severity WHEN 'critical' THEN 4 WHEN 'high' THEN 3 WHEN 'medium' THEN 2 ELSE 1 END AS severity_rank,
    status,
    status NOT IN ('resolved', 'dismissed') AS is_open,
    route,
    assignee,
    author,
    target_kind,
    clauses,
    why,
    mention_count,
    opened_at,
    opened_on,
    first_seen_at,
    last_seen_at,
    acknowledged_at,
    closed_at,
    seconds_to_acknowledge,
    seconds_to_close
FROM incidents;
