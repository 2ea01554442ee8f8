-- The inequality family for every distribution, with the coverage that decides on publication.
--
-- The measures are computed by pipeline/measures from marts.distributions. A cell is published
-- when at least 70 % of the set's states (seven of ten) are present and they hold 80 % of the
-- reference weight of the whole set. Where a missing state's weight is unknown, so is the coverage.
-- A cell that is not published keeps its measures for the curious: reports must not show them.
--
-- columns:
--   indicator  | code | catalogue id, or the id of a complement
--   year       | year | year of the distribution
--   weighting  | code | which outcome against which reference
--   member_set | code | which states, see core.member_sets
--   n          | states | states in the distribution
--   members    | codes | those states, sorted, with a space between
--   missing    | codes | states of the set without outcome or reference
--   theil_t    | nats | Theil T
--   theil_l    | nats | Theil L, infinite where a state has nothing
--   ge_2       | – | generalised entropy of order 2, half the squared coefficient of variation
--   gini       | 0 to 1 | weighted Gini coefficient
--   gini_corrected | 0 to 1 | Gini times n/(n-1), for unweighted distributions only
--   atkinson_05 | 0 to 1 | Atkinson index, aversion 0.5
--   atkinson_1 | 0 to 1 | Atkinson index, aversion 1
--   atkinson_2 | 0 to 1 | Atkinson index, aversion 2
--   cv         | ratio | coefficient of variation of outcome per reference
--   sd_logs    | log points | standard deviation of the logarithms, empty where a state has nothing
--   max_min    | ratio | largest outcome per reference over the smallest
--   value_range | as the outcome | largest outcome per reference less the smallest
--   herfindahl | 0 to 1 | sum of squared outcome shares
--   ceiling    | nats | largest Theil T that this distribution could have
--   coverage   | share | share of the set's reference weight that is present, 0 to 1
--   published  | – | whether the cell may be shown
--   reason     | – | why it may not; empty where it may
WITH cells AS (
    SELECT
        o.indicator,
        o.year,
        o.weighting,
        m.member_set,
        o.economy,
        o.outcome,
        o.reference,
        o.outcome IS NOT NULL AND o.reference IS NOT NULL AS present
    FROM marts.outcomes AS o
    INNER JOIN core.member_sets AS m ON m.economy = o.economy AND m.year = o.year
),

coverage AS (
    SELECT
        indicator,
        year,
        weighting,
        member_set,
        count(*) AS size,
        count(*) FILTER (WHERE present) AS n,
        coalesce(string_agg(economy, ' ' ORDER BY economy) FILTER (WHERE present), '') AS members,
        coalesce(string_agg(economy, ' ' ORDER BY economy) FILTER (WHERE NOT present), '')
            AS missing,
        string_agg(economy, ' ' ORDER BY economy) FILTER (WHERE reference IS NULL) AS unweighed,
        string_agg(economy, ' ' ORDER BY economy) FILTER (WHERE present AND outcome < 0)
            AS negative,
        string_agg(economy, ' ' ORDER BY economy) FILTER (WHERE present AND reference <= 0)
            AS weightless,
        sum(outcome ORDER BY economy) FILTER (WHERE present) AS total,
        CASE
            WHEN count(reference) = count(*)
                THEN
                    coalesce(sum(reference ORDER BY economy) FILTER (WHERE present), 0)
                    / nullif(sum(reference ORDER BY economy), 0)
        END AS coverage
    FROM cells
    GROUP BY indicator, year, weighting, member_set
),

judged AS (
    SELECT
        *,
        CASE
            WHEN 10 * n < 7 * size
                THEN n || ' of ' || size || ' states have a value; at least '
                    || CAST(ceil(0.7 * size) AS INTEGER) || ' are needed'
            WHEN n < 2 THEN 'one state alone has no distribution'
            WHEN negative IS NOT NULL THEN 'negative outcome of ' || negative
            WHEN weightless IS NOT NULL THEN 'no positive weight of ' || weightless
            WHEN total = 0 THEN 'the outcomes add up to zero'
            WHEN coverage IS NULL
                THEN 'coverage is unknown: no reference weight for ' || unweighed
            WHEN coverage < 0.8
                THEN 'the states with a value hold ' || CAST(floor(100 * coverage) AS INTEGER)
                    || ' % of the weight; at least 80 % is needed'
        END AS reason
    FROM coverage
    WHERE n > 0
)

SELECT
    j.indicator,
    j.year,
    j.weighting,
    j.member_set,
    CAST(j.n AS SMALLINT) AS n,
    j.members,
    j.missing,
    q.theil_t,
    q.theil_l,
    q.ge_2,
    q.gini,
    q.gini_corrected,
    q.atkinson_05,
    q.atkinson_1,
    q.atkinson_2,
    q.cv,
    q.sd_logs,
    q.max_min,
    q.value_range,
    q.herfindahl,
    q.ceiling,
    j.coverage,
    j.reason IS NULL AS published,
    j.reason
FROM judged AS j
LEFT JOIN measures.inequality AS q
    ON
        q.indicator = j.indicator
        AND q.year = j.year
        AND q.weighting = j.weighting
        AND q.member_set = j.member_set
ORDER BY j.indicator, j.year, j.weighting, j.member_set
