"""The thin Dagster layer: assets, checks, jobs, schedule and sensors that call the rooms.

An asset here calls one function of the room that does the work and reports what it did. Anything
that can be tested without Dagster is written elsewhere.
"""
