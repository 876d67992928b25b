-- One row is one notification: of which incident or which alarm about a source (then policy, category and severity are
-- null), for which reason, to which route and channel, whether it has arrived, and how many attempts that took.
-- attempts = 0: nothing has been tried yet. `found` attempts met the message already there (a crash between sending
-- and noting it). delayed_s is for how many seconds the pace of the channel and the pauses that Slack asked for kept
-- it back while it was being sent. last_error is of the last failed attempt, null where none failed.
CREATE VIEW notification_deliveries AS
WITH attempts AS (
    SELECT
        notification_id,
        COUNT(*) AS attempts,
        SUM(CASE WHEN outcome IN ('failed', 'refused') THEN 1 ELSE 0 END) AS failures,
        SUM(CASE WHEN outcome = 'found' THEN 1 ELSE 0 END) AS found,
        MIN(attempted_at) AS first_attempt_at,
        SUM(delayed_s) AS delayed_s,
        MAX(CASE WHEN outcome IN ('failed', 'refused') THEN delivery_id END) AS last_failure
    FROM deliveries
    GROUP BY notification_id
)

SELECT
    outbox.notification_id,
    outbox.incident_id,
    outbox.alarm_id,
    incidents.policy,
    incidents.category,
    incidents.severity,
    outbox.reason,
    outbox.route,
    outbox.channel,
    outbox.state,
    outbox.created_at,
    outbox.delivered_at,
    COALESCE(attempts.attempts, 0) AS attempts,
    COALESCE(attempts.failures, 0) AS failures,
    COALESCE(attempts.found, 0) AS found,
    COALESCE(attempts.delayed_s, 0) AS delayed_s,
    attempts.first_attempt_at,
    deliveries.error AS last_error
FROM outbox
LEFT JOIN incidents ON outbox.incident_id = incidents.incident_id
LEFT JOIN attempts ON outbox.notification_id = attempts.notification_id
LEFT JOIN deliveries ON attempts.last_failure = deliveries.delivery_id;
