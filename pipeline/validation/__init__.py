"""Expectations about the warehouse: read from ``expectations/``, judged by Great Expectations.

What belongs here: reading suites, judging tables, the results and their page. What is expected of
which table, and why, stands in the YAML; nothing here knows of Dagster.
"""
