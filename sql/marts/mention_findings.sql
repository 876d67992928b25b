-- One row is one finding with the mention it was found in: which category of misuse, how grave, how sure, why, under
-- which policy version and by which model, and the post itself. A mention with two findings is two rows; a mention
-- without a finding has none.
--
-- `author` is a pseudonym; whom the words are aimed at is a kind. text and why alone can name people: why quotes the
-- post for as long as its words may be kept. incident_id is null until the finding is grouped; suppressed_why names the
-- exception or silence that covers it, and such a finding opens no incident.
CREATE VIEW mention_findings AS
SELECT
    findings.finding_id,
    findings.policy,
    findings.policy_version,
    findings.model,
    findings.category,
    findings.clauses,
    findings.severity,
    findings.confidence,
    findings.target_kind,
    findings.why,
    findings.found_at,
    findings.incident_id,
    findings.suppressed_why,
    mentions.mention_id,
    mentions.platform,
    mentions.source,
    mentions.kind,
    mentions.url,
    mentions.author,
    mentions.text,
    mentions.posted_at,
    mentions.posted_on,
    mentions.collected_at,
    mentions.loaded_at
FROM findings
INNER JOIN mentions ON findings.mention_id = mentions.mention_id;
