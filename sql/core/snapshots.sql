-- Every snapshot published up to the as-of date, what it holds, and whether it speaks.
--
-- One row a snapshot and indicator. As of a date a series is its newest snapshot published on or
-- before that date, whole. Of two snapshots of one vintage the one retrieved later speaks (an
-- imported copy was not retrieved), then the one with more economies, then the more precise (some
-- copies were rounded to six digits), then the first by name.
--
-- columns:
--   snapshot      | code | publisher/slug/vintage/hash
--   publisher     | code | publisher in the catalogue
--   indicator     | code | the publisher's own code
--   vintage       | date | day of the release, or its upper bound
--   vintage_basis | – | how the vintage is known
--   retrieved_at  | – | when the bytes were fetched (UTC), empty for a copy that was imported
--   source        | – | where the copy stood
--   licence       | – | licence of the figures
--   attribution   | – | how the figures are credited
--   sha256        | – | hash of the archived bytes; several bodies are joined by a space
--   n_values      | values | values in the snapshot
--   n_economies   | economies | economies with at least one value
--   first_year    | year | earliest year with a value
--   last_year     | year | latest year with a value
--   significant_digits | digits | mean number of significant digits of the values
--   finest_digits | digits | most significant digits of a value: a copy that was rounded has few
--   finest_place  | decimals | last decimal place that a value has; below 0 for tens, hundreds ...
--   rank_in_vintage | – | 1 for the one that speaks of all the series' snapshots of its vintage
--   is_current    | – | whether core.current takes the series from it
WITH held AS (
    SELECT
        snapshot,
        indicator,
        count(*) AS n_values,
        count(DISTINCT economy) AS n_economies,
        min(year) AS first_year,
        max(year) AS last_year,
        avg(digits) AS significant_digits,
        max(digits) AS finest_digits,
        CAST(max(digits - floor(log10(nullif(abs(value), 0))) - 1) AS SMALLINT) AS finest_place
    FROM core.observations
    GROUP BY snapshot, indicator
),

ranked AS (
    SELECT
        s.snapshot,
        s.indicator,
        row_number() OVER (
            PARTITION BY s.publisher, s.indicator, s.vintage
            ORDER BY
                s.retrieved_at DESC NULLS LAST,
                coalesce(h.n_economies, 0) DESC,
                coalesce(h.significant_digits, 0) DESC,
                s.snapshot
        ) AS rank_in_vintage,
        max(s.vintage) OVER (PARTITION BY s.publisher, s.indicator) AS newest
    FROM staging.snapshots AS s
    LEFT JOIN held AS h ON h.snapshot = s.snapshot AND h.indicator = s.indicator
)

SELECT
    s.snapshot,
    s.publisher,
    s.indicator,
    s.vintage,
    s.vintage_basis,
    s.retrieved_at,
    s.source,
    s.licence,
    s.attribution,
    s.sha256,
    coalesce(h.n_values, 0) AS n_values,
    coalesce(h.n_economies, 0) AS n_economies,
    h.first_year,
    h.last_year,
    h.significant_digits,
    h.finest_digits,
    h.finest_place,
    CAST(r.rank_in_vintage AS SMALLINT) AS rank_in_vintage,
    r.rank_in_vintage = 1 AND s.vintage = r.newest AS is_current
FROM staging.snapshots AS s
LEFT JOIN held AS h ON h.snapshot = s.snapshot AND h.indicator = s.indicator
INNER JOIN ranked AS r ON r.snapshot = s.snapshot AND r.indicator = s.indicator
ORDER BY s.publisher, s.indicator, s.vintage, s.snapshot
