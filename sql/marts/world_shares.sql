-- What part of the world's total the member sets hold.
--
-- Only for indicators whose members add up, against the publisher's own world row. The newest
-- world year may be an artefact of coverage: it is marked as provisional.
--
-- columns:
--   indicator    | code | catalogue id
--   year         | year | year of both totals
--   member_set   | code | which states, see core.member_sets
--   member_total | as the indicator's unit says | sum over the states present
--   world_total  | as the indicator's unit says | value that the publisher gives for the world
--   share_pct    | % | member total in percent of the world total
--   n            | states | states present
--   members      | codes | states present, sorted, with a space between
--   missing      | codes | states of the set that are not present
--   coverage     | share | share of the set's population that is present, 0 to 1
--   published    | – | whether coverage is enough and the world total is known
--   provisional  | – | whether this is the newest year of the world's row
--   reason       | – | why it is not published; empty where it is
WITH world AS (
    SELECT
        i.indicator,
        c.year,
        c.value,
        max(c.year) OVER (PARTITION BY i.indicator) AS newest_year
    FROM core.indicators AS i
    INNER JOIN core.current AS c ON c.indicator = i.indicator AND c.publisher = i.publisher
    WHERE c.economy = 'WLD' AND c.counterpart IN ('_Z', 'WLD')
),

shares AS (
    SELECT
        a.indicator,
        a.year,
        a.member_set,
        a.value AS member_total,
        w.value AS world_total,
        100 * a.value / nullif(w.value, 0) AS share_pct,
        a.n,
        a.members,
        a.missing,
        a.coverage,
        coalesce(a.year = w.newest_year, false) AS provisional,
        CASE
            WHEN a.reason IS NOT NULL THEN a.reason
            WHEN w.value IS NULL THEN 'no value for the world'
            WHEN w.value <= 0 THEN 'the world total is not positive'
        END AS reason
    FROM marts.member_aggregates AS a
    LEFT JOIN world AS w ON w.indicator = a.indicator AND w.year = a.year
    WHERE a.method = 'sum'
)

SELECT
    indicator,
    year,
    member_set,
    member_total,
    world_total,
    share_pct,
    n,
    members,
    missing,
    coverage,
    reason IS NULL AS published,
    provisional,
    reason
FROM shares
ORDER BY indicator, year, member_set
