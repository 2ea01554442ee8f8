-- What each series says as of the date: one row a publisher, indicator, economy and year.
--
-- Every series is one snapshot, whole. Values are never mixed between snapshots, so a value that
-- the publisher withdrew is gone and not inherited from an older release. A value that a correction
-- of the catalogue is applied to (core.corrections) is the corrected one and marked, or it is not
-- here; what was published stays in core.observations.
--
-- columns:
--   publisher   | code | publisher in the catalogue
--   indicator   | code | the publisher's own code
--   economy     | code | ISO 3166 alpha-3, or the code of an aggregate (WLD)
--   counterpart | code | partner of a bilateral series; _Z where there is none
--   year        | year | year that the value speaks of
--   value       | as unit says | value as published, or as corrected
--   unit        | – | unit in the catalogue
--   snapshot    | code | snapshot that says so
--   vintage     | date | day of that snapshot's release, or its upper bound
--   status      | code | the publisher's flag, empty where it gives none
--   corrected   | – | whether the value is a correction of the catalogue, see core.corrections
SELECT
    o.publisher,
    o.indicator,
    o.economy,
    o.counterpart,
    o.year,
    coalesce(k.value, o.value) AS value,
    o.unit,
    o.snapshot,
    o.vintage,
    o.status,
    k.correction IS NOT NULL AS corrected
FROM core.observations AS o
INNER JOIN core.snapshots AS s ON s.snapshot = o.snapshot AND s.indicator = o.indicator
LEFT JOIN core.corrections AS k
    ON
        k.state = 'applied'
        AND k.snapshot = o.snapshot
        AND k.indicator = o.indicator
        AND k.economy = o.economy
        AND k.counterpart = o.counterpart
        AND k.year = o.year
WHERE s.is_current AND (k.correction IS NULL OR k.value IS NOT NULL)
ORDER BY o.publisher, o.indicator, o.economy, o.counterpart, o.year
