"""What the settings ask of the form of an edition: inputs of it that follow from no figure."""

from typing import TypedDict

from pipeline.editions.languages import whole
from pipeline.settings import Settings


class Form(TypedDict):
    """Inputs of an edition, by their names there."""

    languages: tuple[str, ...]
    site_address: str


def form_of(settings: Settings) -> Form:
    """The languages asked for that can be spoken, and where the site will stand."""
    return {"languages": whole(settings.languages), "site_address": settings.site_address}
