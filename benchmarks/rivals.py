"""The same training in plain NumPy, with memory for every array made beforehand, and in PyTorch.

Both are written for speed alone: nothing is kept but the parameters and the losses, nothing guards against overflow.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


class PlainNetwork:
    """A ReLU layer and a softmax layer with cross-entropy, trained batch by batch; row layout."""

    def __init__(self, document: dict[str, Any], batch: int) -> None:
        self.X, self.Y, self.lr, self.batch = document["inputs"], document["labels"], document["lr"], batch
        self.W1, self.W2 = (weights.copy() for weights in document["weights"])
        self.b1, self.b2 = (biases.copy() for biases in document["biases"])
        hidden, classes = self.W2.shape
        self.z1, self.a1, self.delta1 = (np.empty((batch, hidden)) for _ in range(3))
        self.a2, self.logs = (np.empty((batch, classes)) for _ in range(2))
        self.on, self.total = np.empty((batch, hidden), dtype=bool), np.empty((batch, 1))
        self.dW1, self.dW2 = np.empty(self.W1.shape), np.empty(self.W2.shape)

    def step(self, start: int) -> float:
        """One step on the batch from sample `start` on; its loss."""
        x, y, a2 = self.X[start : start + self.batch], self.Y[start : start + self.batch], self.a2
        np.matmul(x, self.W1, out=self.z1)
        self.z1 += self.b1
        np.maximum(self.z1, 0, out=self.a1)
        np.matmul(self.a1, self.W2, out=a2)
        a2 += self.b2
        np.exp(a2, out=a2)
        np.sum(a2, axis=1, keepdims=True, out=self.total)
        a2 /= self.total
        np.log(a2, out=self.logs)
        self.logs *= y
        loss = -self.logs.sum() / self.batch
        a2 -= y
        a2 /= self.batch
        np.matmul(self.a1.T, a2, out=self.dW2)
        np.matmul(a2, self.W2.T, out=self.delta1)
        np.greater(self.z1, 0, out=self.on)
        self.delta1 *= self.on
        np.matmul(x.T, self.delta1, out=self.dW1)
        self._descend(a2)
        return float(loss)

    def _descend(self, delta2: Array) -> None:
        self.dW1 *= self.lr
        self.W1 -= self.dW1
        self.dW2 *= self.lr
        self.W2 -= self.dW2
        self.b1 -= self.lr * self.delta1.sum(0)
        self.b2 -= self.lr * delta2.sum(0)

    def epoch(self) -> list[float]:
        """All batches once; their losses."""
        return [self.step(start) for start in range(0, len(self.X), self.batch)]


class PlainRegression:
    """Softmax regression with cross-entropy, trained batch by batch; row layout."""

    def __init__(self, document: dict[str, Any], batch: int) -> None:
        self.X, self.Y, self.lr, self.batch = document["inputs"], document["labels"], document["lr"], batch
        self.W, self.b = document["weights"][0].copy(), document["biases"][0].copy()
        classes = self.W.shape[1]
        self.a, self.logs, self.total = np.empty((batch, classes)), np.empty((batch, classes)), np.empty((batch, 1))
        self.dW = np.empty(self.W.shape)

    def step(self, start: int) -> float:
        """One step on the batch from sample `start` on; its loss."""
        x, y, a = self.X[start : start + self.batch], self.Y[start : start + self.batch], self.a
        np.matmul(x, self.W, out=a)
        a += self.b
        np.exp(a, out=a)
        np.sum(a, axis=1, keepdims=True, out=self.total)
        a /= self.total
        np.log(a, out=self.logs)
        self.logs *= y
        loss = -self.logs.sum() / self.batch
        a -= y
        a /= self.batch
        np.matmul(x.T, a, out=self.dW)
        self.dW *= self.lr
        self.W -= self.dW
        self.b -= self.lr * a.sum(0)
        return float(loss)

    def epoch(self) -> list[float]:
        """All batches once; their losses."""
        return [self.step(start) for start in range(0, len(self.X), self.batch)]


class TorchNetwork:
    """The network of `PlainNetwork` in eager PyTorch, float64, its gradients by autograd."""

    def __init__(self, document: dict[str, Any], batch: int, threads: int) -> None:
        import torch

        self.torch, self.batch, self.threads = torch, batch, threads
        self.X, self.Y = torch.from_numpy(document["inputs"]), torch.from_numpy(document["labels"].argmax(1))
        arrays = [array for pair in zip(document["weights"], document["biases"], strict=True) for array in pair]
        self.parameters = [torch.from_numpy(array.copy()).requires_grad_() for array in arrays]
        self.descent = torch.optim.SGD(self.parameters, lr=document["lr"], foreach=True)

    def step(self, start: int) -> float:
        """One step on the batch from sample `start` on; its loss."""
        functional = self.torch.nn.functional
        W1, b1, W2, b2 = self.parameters
        x, y = self.X[start : start + self.batch], self.Y[start : start + self.batch]
        hidden = self.torch.addmm(b1, x, W1).relu_()
        loss = functional.cross_entropy(self.torch.addmm(b2, hidden, W2), y)
        self.descent.zero_grad(set_to_none=True)
        loss.backward()
        self.descent.step()
        return loss.item()  # type: ignore[no-any-return]

    def epoch(self) -> list[float]:
        """All batches once; their losses."""
        before = self.torch.get_num_threads()
        self.torch.set_num_threads(self.threads)
        try:
            return [self.step(start) for start in range(0, len(self.X), self.batch)]
        finally:
            self.torch.set_num_threads(before)
