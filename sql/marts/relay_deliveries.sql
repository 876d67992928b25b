-- One row is one notification in one channel beside Slack: of which incident or alarm, for which reason, why it goes
-- there (named: by its route; fallback, withheld: Slack has not taken it), whether it has arrived, and how many
-- attempts that took. times_delivered over 1: a medium that cannot be searched was told again after a doubt, by the
-- same id. last_error is of the last failed attempt, null where none failed. attempts = 0: nothing was tried yet.
CREATE VIEW relay_deliveries AS
WITH attempts AS (
    SELECT
        notification_id,
        channel,
        COUNT(*) AS attempts,
        SUM(CASE WHEN outcome IN ('failed', 'refused') THEN 1 ELSE 0 END) AS failures,
        SUM(CASE WHEN outcome IN ('delivered', 'found') THEN 1 ELSE 0 END) AS times_delivered,
        MIN(attempted_at) AS first_attempt_at,
        MAX(CASE WHEN outcome IN ('failed', 'refused') THEN attempt_id END) AS last_failure
    FROM relay_attempts
    GROUP BY notification_id, channel
)

SELECT
    relays.notification_id,
    relays.channel,
    relays.why,
    relays.state,
    outbox.incident_id,
    outbox.alarm_id,
    incidents.policy,
    incidents.category,
    incidents.severity,
    outbox.reason,
    outbox.route,
    outbox.created_at,
    relays.delivered_at,
    COALESCE(attempts.attempts, 0) AS attempts,
    COALESCE(attempts.failures, 0) AS failures,
    COALESCE(attempts.times_delivered, 0) AS times_delivered,
    attempts.first_attempt_at,
    relay_attempts.error AS last_error
FROM relays
INNER JOIN outbox ON relays.notification_id = outbox.notification_id
LEFT JOIN incidents ON outbox.incident_id = incidents.incident_id
LEFT JOIN attempts
    ON relays.notification_id = attempts.notification_id AND relays.channel = attempts.channel
LEFT JOIN relay_attempts ON attempts.last_failure = relay_attempts.attempt_id;
