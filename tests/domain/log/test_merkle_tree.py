"""The tree of the log, against RFC 9162's definition and the vectors of the reference library."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from hashlib import sha256

import pytest
from log_reader import consistency_proof, inclusion_proof, is_consistent

from cecert.domain.log.merkle_tree import (
    EMPTY,
    is_included,
    leaf_hash,
    node_hash,
    root_of,
)

# Leaves and roots of transparency-dev/merkle, testonly/constants.go, which took them from
# Certificate Transparency's C++ reference.
LEAVES = ("", "00", "10", "2021", "3031", "40414243", "5051525354555657",
          "606162636465666768696a6b6c6d6e6f")  # fmt: skip
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
LARGEST = 35


def plain_root(hashes: Sequence[bytes]) -> bytes:
    """Return the root as RFC 9162 2.1.1 defines it, with nothing kept."""
    if len(hashes) <= 1:
        return hashes[0] if hashes else EMPTY
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    return node_hash(plain_root(hashes[:k]), plain_root(hashes[k:]))


def hashes_of(size: int) -> list[bytes]:
    return [leaf_hash(bytes([each])) for each in range(size)]


def test_roots_are_those_of_the_reference() -> None:
    hashes = [leaf_hash(bytes.fromhex(each)) for each in LEAVES]
    assert [root_of(hashes[:size]).hex() for size in range(9)] == list(ROOTS)


def test_roots_of_every_size_are_those_of_the_definition() -> None:
    for size in range(LARGEST):
        assert root_of(hashes_of(size)) == plain_root(hashes_of(size)), size


def test_every_leaf_of_every_tree_is_proved_and_no_changed_proof_is_taken() -> None:
    for size in range(1, LARGEST):
        hashes = hashes_of(size)
        root = root_of(hashes)
        for index in range(size):
            proof = inclusion_proof(index, size, tells(hashes))
            assert is_included(index, size, hashes[index], proof, root)
            for other in changed(proof):
                assert not is_included(index, size, hashes[index], other, root), (size, index)
            wrong = (index + 1) % size
            assert size == 1 or not is_included(wrong, size, hashes[index], proof, root)
            assert not is_included(index, size, sha256(b"another").digest(), proof, root)


def test_every_tree_is_proved_to_begin_every_larger_and_no_changed_proof_is_taken() -> None:
    for second in range(1, LARGEST):
        hashes = hashes_of(second)
        root = root_of(hashes)
        for first in range(1, second + 1):
            proof = consistency_proof(first, second, tells(hashes))
            before = root_of(hashes[:first])
            assert is_consistent(first, second, proof, before, root), (first, second)
            for other in changed(proof):
                assert not is_consistent(first, second, other, before, root), (first, second)
            forged = root_of([leaf_hash(b"forged"), *hashes[1:first]])
            assert not is_consistent(first, second, proof, forged, root)


def test_of_an_empty_tree_nothing_is_proved() -> None:
    assert is_consistent(0, 5, [], EMPTY, root_of(hashes_of(5)))
    assert not is_consistent(0, 5, [EMPTY], EMPTY, root_of(hashes_of(5)))
    assert not is_consistent(6, 5, [EMPTY], EMPTY, root_of(hashes_of(5)))


def test_what_a_tree_does_not_have_cannot_be_proved() -> None:
    with pytest.raises(ValueError, match="leaf 3 of a tree of 3"):
        inclusion_proof(3, 3, lambda a, b: plain_root(hashes_of(3)[a:b]))
    with pytest.raises(ValueError, match="no proof from 0 leaves to 3"):
        consistency_proof(0, 3, lambda a, b: plain_root(hashes_of(3)[a:b]))


def tells(hashes: Sequence[bytes]) -> Callable[[int, int], bytes]:
    return lambda start, end: plain_root(hashes[start:end])


def changed(proof: Sequence[bytes]) -> list[list[bytes]]:
    """Return the proof with a hash changed, with one more, and with one less."""
    other = sha256(b"other").digest()
    found = [[*proof[:at], other, *proof[at + 1 :]] for at in range(len(proof))]
    found += [[*proof[:at], *proof[at + 1 :]] for at in range(len(proof))]
    return [*found, [*proof, other], [other, *proof]]
