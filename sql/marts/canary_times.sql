-- One row is one canary: a post about nothing that Tocsin planted on a test source, one a place and UTC day, to see
-- whether its watch works.
--
-- place is where it was planted (matrix, mastodon, isso), marker the words it is known by, source what found it.
-- The seconds are counted from planted_at: to its being stored, judged, and seen in `relevant_mentions`; null for as
-- far as it has not come. state is 'in mart', 'judged', 'stored', 'planted' or 'not planted' (the platform never took
-- it). The posts themselves are in no mart once they were seen: they are deleted from the mentions, and counted nowhere
-- but in the runs that read them.
CREATE VIEW canary_times AS
SELECT
    planted_on AS day,
    place,
    marker,
    source,
    planted_at,
    CASE
        WHEN in_mart_at IS NOT NULL THEN 'in mart'
        WHEN judged_at IS NOT NULL THEN 'judged'
        WHEN stored_at IS NOT NULL THEN 'stored'
        WHEN native_id IS NOT NULL THEN 'planted'
        ELSE 'not planted'
    END AS state,
    seconds_to_store,
    seconds_to_judge,
    seconds_to_mart
FROM canaries;
