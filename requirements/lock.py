"""Write the locks: the exact versions that a fresh installation gets, dependencies included.

Run by `make lock`, on the oldest Python supported, so that the versions exist for all.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
TORCH_NEEDS = ("filelock", "fsspec", "jinja2", "networkx", "setuptools", "typing-extensions")
LOCKS = {
    "build.txt": (("setuptools",), "What installs the package itself, without a network."),
    "base.txt": ((".",), "What `advsmooth` needs to run."),
    "dev.txt": ((".[dev]",), "What the tests, the linters and the figures need."),
    "deep.txt": (
        # torch comes without its own requirements, or some resolvers bring gigabytes with it
        ("scikit-learn", "scikit-image", "pyautoattack", *TORCH_NEEDS, "."),
        "What the experiments on deep networks need, torch itself excepted.",
    ),
}
NEVER = ("torch", "nvidia", "cuda", "triton")


def resolve(requirements: Sequence[str]) -> list[str]:
    """`name==version` of everything that pip would install, sorted."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run"]
        options = ["--ignore-installed", "--only-binary=:all:", f"--report={report}"]
        subprocess.run([*pip, *options, *requirements], cwd=HERE.parent, check=True)
        packages = [item["metadata"] for item in json.loads(report.read_text())["install"]]
    pins = {item["name"].lower().replace("_", "-"): item["version"] for item in packages}
    pins.pop("advsmooth", None)
    return [f"{name}=={version}" for name, version in sorted(pins.items())]


def main() -> None:
    """Write each lock; stop at a package that has no place in a small installation."""
    known: set[str] = set()  # two locks never name the same package: they are installed together
    for name, (requirements, purpose) in LOCKS.items():
        pins = [
            pin
            for pin in resolve(requirements)
            if name != "deep.txt" or pin.split("==")[0] not in known
        ]
        known |= {pin.split("==")[0] for pin in pins}
        if unwanted := [pin for pin in pins if pin.startswith(NEVER)]:
            sys.exit(f"{name}: expected no deep-learning packages, got {', '.join(unwanted)}")
        head = f"# {purpose} Written by `make lock`.\n"
        (HERE / name).write_text(head + "\n".join(pins) + "\n")


if __name__ == "__main__":
    main()
