-- Every value of every snapshot published up to the as-of date, typed.
--
-- The one bitemporal table: a value has the year it speaks of and the vintage that said it. What
-- was published later is left out; core.current is the choice from the rest. The text of the
-- publisher becomes a double; a text that does not is an error of the build.
--
-- columns:
--   publisher   | code | publisher in the catalogue
--   indicator   | code | the publisher's own code
--   economy     | code | ISO 3166 alpha-3, or the code of an aggregate (WLD)
--   counterpart | code | partner of a bilateral series; _Z where there is none
--   year        | year | year that the value speaks of
--   value       | as unit says | value as published
--   unit        | – | unit in the catalogue; empty where the catalogue does not know the indicator
--   snapshot    | code | snapshot that says so
--   vintage     | date | day of that snapshot's release, or its upper bound
--   status      | code | the publisher's flag, empty where it gives none
--   digits      | digits | significant digits of the published text
SELECT
    s.publisher,
    o.indicator,
    o.economy,
    o.counterpart,
    CAST(o.year AS SMALLINT) AS year,
    TRY_CAST(o.value AS DOUBLE) AS value,
    i.unit,
    o.snapshot,
    s.vintage,
    o.status,
    -- Zeros at either end carry no precision: 0.0050 and 1412000000 have one and four digits.
    CAST(
        strlen(
            trim(
                replace(
                    CASE
                        WHEN contains(o.value, 'e') OR contains(o.value, 'E')
                            THEN split_part(lower(o.value), 'e', 1)
                        ELSE o.value
                    END,
                    '.',
                    ''
                ),
                '-+0'
            )
        ) AS UTINYINT
    ) AS digits
FROM staging.observations AS o
INNER JOIN staging.snapshots AS s ON s.snapshot = o.snapshot AND s.indicator = o.indicator
LEFT JOIN core.indicators AS i ON i.indicator = o.indicator AND i.publisher = s.publisher
-- By publisher, indicator, vintage and snapshot: one number sorts faster than four texts.
ORDER BY s.place, o.economy, o.counterpart, o.year
