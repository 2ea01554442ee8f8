-- The Theil index taken apart into what lies between groups and what within them.
--
-- between is s ln(s/p) of the group and within its outcome share times its own Theil index: the sum
-- of both over the groups of a scheme is theil_t. A state in no group of the scheme is a group of
-- its own, by its code. marts.inequality says whether the cell may be shown.
--
-- columns:
--   indicator  | code | catalogue id, or the id of a complement
--   year       | year | year of the distribution
--   weighting  | code | which outcome against which reference
--   member_set | code | which states, see core.member_sets
--   scheme     | code | partition of the members, see core.groups
--   group_id   | code | group of the scheme
--   n          | states | states of the group in the distribution
--   outcome_share | share | share of the outcome, s
--   reference_share | share | share of the reference, p
--   theil_t_within | nats | Theil T among the states of the group
--   between    | nats | s ln(s/p) of the group
--   within     | nats | s times theil_t_within
SELECT
    indicator,
    year,
    weighting,
    member_set,
    scheme,
    group_id,
    n,
    outcome_share,
    reference_share,
    theil_t_within,
    "between",
    "within"
FROM measures.inequality_groups
ORDER BY indicator, year, weighting, member_set, scheme, group_id
