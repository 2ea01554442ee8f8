"""Paths and switches, from the environment (prefix ``SCO_``), typed and in one place.

What belongs here: where things are and how they are reached. What does not: what is measured
(the catalogue) and what is published (the report). Nothing here reads the clock.
"""

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Self

from pydantic import Field, HttpUrl, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipeline.errors import SettingsError

PROJECT_ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """Where everything stands. Every field can be set as ``SCO_<FIELD>`` in the environment."""

    model_config = SettingsConfigDict(env_prefix="SCO_", frozen=True, extra="ignore")

    home: Path = Field(PROJECT_ROOT / ".sco", description="all generated state but the editions")
    editions_dir: Path = PROJECT_ROOT / "reports" / "editions"
    catalog_dir: Path = PROJECT_ROOT / "pipeline" / "catalog" / "data"
    bundled_dir: Path = PROJECT_ROOT / "pipeline" / "bundled"
    sql_dir: Path = PROJECT_ROOT / "sql"
    expectations_dir: Path = PROJECT_ROOT / "expectations"
    templates_dir: Path = PROJECT_ROOT / "reports" / "templates"

    as_of: date | None = Field(None, description="newest vintage in the archive when not given")

    languages: str = Field(
        "", description="other languages of the report: codes with a space between, or all"
    )
    site_url: HttpUrl | None = Field(
        None, description="where the site of an edition will stand; its sitemap needs it"
    )

    second_process: bool = Field(
        True, description="let a second process make parts of an edition where a core is free"
    )

    world_bank_url: str = "https://api.worldbank.org/v2"
    data360_url: str = "https://data360api.worldbank.org"
    comtrade_url: str = "https://comtradeapi.un.org"
    comtrade_key: SecretStr | None = Field(None, description="without one its preview is asked")
    ilostat_url: str = "https://rplumber.ilo.org"
    imf_url: str = "https://api.imf.org/external/sdmx/2.1"
    uis_url: str = "https://api.uis.unesco.org"
    unctad_url: str = "https://unctadstat-api.unctad.org"
    connect_timeout_s: float = Field(10.0, gt=0)
    read_timeout_s: float = Field(60.0, gt=0)
    max_body_bytes: int = Field(64 * 1024 * 1024, gt=0)
    max_requests_at_once: int = Field(4, ge=1, le=4)
    max_requests_per_s: float = Field(
        10.0, gt=0, description="requests sent to one publisher in a second"
    )
    http_retries: int = Field(5, ge=0, le=10)
    http_backoff_s: float = Field(1.0, ge=0)
    request_time_limit_s: float = Field(
        300.0, gt=0, description="one request with all its retries and waits"
    )
    refresh_time_limit_s: float = Field(
        1800.0, gt=0, description="all requests of a refresh to one publisher"
    )

    alert_webhook_url: HttpUrl | None = Field(None, description="takes a JSON POST on a failure")
    alert_email_to: str | None = None
    alert_email_from: str = "sco-report@localhost"
    smtp_host: str | None = None
    smtp_port: int = Field(25, ge=1, le=65535)
    smtp_starttls: bool = True
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    editions_url: str = "http://127.0.0.1:3001"

    def asking(self, base_url: str) -> Self:
        """The same, but that all publishers are at one address, as a double's, and get no key."""
        base = base_url.rstrip("/")
        urls: dict[str, str | None] = {
            "world_bank_url": f"{base}/v2",
            "data360_url": base,
            "comtrade_url": base,
            "comtrade_key": None,
            "ilostat_url": base,
            "imf_url": f"{base}/external/sdmx/2.1",
            "uis_url": base,
            "unctad_url": base,
        }
        return self.model_copy(update=urls)

    def speaking(self, languages: str) -> Self:
        """The same, but that the report is also made in these languages."""
        return self.model_copy(update={"languages": languages})

    @property
    def site_address(self) -> str:
        """The address of the site with a slash at its end; empty where none is given."""
        return f"{str(self.site_url).rstrip('/')}/" if self.site_url else ""

    @property
    def archive_dir(self) -> Path:
        """The archive that refreshes append to; the bundled one is read beside it."""
        return self.home / "archive"

    @property
    def warehouse_path(self) -> Path:
        """The published warehouse: only ever replaced whole."""
        return self.home / "warehouse" / "warehouse.duckdb"

    @property
    def dagster_home(self) -> Path:
        return self.home / "dagster"

    @property
    def cache_dir(self) -> Path:
        """What can be made again at any time: font faces, staged tables."""
        return self.home / "cache"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read from the environment once.

    Raises:
        SettingsError: a variable is not of the form that its field expects.
    """
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        name = "SCO_" + "_".join(str(part) for part in first["loc"]).upper()
        raise SettingsError(f"{name}={first['input']!r}: {first['msg']}") from error
