"""Asks `cecert_verify` alone for each nth vector: run in a Python that has little else."""

from __future__ import annotations

import json
import sys

from cecert_verify import KeysetInvalidError
from verifiers import LOG_VECTORS, VECTORS, opened, verified


def main() -> None:
    """Print what differs of each nth vector, how many were asked, and what was loaded."""
    wrong, count, each_nth = [], 0, int(sys.argv[1])
    for path in (VECTORS, LOG_VECTORS):
        document = json.loads(path.read_text("utf-8"))
        for case in document["cases"][::each_nth]:
            try:
                found = verified(case, opened(document, case))
                answer = found.outcome.value, sorted(each.value for each in found.warnings)
            except KeysetInvalidError:
                answer = "KEYSET_INVALID", []
            count += 1
            if answer != (case["expect"], sorted(case["warnings"])):
                wrong.append((case["name"], answer))
    loaded = {each.partition(".")[0] for each in sys.modules} - sys.stdlib_module_names
    loaded = {each for each in loaded if not each.startswith(("__main__", "_sysconfigdata"))}
    print(json.dumps({"wrong": wrong, "count": count, "loaded": sorted(loaded)}))


if __name__ == "__main__":
    main()
