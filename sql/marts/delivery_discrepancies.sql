-- One row is one thing that is not well with what was told: no row, all is well. It joins the outbox, the attempts to
-- deliver (deliveries) and what Slack itself showed when it was last read (slack_messages, slack_readings).
-- kind: missing (Slack confirmed it and does not show it), deleted (somebody deleted it there; it is not posted again),
-- twice, unknown (carries our metadata and an id that the outbox does not have), edited (by another than us, or it lost
-- our metadata), misplaced (another message or thread than was recorded), out_of_order (within its thread), unrecorded
-- (is there, though the outbox has it waiting), set_aside (refused too often), overdue (waits too long), untold
-- (belongs to a digest that is not there), unproven (called delivered without a receipt), unread (its channel cannot be
-- read). subject is the incident, alarm, digest or silence that it is about; since_at is when it was so at the latest.
CREATE VIEW delivery_discrepancies AS
WITH newest AS (
    SELECT
        notification_id,
        MAX(delivery_id) AS delivery_id
    FROM deliveries
    WHERE outcome IN ('delivered', 'found') AND remote_id IS NOT NULL
    GROUP BY notification_id
),

proofs AS (
    SELECT
        deliveries.notification_id,
        deliveries.channel,
        deliveries.remote_id,
        deliveries.attempted_at,
        COALESCE(outbox.incident_id, outbox.alarm_id, outbox.bulletin_id) AS subject
    FROM newest
    INNER JOIN deliveries ON newest.delivery_id = deliveries.delivery_id
    INNER JOIN outbox ON deliveries.notification_id = outbox.notification_id
),

heads AS (
    SELECT DISTINCT
        deliveries.channel,
        deliveries.remote_id,
        COALESCE(outbox.incident_id, outbox.alarm_id, outbox.bulletin_id) AS subject
    FROM deliveries
    INNER JOIN outbox ON deliveries.notification_id = outbox.notification_id
    WHERE deliveries.remote_id IS NOT NULL
),

seen AS (
    SELECT
        slack_messages.channel,
        slack_messages.remote_id,
        slack_messages.notification_id,
        slack_messages.thread,
        slack_messages.seen_at,
        outbox.sequence,
        outbox.state,
        COALESCE(outbox.incident_id, outbox.alarm_id, outbox.bulletin_id) AS subject,
        COUNT(*) OVER (PARTITION BY slack_messages.notification_id) AS times
    FROM slack_messages
    LEFT JOIN outbox ON slack_messages.notification_id = outbox.notification_id
    WHERE slack_messages.gone_at IS NULL AND slack_messages.notification_id IS NOT NULL
),

ordered AS (
    SELECT
        channel,
        remote_id,
        notification_id,
        seen_at,
        LAG(remote_id) OVER (PARTITION BY subject, channel ORDER BY sequence) AS before
    FROM seen
    WHERE sequence IS NOT NULL AND times = 1
),

late AS (
    SELECT MAX(overdue_before) AS than FROM slack_readings
),

