"""``Archive.verify`` of the bundled archive beside a bare decompression and hash of its packs.

The ratio says what the checks cost above reading the bytes at all. Times are printed and never
asserted; that everything was verified is.

    python -m pytest tests/benchmarks/bench_archive.py -s
"""

import hashlib
import lzma
import time

from pipeline.ingest.archive import Archive
from pipeline.settings import PROJECT_ROOT

ROUNDS = 5
BUNDLED = PROJECT_ROOT / "pipeline" / "bundled"


def test_verify_the_bundled_archive() -> None:
    archive = Archive(None, BUNDLED)
    verified, bare = [], []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        result = archive.verify()
        verified.append(time.perf_counter() - start)
        start = time.perf_counter()
        size = sum(_read_and_hash())
        bare.append(time.perf_counter() - start)
    assert result.problems == ()
    print(
        f"\n{result.snapshots} snapshots, {size / 1e6:,.0f} MB of figures: verify best "
        f"{min(verified):.2f} s, read and hash best {min(bare):.2f} s, "
        f"ratio {min(verified) / min(bare):.2f}"
    )
    assert result.snapshots >= 308


def _read_and_hash() -> list[int]:
    sizes = []
    for path in sorted((BUNDLED / "packs").glob("*.xz")):
        body = lzma.decompress(path.read_bytes())
        hashlib.sha256(body).digest()
        sizes.append(len(body))
    return sizes
