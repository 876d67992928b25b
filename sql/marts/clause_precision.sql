-- One row is one clause of a policy, one category under which findings cite it, and one UTC day on which people closed
-- incidents that rest on it: how many of these incidents they confirmed, and how many they said were wrong.
--
-- confirmed and wrong count incidents whose verdict says something of the clause (a wrong clause counts as wrong);
-- unsaid those whose verdict does not (out of scope, duplicate, handled elsewhere, or none). findings_confirmed and
-- findings_wrong count the findings behind them; one verdict is given for all of an incident's, so they are not
-- independent. precision_of_day is of that day alone: over more days it is SUM(confirmed) over
-- SUM(confirmed + wrong), and needs its interval, which few incidents make wide. What nobody has closed
-- yet is in none of these numbers.
CREATE VIEW clause_precision AS
SELECT
    policy,
    category,
    clause,
    day,
    COUNT(DISTINCT CASE WHEN clause_right = 1 THEN incident_id END) AS confirmed,
    COUNT(DISTINCT CASE WHEN clause_right = 0 THEN incident_id END) AS wrong,
    COUNT(DISTINCT CASE WHEN clause_right IS NULL THEN incident_id END) AS unsaid,
    COUNT(DISTINCT CASE WHEN clause_right = 1 THEN finding_id END) AS findings_confirmed,
    COUNT(DISTINCT CASE WHEN clause_right = 0 THEN finding_id END) AS findings_wrong,
    COUNT(DISTINCT CASE WHEN clause_right = 1 THEN incident_id END) * 1.0
    / NULLIF(COUNT(DISTINCT CASE WHEN clause_right IS NOT NULL THEN incident_id END), 0) AS precision_of_day
FROM verdict_labels
GROUP BY policy, category, clause, day;
