"""Make a release of the last commit: `make release`.

It writes into `dist/` a wheel, a source distribution, a list of all that an installation brings (SBOM, in CycloneDX's
JSON), the versions that were tested together, and the checksums of these. The same commit gives the same wheel and
source distribution, byte for byte, on any day. It installs the wheel from the package index, to see what that brings.
"""

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from release.distributions import build, checksums, commit_time, committed, version
from release.installation import bill_of_materials, empty, install, say_versions

REPOSITORY = Path(__file__).parents[1]


def main() -> None:
    """Make the release, and say where it is.

    Raises:
        SystemExit: the working tree differs from the last commit, or a step failed.
    """
    dist = REPOSITORY / "dist"
    with TemporaryDirectory() as folder:
        tree = committed(REPOSITORY, Path(folder, "tree"))
        shutil.rmtree(dist, ignore_errors=True)
        wheel, _ = build(tree, dist, commit_time(REPOSITORY))
        python = empty(Path(folder, "environment"))
        install(wheel, python, "--constraint", tree / "constraints.txt")
        sys.stderr.write(say_versions(python))
        bill_of_materials(python, tree / "pyproject.toml", dist / f"babillard-{version(tree)}.cdx.json")
        shutil.copy(tree / "constraints.txt", dist)
    (dist / "SHA256SUMS").write_text(checksums(dist), encoding="utf-8")
    sys.stdout.write("".join(f"{path.relative_to(REPOSITORY)}\n" for path in sorted(dist.iterdir())))


main()
