-- The catalogue's corrections of published values, and what became of each as of the date.
--
-- One row a corrected value. A correction is applied where the release that speaks says the wrong
-- value that was expected; core.current has its value then, core.observations what was published.
-- Where the release says something else (or nothing), the correction is overtaken: it is not
-- applied, and a critical check fails until the catalogue gives it an end. Copies of a release may
-- be rounded to six digits, so values that agree in five are the same.
--
-- columns:
--   correction   | code | id in the catalogue
--   publisher    | code | publisher in the catalogue
--   indicator    | code | catalogue id
--   economy      | code | economy whose value is wrong
--   counterpart  | code | partner of a bilateral series; _Z where there is none
--   year         | year | year that the value speaks of
--   expected     | as unit says | wrong value, as the publisher is known to have it
--   found        | as unit says | what the release that speaks says; empty where it says nothing
--   value        | as unit says | value used in its place; empty where the value is taken away
--   state        | – | applied; overtaken; not yet (of a later day); mended (by this release); no release (of the series)
--   snapshot     | code | snapshot that speaks for the series
--   vintage      | date | day of that snapshot's release, or its upper bound
--   reason       | – | what is wrong
--   evidence     | – | what shows it
--   corrected_by | – | who decided it
--   since        | date | first as-of date that the correction speaks for
--   until        | date | vintage of the first release without the mistake; empty while it stands
SELECT
    c.correction,
    c.publisher,
    c.indicator,
    c.economy,
    c.counterpart,
    c.year,
    c.expected,
    o.value AS found,
    c.value,
    CASE
        WHEN c.since > b.as_of THEN 'not yet'
        WHEN s.snapshot IS NULL THEN 'no release'
        WHEN s.vintage >= c.until THEN 'mended'
        WHEN abs(o.value - c.expected) <= 1e-5 * abs(c.expected) THEN 'applied'
        ELSE 'overtaken'
    END AS state,
    s.snapshot,
    s.vintage,
    c.reason,
    c.evidence,
    c.corrected_by,
    c.since,
    c.until
FROM staging.corrections AS c
CROSS JOIN core.build AS b
LEFT JOIN core.snapshots AS s
    ON s.publisher = c.publisher AND s.indicator = c.indicator AND s.is_current
LEFT JOIN core.observations AS o
    ON
        o.snapshot = s.snapshot
        AND o.indicator = c.indicator
        AND o.economy = c.economy
        AND o.counterpart = c.counterpart
        AND o.year = c.year
ORDER BY c.correction, c.year
