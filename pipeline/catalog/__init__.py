"""WHAT is measured: members, blocs, publishers and indicators, as YAML with typed models."""

from pipeline.catalog.loader import load_catalog
from pipeline.catalog.models import Bloc, Break, Catalog, Economy, Group, Indicator, Publisher

__all__ = ["Bloc", "Break", "Catalog", "Economy", "Group", "Indicator", "Publisher", "load_catalog"]
