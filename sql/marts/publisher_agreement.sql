-- What several publishers say of the same thing: the preferred figure against each other one.
--
-- One row a concept of the catalogue, other series (or declared figure), state, partner and year
-- that both have, of the states that are reported on. Both figures are in the concept's unit. They
-- agree where they are no farther apart than the concept's tolerance. A pair is withheld where a
-- figure is the catalogue's own correction, where the publisher flags one as not reported by the
-- state itself (E or M), or where the preferred is 0 and the tolerance is in percent of it.
--
-- columns:
--   concept             | code | id in the catalogue
--   economy             | code | state
--   counterpart         | code | partner where figures are by partner; _Z where they are not
--   year                | year | year that both speak of
--   preferred_publisher | code | publisher of the preferred series
--   preferred_indicator | code | its code
--   publisher           | code | publisher of the other series; empty for a declared figure
--   indicator           | code | code of the other series; id of a declared figure
--   value_preferred     | as unit says | the figure that the report uses
--   value_other         | as unit says | the other one
--   unit                | – | unit of both
--   difference          | as unit says | the other less the preferred
--   relative_pct        | % | that in percent of the preferred; empty where this is 0
--   distance            | as tolerance_measure | how far apart they are, by the concept's measure
--   tolerance           | as tolerance_measure | how far apart they may be
--   tolerance_measure   | code | percent or units
--   within_tolerance    | – | whether the two agree; empty where they are not compared
--   vintage_preferred   | date | release of the preferred series
--   vintage_other       | date | release of the other; empty for a declared figure
--   published           | – | whether the comparison may be shown
--   reason              | – | why it may not; empty where it may
WITH members AS (
    SELECT DISTINCT economy FROM core.member_sets WHERE reported
),

given AS (
    SELECT
        s.concept,
        s.publisher,
        s.indicator,
        s.preferred,
        c.economy,
        CASE s.counterpart WHEN 'each' THEN c.counterpart ELSE '_Z' END AS counterpart,
        c.year,
        c.value * s.factor * coalesce(t.value, 1) AS value,
        c.vintage,
        coalesce(c.status IN ('E', 'M'), false) AS estimated,
        c.corrected OR coalesce(t.corrected, false) AS corrected
    FROM core.concept_series AS s
    INNER JOIN core.concepts AS k ON k.concept = s.concept
    INNER JOIN core.current AS c
        ON
            c.publisher = s.publisher
            AND c.indicator = s.indicator
            AND c.year >= k.first_year
    INNER JOIN members AS m ON m.economy = c.economy
    LEFT JOIN members AS p ON p.economy = c.counterpart
    LEFT JOIN core.current AS t
        ON
            t.publisher = s.times_publisher
            AND t.indicator = s.times_indicator
            AND t.economy = c.economy
            AND t.counterpart = '_Z'
            AND t.year = c.year
    WHERE
        CASE s.counterpart WHEN 'each' THEN p.economy IS NOT NULL ELSE c.counterpart = s.counterpart END
        AND (s.times_indicator IS NULL OR t.value IS NOT NULL)
),

others AS (
    SELECT
        concept,
        publisher,
        indicator,
        economy,
        counterpart,
        year,
        value,
        vintage,
        estimated,
        corrected
    FROM given
    WHERE NOT preferred
    UNION ALL
    SELECT
        concept,
        NULL AS publisher,
        figure AS indicator,
        economy,
        '_Z' AS counterpart,
        year,
        value,
        NULL AS vintage,
        false AS estimated,
        false AS corrected
    FROM core.concept_figures
),

pairs AS (
    SELECT
        k.concept,
        o.economy,
        o.counterpart,
        o.year,
        p.publisher AS preferred_publisher,
        p.indicator AS preferred_indicator,
        o.publisher,
        o.indicator,
        p.value AS value_preferred,
        o.value AS value_other,
        k.unit,
        o.value - p.value AS difference,
        100 * (o.value - p.value) / nullif(abs(p.value), 0) AS relative_pct,
        k.tolerance,
        k.tolerance_measure,
        p.vintage AS vintage_preferred,
        o.vintage AS vintage_other,
        CASE
            WHEN p.corrected OR o.corrected THEN 'a figure is corrected by the catalogue'
            WHEN p.estimated OR o.estimated THEN 'a figure is estimated by the publisher'
            WHEN k.tolerance_measure = 'percent' AND p.value = 0 THEN 'the preferred figure is 0'
        END AS reason
    FROM others AS o
    INNER JOIN core.concepts AS k ON k.concept = o.concept
    INNER JOIN given AS p
        ON
            p.concept = o.concept
            AND p.preferred
            AND p.economy = o.economy
            AND p.counterpart = o.counterpart
            AND p.year = o.year
),

measured AS (
    SELECT
        *,
        CASE tolerance_measure WHEN 'percent' THEN abs(relative_pct) ELSE abs(difference) END
            AS distance
    FROM pairs
)

SELECT
    concept,
    economy,
    counterpart,
    year,
    preferred_publisher,
    preferred_indicator,
    publisher,
    indicator,
    value_preferred,
    value_other,
    unit,
    difference,
    relative_pct,
    distance,
    tolerance,
    tolerance_measure,
    -- Copies of figures hold binary fractions: a distance of 1.0 may come out a hair above 1.
    CASE WHEN reason IS NULL THEN distance <= tolerance * (1 + 1e-9) END AS within_tolerance,
    vintage_preferred,
    vintage_other,
    reason IS NULL AS published,
    reason
FROM measured
ORDER BY concept, indicator, economy, counterpart, year
