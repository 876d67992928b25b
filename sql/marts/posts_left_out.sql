-- One row is one source, UTC day and rule: how many posts were read there and not kept, because a policy forbids to
-- keep what its organisation's staff say on accounts of their own. rule is the pack, its version and the clauses.
-- Nothing else is known of these posts. A post that was read twice counts twice, as in `source_coverage`.collected.
CREATE VIEW posts_left_out AS
SELECT
    audit.subject AS source,
    DATE(audit.at) AS day,
    audit.reason AS rule,
    SUM(audit.rows) AS posts
FROM audit
WHERE audit.action = 'left_out'
GROUP BY audit.subject, DATE(audit.at), audit.reason;
