-- One row is one step that was taken for an incident that nobody acknowledged in time: it was reminded of, handed on
-- to the next route, or the operators were alarmed (kind). route is who was told, of an alarm who was told last;
-- on_call is the Slack user id of whoever was mentioned, null where the route has no rota.
--
-- life is 1 from the opening and one more with each reopening; step counts from 1 in each life. due_at is when the
-- pack's time was up, taken_at when the step was taken: the difference is how late Tocsin was. answered is 1 where this
-- was the last step of its life and somebody has taken the incident since, 0 where it had to go on or still waits.
CREATE VIEW escalation_steps AS
WITH ordered AS (
    SELECT
        incident_id,
        life,
        step,
        kind,
        route,
        on_call,
        due_at,
        taken_at,
        ROW_NUMBER() OVER (PARTITION BY incident_id, life ORDER BY step DESC) AS from_the_last
    FROM escalations
)

SELECT
    ordered.incident_id,
    incidents.policy,
    incidents.category,
    incidents.severity,
    ordered.life,
    ordered.step,
    ordered.kind,
    ordered.route,
    ordered.on_call,
    ordered.due_at,
    ordered.taken_at,
    CASE
        WHEN ordered.from_the_last > 1 THEN 0
        WHEN incidents.status NOT IN ('open', 'escalated') THEN 1
        WHEN
            EXISTS (
                SELECT 1
                FROM incident_events
                WHERE
                    incident_events.incident_id = ordered.incident_id
                    AND incident_events.act = 'reopened'
                    AND incident_events.at > ordered.taken_at
            )
            THEN 1
        ELSE 0
    END AS answered
FROM ordered
INNER JOIN incidents ON ordered.incident_id = incidents.incident_id;