found AS (
    SELECT
        CASE WHEN slack_messages.remote_id IS NULL THEN 'missing' ELSE 'deleted' END AS kind,
        proofs.channel,
        proofs.notification_id,
        proofs.remote_id,
        COALESCE(slack_messages.gone_at, slack_readings.read_at) AS since_at
    FROM proofs
    INNER JOIN slack_readings ON proofs.channel = slack_readings.channel
    LEFT JOIN slack_messages ON proofs.channel = slack_messages.channel AND proofs.remote_id = slack_messages.remote_id
    LEFT JOIN seen ON proofs.notification_id = seen.notification_id
    WHERE
        proofs.attempted_at < slack_readings.read_at
        AND proofs.remote_id > slack_readings.oldest
        AND (slack_messages.remote_id IS NULL OR slack_messages.gone_at IS NOT NULL)
        AND seen.notification_id IS NULL
    UNION ALL
    SELECT
        'twice' AS kind,
        MAX(channel) AS channel,
        notification_id,
        MAX(remote_id) AS remote_id,
        MAX(seen_at) AS since_at
    FROM seen
    WHERE times > 1
    GROUP BY notification_id
    UNION ALL
    SELECT
        'unknown' AS kind,
        channel,
        notification_id,
        remote_id,
        seen_at
    FROM seen
    WHERE sequence IS NULL
    UNION ALL
    SELECT
        'edited' AS kind,
        slack_messages.channel,
        COALESCE(slack_messages.notification_id, MIN(deliveries.notification_id)) AS notification_id,
        slack_messages.remote_id,
        slack_messages.seen_at
    FROM slack_messages
    LEFT JOIN
        deliveries
        ON slack_messages.channel = deliveries.channel AND slack_messages.remote_id = deliveries.remote_id
    WHERE slack_messages.gone_at IS NULL AND (slack_messages.edited OR slack_messages.notification_id IS NULL)
    GROUP BY
        slack_messages.channel, slack_messages.notification_id, slack_messages.remote_id, slack_messages.seen_at
    UNION ALL
    SELECT
        'misplaced' AS kind,
        seen.channel,
        seen.notification_id,
        seen.remote_id,
        seen.seen_at
    FROM seen
    INNER JOIN proofs ON seen.notification_id = proofs.notification_id
    LEFT JOIN
        heads
        ON seen.channel = heads.channel AND seen.thread = heads.remote_id AND seen.subject = heads.subject
    WHERE
        seen.times = 1
        AND (
            seen.channel <> proofs.channel
            OR seen.remote_id <> proofs.remote_id
            OR (seen.thread IS NOT NULL AND heads.remote_id IS NULL)
        )
    UNION ALL
    SELECT
        'out_of_order' AS kind,
        channel,
        notification_id,
        remote_id,
        seen_at
    FROM ordered
    WHERE before > remote_id
    UNION ALL
    SELECT
        'unrecorded' AS kind,
        seen.channel,
        seen.notification_id,
        seen.remote_id,
        seen.seen_at
    FROM seen
    LEFT JOIN proofs ON seen.notification_id = proofs.notification_id
    WHERE seen.state NOT IN ('sending', 'delivered', 'failed') AND proofs.notification_id IS NULL
    UNION ALL
    SELECT
        CASE WHEN outbox.state = 'failed' THEN 'set_aside' ELSE 'overdue' END AS kind,
        outbox.channel,
        outbox.notification_id,
        NULL AS remote_id,
        COALESCE(outbox.digest_at, outbox.not_before, outbox.created_at) AS since_at
    FROM outbox
    CROSS JOIN late
    LEFT JOIN proofs ON outbox.notification_id = proofs.notification_id
    WHERE
        proofs.notification_id IS NULL
        AND (
            outbox.state = 'failed'
            OR (
                outbox.state IN ('pending', 'sending', 'gathering')
                AND COALESCE(outbox.digest_at, outbox.not_before, outbox.created_at) < late.than
            )
        )
    UNION ALL
    SELECT
        CASE WHEN outbox.state = 'delivered' THEN 'unproven' ELSE 'untold' END AS kind,
        outbox.channel,
        outbox.notification_id,
        NULL AS remote_id,
        COALESCE(outbox.delivered_at, outbox.created_at) AS since_at
    FROM outbox
    LEFT JOIN proofs ON outbox.notification_id = proofs.notification_id
    LEFT JOIN outbox AS digests ON outbox.told_in = digests.notification_id
    WHERE
        (outbox.state = 'delivered' AND proofs.notification_id IS NULL)
        OR (outbox.state = 'digested' AND digests.notification_id IS NULL)
    UNION ALL
    SELECT
        'unread' AS kind,
        channel,
        NULL AS notification_id,
        NULL AS remote_id,
        tried_at AS since_at
    FROM slack_readings
    WHERE error IS NOT NULL
)

SELECT
    found.kind,
    found.channel,
    found.notification_id,
    found.remote_id,
    found.since_at,
    outbox.reason,
    outbox.state,
    COALESCE(outbox.incident_id, outbox.alarm_id, outbox.bulletin_id) AS subject
FROM found
LEFT JOIN outbox ON found.notification_id = outbox.notification_id;
