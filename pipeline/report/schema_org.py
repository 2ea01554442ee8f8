"""What search engines of data sets are told of an edition, in the terms of schema.org.

Only what the report says itself; no address of its own is known, so that links are relative.
"""

from collections.abc import Mapping
from typing import Any, Final

from pipeline.report.content import Report, Source

_FORMATS: Final = {"report.pdf": "application/pdf", "data/README.txt": "text/plain"}


def dataset(
    report: Report, files: Mapping[str, str] = _FORMATS, terms: str = "LICENCES.txt"
) -> dict[str, Any]:
    """The edition as a schema.org Dataset, with the data sets that it rests on.

    Args:
        files: media types of what can be had, by the address as seen from the page.
        terms: address of the licences.
    """
    measured = sorted({name for source in report.sources for name in source.indicators})
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": report.title,
        "description": report.standfirst,
        "version": report.edition,
        "inLanguage": report.language,
        "dateModified": report.newest_vintage.isoformat(),
        "isAccessibleForFree": True,
        "citation": report.cite_as,
        "usageInfo": terms,
        "spatialCoverage": {"@type": "Place", "name": report.bloc},
        "variableMeasured": measured,
        "distribution": [
            {"@type": "DataDownload", "contentUrl": path, "encodingFormat": kind}
            for path, kind in files.items()
        ],
        "isBasedOn": [_source(source) for source in report.sources],
    }


def _source(source: Source) -> dict[str, Any]:
    return {
        "@type": "Dataset",
        "name": source.dataset,
        "url": source.url,
        "license": source.licence,
        "creditText": source.attribution,
        "creator": {"@type": "Organization", "name": source.publisher},
    }
