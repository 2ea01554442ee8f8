-- The figures that claims rest on, as each release made them look.
--
-- As of a day each series is its newest release up to then, whole; a row of days has one wherever a
-- series of the claim was released. The newest day is as core.current has it, corrections of the
-- catalogue among it; facts are known as of the newest day only. A figure is there only if all its
-- cells are. Years are those up to the claim's own, and ten before it.
--
-- columns:
--   claim_id  | code | id in the catalogue
--   seen_from | date | day as of which the figures are taken
--   year      | year | year that is looked at; a figure may be of years before it
--   figure    | code | name in the claim's arithmetic
--   indicator | code | series that its cells are of, by catalogue id; of a fact its name
--   value     | as the series | sum of its cells; over several years their mean
--   vintage   | date | day of the newest release that is in it; empty for the register of members
--   snapshots | codes | snapshots it comes from, sorted, with a space between; empty for a fact
--   broken    | – | whether a break of the series lies between the years it is of and the year
WITH wanted AS (
    SELECT
        c.claim_id,
        c.figure,
        c.indicator,
        c.economy,
        c.counterpart,
        c.year_shift,
        c.over_years,
        i.publisher,
        q.year AS claim_year,
        count(*) OVER (PARTITION BY c.claim_id, c.figure) AS cells
    FROM core.claim_cells AS c
    INNER JOIN core.indicators AS i ON i.indicator = c.indicator
    INNER JOIN core.claims AS q ON q.claim_id = c.claim_id
),

series AS (
    SELECT DISTINCT claim_id, publisher, indicator FROM wanted
),

releases AS (
    SELECT s.publisher, s.indicator, s.vintage, s.snapshot
    FROM core.snapshots AS s
    WHERE s.rank_in_vintage = 1
),

days AS (
    SELECT DISTINCT s.claim_id, r.vintage AS seen_from
    FROM series AS s
    INNER JOIN releases AS r ON r.publisher = s.publisher AND r.indicator = s.indicator
),

spoke AS (
    SELECT
        d.claim_id,
        d.seen_from,
        s.publisher,
        s.indicator,
        max(r.vintage) AS vintage,
        arg_max(r.snapshot, r.vintage) AS snapshot
    FROM days AS d
    INNER JOIN series AS s ON s.claim_id = d.claim_id
    INNER JOIN releases AS r
        ON r.publisher = s.publisher AND r.indicator = s.indicator AND r.vintage <= d.seen_from
    GROUP BY d.claim_id, d.seen_from, s.publisher, s.indicator
),

whose AS (
    SELECT DISTINCT indicator, economy, counterpart FROM wanted
),

cells AS (
    SELECT
        o.snapshot,
        o.indicator,
        o.economy,
        o.counterpart,
        o.year,
        coalesce(k.value, o.value) AS value
    FROM core.observations AS o
    INNER JOIN whose AS w
        ON w.indicator = o.indicator AND w.economy = o.economy AND w.counterpart = o.counterpart
    LEFT JOIN core.corrections AS k
        ON
            k.state = 'applied'
            AND k.snapshot = o.snapshot
            AND k.indicator = o.indicator
            AND k.economy = o.economy
            AND k.counterpart = o.counterpart
            AND k.year = o.year
    WHERE k.correction IS NULL OR k.value IS NOT NULL
),

placed AS (
    -- A cell counts for every year that looks at it.
    SELECT
        w.claim_id,
        w.figure,
        p.seen_from,
        CAST(c.year - w.year_shift + b.years_back AS SMALLINT) AS year,
        c.value,
        c.economy,
        c.counterpart,
        c.year AS of_year,
        w.indicator,
        w.cells * w.over_years AS expected,
        w.over_years,
        w.claim_year,
        p.vintage,
        p.snapshot
    FROM wanted AS w
    INNER JOIN spoke AS p
        ON p.claim_id = w.claim_id AND p.publisher = w.publisher AND p.indicator = w.indicator
    INNER JOIN cells AS c
        ON
            c.snapshot = p.snapshot
            AND c.indicator = w.indicator
            AND c.economy = w.economy
            AND c.counterpart = w.counterpart
    INNER JOIN (SELECT unnest(range(10)) AS years_back) AS b ON b.years_back < w.over_years
),

marked AS (
    SELECT
        p.*,
        EXISTS (
            SELECT 1 FROM core.breaks AS k
            WHERE
                k.indicator = p.indicator
                AND (k.economy IS NULL OR k.economy = p.economy)
                AND p.of_year < k.last_year
                AND p.year > k.first_year
                AND p.of_year < p.year
        ) AS broken
    FROM placed AS p
    WHERE p.claim_year IS NULL OR p.year BETWEEN p.claim_year - 10 AND p.claim_year
),

published AS (
    SELECT
        claim_id,
        seen_from,
        year,
        figure,
        indicator,
        sum(value ORDER BY economy, counterpart, of_year) / over_years AS value,
        max(vintage) AS vintage,
        string_agg(DISTINCT snapshot, ' ' ORDER BY snapshot) AS snapshots,
        bool_or(broken) AS broken
    FROM marked
    GROUP BY claim_id, seen_from, year, figure, indicator, over_years, expected
    HAVING count(*) = expected
),

facts AS (
    SELECT
        c.claim_id,
        b.as_of AS seen_from,
        f.year,
        c.figure,
        c.fact AS indicator,
        f.value,
        max(s.vintage) AS vintage,
        coalesce(string_agg(DISTINCT s.snapshot, ' ' ORDER BY s.snapshot), '') AS snapshots,
        false AS broken
    FROM core.claim_cells AS c
    INNER JOIN core.claims AS q ON q.claim_id = c.claim_id
    INNER JOIN marts.claim_facts AS f ON f.fact = c.fact AND f.economy = c.economy
    CROSS JOIN core.build AS b
    LEFT JOIN core.snapshots AS s
        ON s.is_current AND list_contains(string_split(f.series, ' '), s.indicator)
    WHERE q.year IS NULL OR f.year BETWEEN q.year - 10 AND q.year
    GROUP BY c.claim_id, b.as_of, f.year, c.figure, c.fact, f.value
)

SELECT claim_id, seen_from, year, figure, indicator, value, vintage, snapshots, broken
FROM published
UNION ALL
SELECT claim_id, seen_from, year, figure, indicator, value, vintage, snapshots, broken
FROM facts
ORDER BY claim_id, seen_from, year, figure
