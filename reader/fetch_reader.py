"""Fetches the reader of QR codes for browsers that have none: `make assets`, `make dist`.

It is `zxing-wasm` of the npm registry, by version and digest: a script and a WebAssembly
module, which lie here beside their licences and are not committed. The script gets it with
npm, so that whatever registry this machine uses is asked.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
from base64 import b64encode
from hashlib import sha512
from importlib.metadata import files
from pathlib import Path

HERE = Path(__file__).resolve().parent
NAME, VERSION = "zxing-wasm", "3.1.6"
INTEGRITY = (
    "sha512-"
    "mU7UNuvl+hOT+nlSOQTMHZ2tM8lRMsbjDIp5IO/+HmBl/FOq77q0OSZPJ3cm42A9c1MKU6Uve67FiGdkhsrT9g=="
)
MEMBERS = {
    "package/dist/iife/reader/index.js": "zxing_reader.js",
    "package/dist/reader/zxing_reader.wasm": "zxing_reader.wasm",
}
LICENSES = "LICENSE.txt"
WRITTEN = (*MEMBERS.values(), LICENSES)
HEADING = (
    f"{NAME} {VERSION}: zxing_reader.js, zxing_reader.wasm\n\n"
    "The module is made of zxing-cpp (https://github.com/zxing-cpp/zxing-cpp), whose licence\n"
    "follows that of the script.\n\n"
)


def packed(folder: Path) -> Path:
    """Return the package as npm brings it, which has the digest that stands here.

    Raises:
        SystemExit: If npm is missing or cannot get it, or if it is another.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("the reader of QR codes comes from npm, which this machine lacks")
    command = (npm, "pack", f"{NAME}@{VERSION}", "--silent", "--ignore-scripts")
    if subprocess.run(command, cwd=folder, check=False, stdout=subprocess.DEVNULL).returncode:
        raise SystemExit(f"npm could not get {NAME} {VERSION}")
    (package,) = folder.glob("*.tgz")
    digest = f"sha512-{b64encode(sha512(package.read_bytes()).digest()).decode()}"
    if digest != INTEGRITY:
        raise SystemExit(f"{NAME} {VERSION} has the digest {digest}, and not {INTEGRITY}")
    return package


def licence_of_module() -> str:
    """Return the licence of zxing-cpp, as its own distribution for Python has it."""
    found = (each for each in files("zxing-cpp") or () if each.name == "LICENSE")
    return next(found).read_text("utf-8")


def fetch(folder: Path) -> None:
    """Put script, module and licences into *folder*, each whole."""
    with tempfile.TemporaryDirectory() as temporary:
        package = packed(Path(temporary))
        with tarfile.open(package) as archive:
            contents = {
                name: archive.extractfile(member).read()  # type: ignore[union-attr]  # files, by name
                for member, name in {**MEMBERS, "package/LICENSE": LICENSES}.items()
            }
    licence = HEADING + contents[LICENSES].decode() + "\n" + licence_of_module()
    for name, content in {**contents, LICENSES: licence.encode()}.items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    fetch(HERE)
    print(f"{NAME} {VERSION} lies in {HERE}", file=sys.stderr)
