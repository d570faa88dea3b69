"""nginx and Apache with the examples of the how-to page, where they are installed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

from running import free_ports

__all__ = ["SERVERS", "web_server"]

HOSTING = Path(__file__).parents[2] / "docs" / "how-to" / "host-the-verify-page.md"
MODULES = Path("/usr/lib/apache2/modules")
SERVERS = ("nginx", "apache2")

NGINX = """\
daemon off; pid {place}/pid; error_log {place}/log; worker_processes 1;
events {{}}
http {{
  include /etc/nginx/mime.types; default_type application/octet-stream; access_log off;
  client_body_temp_path {place}/1; proxy_temp_path {place}/2; fastcgi_temp_path {place}/3;
  uwsgi_temp_path {place}/4; scgi_temp_path {place}/5;
{example}
}}
"""

APACHE = """\
ServerName localhost
ServerRoot {place}
PidFile {place}/pid
ErrorLog {place}/log
Listen 127.0.0.1:{port}
{modules}
TypesConfig /etc/mime.types
DirectoryIndex index.html
DocumentRoot {site}
<Directory {site}>
  AllowOverride FileInfo
  Require all granted
</Directory>
"""


def example_for(language: str) -> str:
    """Return what the page tells people who have such a server."""
    found = re.search(rf"```{language}\n(.*?)```", HOSTING.read_text("utf-8"), re.DOTALL)
    assert found is not None
    return found[1]


def _nginx(place: Path, site: Path, port: int) -> tuple[str, ...]:
    example = example_for("nginx").replace("listen 80", f"listen 127.0.0.1:{port}")
    example = example.replace("/srv/verify", str(site))
    (place / "conf").write_text(NGINX.format(place=place, example=example), "utf-8")
    return ("nginx", "-c", str(place / "conf"))


def _apache2(place: Path, site: Path, port: int) -> tuple[str, ...]:
    names = ("mpm_event", "authz_core", "dir", "mime", "headers")
    modules = "\n".join(f"LoadModule {each}_module {MODULES}/mod_{each}.so" for each in names)
    (site / ".htaccess").write_text(example_for("apache"), "utf-8")
    made = APACHE.format(place=place, site=site, port=port, modules=modules)
    (place / "conf").write_text(made, "utf-8")
    return ("apache2", "-f", str(place / "conf"), "-DFOREGROUND")


@contextmanager
def web_server(name: str, place: Path, site: Path) -> Iterator[str]:
    """Serve *site* by a server, with its files in *place*; the address without a slash."""
    (port,) = free_ports(1)
    command = {"nginx": _nginx, "apache2": _apache2}[name](place, site, port)
    for each in (site, *site.parents) if os.geteuid() == 0 else ():
        each.chmod(each.stat().st_mode | 0o011)  # its workers are another user's
    program = shutil.which(name)
    assert program is not None
    process = subprocess.Popen((program, *command[1:]), stdin=subprocess.DEVNULL)
    try:
        _wait_for(f"http://127.0.0.1:{port}")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(base: str) -> None:
    for _ in range(200):
        with suppress(OSError), urlopen(f"{base}/"):
            return
        time.sleep(0.02)
    raise AssertionError(f"nothing answers at {base}")
