-- One row is one mention that people must look at, under one policy: it is about the organisation and in the scope of
-- the policy, but written in a language that the model does not read. Newest first. Its sentiment and its findings, or
-- the lack of them, are no judgement to rest on, and are left out here.
--
-- `language` is ISO 639-1, or 'und' where the text has words of a language that could not be told. What has no words at
-- all (emoji, links, handles: 'zxx') has nothing to misread and is not listed. `author` is a pseudonym. `reach` is how
-- many people the post may have met, null where that is not known.
CREATE VIEW unread_mentions AS
SELECT
    mention_id,
    policy,
    model,
    language,
    platform,
    source,
    kind,
    url,
    author,
    text,
    reach,
    posted_at,
    posted_on
FROM relevant_mentions
WHERE scope = 'in' AND language NOT IN ('en', 'zxx')
ORDER BY posted_at DESC, mention_id ASC;
