-- One row is one incident as it stands now: what it is, how grave, whose it is, how long people took. The author is a
-- pseudonym; whom it is aimed at is given as a kind (employee, group, organisation, other). why alone quotes a post and
-- names whom that is aimed at, until the platform shows it no more or the evidence goes; from then on it tells
-- category, severity and clauses.
--
-- severity_rank orders severities: 1 low, 2 medium, 3 high, 4 critical. is_open: not resolved, dismissed or merged.
-- mention_count is the number of posts behind it; first_seen_at and last_seen_at are the times of those posts.
-- author_count: more than one in a campaign, whose author is `campaign:…`, and where other cases were merged into it.
--
-- One that is merged goes on in merged_into: leave out status 'merged' to count cases. inhibited_by names the graver
-- incident that explains one, which rang no bell of its own; it counts as any other.
CREATE VIEW incident_register AS
SELECT
    incident_id,
    policy,
    policy_version,
    category,
    severity,
    CASE severity WHEN 'critical' THEN 4 WHEN 'high' THEN 3 WHEN 'medium' THEN 2 ELSE 1 END AS severity_rank,
    status,
    status NOT IN ('resolved', 'dismissed', 'merged') AS is_open,
    merged_into,
    inhibited_by,
    route,
    assignee,
    author,
    target_kind,
    clauses,
    why,
    mention_count,
    author_count,
    opened_at,
    opened_on,
    first_seen_at,
    last_seen_at,
    acknowledged_at,
    closed_at,
    seconds_to_acknowledge,
    seconds_to_close
FROM incidents;
