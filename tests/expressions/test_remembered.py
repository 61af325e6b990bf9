"""Trees as keys of what is remembered about them."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys

from stepwise.expressions import Cases, MatMul, Ref, Sum, contains, exp, ln, ref, refs
from tests.tooling import ROOT


def sigmoid(name: str) -> object:
    return 1 / (1 + exp(-ref(name)))


def test_trees_built_twice_are_one_key() -> None:
    first, second = sigmoid("z"), sigmoid("z")
    assert first is not second
    assert hash(first) == hash(second)
    assert {first: "found"}[second] == "found"
    assert sigmoid("a") not in {first}


def test_a_hash_stays_in_its_process() -> None:
    """Texts hash differently in every process, so a tree that was sent must compute its own."""
    tree = sigmoid("z")
    hash(tree)
    code = """
import pickle, sys
from stepwise.expressions import exp, ref
sent, own = pickle.load(sys.stdin.buffer), 1 / (1 + exp(-ref("z")))
assert sent == own and hash(sent) == hash(own) and {own: 1}[sent] == 1
"""
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    done = subprocess.run(
        [sys.executable, "-c", code], input=pickle.dumps(tree), cwd=ROOT, env=environment, capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()


def test_what_is_read_off_a_tree_is_its_own() -> None:
    product, loss = MatMul(ref("W"), ref("x")), -Sum(ref("y") * ln(ref("a")), "rows")
    for _ in range(2):
        assert refs(product) == ("W", "x")
        assert refs(loss) == ("y", "a")
        assert contains(product, MatMul)
        assert not contains(product, Cases, Sum)
        assert contains(loss, Sum)
        assert contains(loss, Cases, MatMul)
        assert contains(loss, Ref)
