"""What a process loads and builds once, so that the runs that are forked from it begin at once.

No thread and no connection may be left behind here: a fork would not have it.
"""

import duckdb
import pandas as pd

from pipeline.assets.project import Project
from pipeline.definitions import build_defs
from pipeline.inputs import code_hash
from pipeline.report import pdf
from pipeline.report.fonts import prepare_fonts
from pipeline.settings import settings
from pipeline.validation import frames
from tests.kill import jobs

LOADED = (duckdb, frames, jobs, pd, pdf)

code_hash()
prepare_fonts(settings().cache_dir)
for job in ("edition", "refresh"):
    build_defs(Project(settings())).resolve_job_def(job)
