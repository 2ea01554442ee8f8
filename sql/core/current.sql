-- What each series says as of the date: one row a publisher, indicator, economy and year.
--
-- Every series is one snapshot, whole. Values are never mixed between snapshots, so a value that
-- the publisher withdrew is gone and not inherited from an older release.
--
-- columns:
--   publisher   | code | publisher in the catalogue
--   indicator   | code | the publisher's own code
--   economy     | code | ISO 3166 alpha-3, or the code of an aggregate (WLD)
--   counterpart | code | partner of a bilateral series; _Z where there is none
--   year        | year | year that the value speaks of
--   value       | as unit says | value as published
--   unit        | – | unit in the catalogue
--   snapshot    | code | snapshot that says so
--   vintage     | date | day of that snapshot's release, or its upper bound
--   status      | code | the publisher's flag, empty where it gives none
SELECT
    o.publisher,
    o.indicator,
    o.economy,
    o.counterpart,
    o.year,
    o.value,
    o.unit,
    o.snapshot,
    o.vintage,
    o.status
FROM core.observations AS o
INNER JOIN core.snapshots AS s ON s.snapshot = o.snapshot AND s.indicator = o.indicator
WHERE s.is_current
ORDER BY o.publisher, o.indicator, o.economy, o.counterpart, o.year
