"""Trees as keys of what is remembered about them."""

from __future__ import annotations

import pickle

from stepwise.expressions import Cases, MatMul, Ref, Sum, contains, exp, ln, ref, refs


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
    assert hash(tree) == tree._hash  # type: ignore[attr-defined]
    sent = pickle.loads(pickle.dumps(tree))
    assert not hasattr(sent, "_hash")
    assert sent == tree
    assert hash(sent) == hash(tree)


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
