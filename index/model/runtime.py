"""Run a graph in onnxruntime, with weights that may come from another file."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.model.allocator import give_back


class Graph:
    """A model that turns one array into another. Thread-safe; each call uses one core."""

    def __init__(self, file: Path, weights: Mapping[str, NDArray[Any]] | None = None) -> None:
        """Load the file.

        Args:
            file: ONNX, with one input and one output.
            weights: those that the file names but does not contain.

        Raises:
            Exception: the file is missing or damaged, or cannot run here; the errors of onnxruntime have no base class.
        """
        from onnxruntime import GraphOptimizationLevel, InferenceSession, OrtValue, SessionOptions

        options = SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # more would fuse each sum with the norm after it, which takes six times as long
        options.graph_optimization_level = GraphOptimizationLevel.ORT_ENABLE_BASIC
        options.log_severity_level = 4  # errors are raised, not logged
        options.enable_cpu_mem_arena = False  # it would keep 20 MB for the longest text so far, for 2 % of the time
        self._weights = dict(weights or {})  # kept alive, because onnxruntime does not copy them
        if self._weights:
            values = [OrtValue.ortvalue_from_numpy(array) for array in self._weights.values()]
            options.add_external_initializers(list(self._weights), values)
        self._session = InferenceSession(file, options, providers=["CPUExecutionProvider"])
        give_back()
        (self._input,) = (one.name for one in self._session.get_inputs())

    def run(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the output of the model for `values`."""
        (output,) = self._session.run(None, {self._input: values})
        result: NDArray[np.float32] = output
        return result


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
