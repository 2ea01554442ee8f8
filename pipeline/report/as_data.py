"""What a report says as plain data: every finding, and every exhibit with its texts and values.

``report.json`` of an edition is made here, and the hash of each finding and exhibit, by which two
editions are compared figure by figure. How things look is not a part of it.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

from pipeline.inputs import as_bytes
from pipeline.report.content import Exhibit, Finding, Report

REPORT_DATA: Final = "report.json"


def report_data(report: Report) -> dict[str, Any]:
    """Title, date, findings and exhibits by id; values are not rounded."""
    return {
        "as_of": report.as_of.isoformat(),
        "edition": report.edition,
        "exhibits": {exhibit.id: exhibit_data(exhibit) for exhibit in report.exhibits()},
        "findings": {finding.id: finding_data(finding) for finding in report.findings},
        "title": report.title,
    }


def exhibit_data(exhibit: Exhibit) -> dict[str, Any]:
    """An exhibit's texts, columns and rows."""
    columns = exhibit.table.columns
    return {
        "alt": exhibit.alt,
        "columns": [
            {"key": c.key, "label": c.label, "unit": c.unit, "digits": c.digits, "kind": c.kind}
            for c in columns
        ],
        "kind": exhibit.kind,
        "note": exhibit.note,
        "number": exhibit.number,
        "rows": [{c.key: row.get(c.key) for c in columns} for row in exhibit.table.rows],
        "source": exhibit.source,
        "subtitle": exhibit.subtitle,
        "title": exhibit.title,
    }


def finding_data(finding: Finding) -> dict[str, Any]:
    """A finding's figure, sentence, value and where it comes from."""
    return {
        "exhibit": finding.exhibit,
        "figure": finding.figure,
        "outcome": finding.outcome,
        "remarks": list(finding.remarks),
        "sentence": finding.sentence,
        "source": finding.source,
        "unit": finding.unit,
        "value": finding.value,
    }


def data_hash(record: Mapping[str, Any]) -> str:
    """SHA-256 of the canonical JSON of a finding or an exhibit."""
    return hashlib.sha256(as_bytes(record)).hexdigest()
