-- One row is one mention that is about the organisation, under one policy, written by anybody but the organisation
-- itself: the flat table that most questions start from. Posts of official accounts (scope 'official') and posts that
-- only share a name with the organisation (relevant = false) are left out; both are in `assessments`.
--
-- Three times: posted_at (by the author), collected_at (by us), loaded_at (into this warehouse). `author` is a
-- pseudonym. `reach` is how many people the post may have met: its views where the platform counts them, else the
-- followers of its author, else null. sentiment_score runs from -1 (negative) to 1 (positive), towards the
-- organisation. The seven toxicity columns are calibrated probabilities, 0 to 1. `model` and `policy_version` say who
-- judged.
CREATE VIEW relevant_mentions AS
SELECT
    mentions.mention_id,
    assessments.policy,
    assessments.policy_version,
    assessments.model,
    mentions.platform,
    mentions.source,
    mentions.kind,
    mentions.url,
    mentions.author,
    mentions.text,
    mentions.posted_at,
    mentions.posted_on,
    mentions.collected_at,
    mentions.loaded_at,
    mentions.likes,
    mentions.reposts,
    mentions.replies,
    mentions.views,
    mentions.rating,
    COALESCE(mentions.views, authors.followers) AS reach,
    assessments.language,
    assessments.scope,
    assessments.sentiment,
    assessments.sentiment_score,
    assessments.toxicity,
    assessments.severe_toxicity,
    assessments.obscene,
    assessments.threat,
    assessments.insult,
    assessments.identity_attack,
    assessments.sexual_explicit
FROM assessments
INNER JOIN mentions ON assessments.mention_id = mentions.mention_id
LEFT JOIN authors ON mentions.author = authors.author
WHERE assessments.relevant AND assessments.scope <> 'official';
