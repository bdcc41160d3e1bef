"""Augmentation that makes photographs of faces look like webcam crops."""

from __future__ import annotations

import io
import math

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F


class FaceAugmentation:
    """Random mirror, crop jitter, light, blur, low resolution, noise, JPEG and occlusion.

    Parameters
    ----------
    seed : fixes the sequence of random choices.

    Shapes
    ------
    [b, 1, h, w] in 0..1 -> [b, 1, h, w] in 0..1
    """

    def __init__(self, seed: int) -> None:
        self._rng = torch.Generator().manual_seed(seed)

    def __call__(self, faces: Tensor) -> Tensor:
        """Augment each face in its own way."""
        faces = self._warp(faces)
        faces = self._light(faces)
        faces = self._lose_detail(faces)
        faces = self._jpeg(faces)
        return self._occlude(faces)

    def _uniform(self, count: int, low: float, high: float) -> Tensor:
        return torch.rand(count, generator=self._rng) * (high - low) + low

    def _chosen(self, count: int, probability: float) -> Tensor:
        return torch.rand(count, generator=self._rng) < probability

    def _warp(self, faces: Tensor) -> Tensor:
        b = len(faces)
        angle = self._uniform(b, -18, 18) * math.pi / 180
        scale_x, scale_y = self._uniform(b, 0.8, 1.15), self._uniform(b, 0.8, 1.15)
        mirror = torch.where(self._chosen(b, 0.5), -1.0, 1.0)
        shear = self._uniform(b, -0.1, 0.1)
        theta = torch.zeros(b, 2, 3)
        theta[:, 0, 0] = angle.cos() * scale_x * mirror
        theta[:, 0, 1] = -angle.sin() * scale_y + shear
        theta[:, 1, 0] = angle.sin() * scale_x * mirror
        theta[:, 1, 1] = angle.cos() * scale_y
        theta[:, :, 2] = torch.stack([self._uniform(b, -0.16, 0.16), self._uniform(b, -0.16, 0.16)], dim=1)
        grid = F.affine_grid(theta, list(faces.shape), align_corners=False)
        return F.grid_sample(faces, grid, padding_mode="border", align_corners=False)

    def _light(self, faces: Tensor) -> Tensor:
        b = len(faces)
        gamma = self._uniform(b, -0.5, 0.5).exp()[:, None, None, None]
        gain = self._uniform(b, 0.6, 1.3)[:, None, None, None]
        shift = self._uniform(b, -0.15, 0.15)[:, None, None, None]
        return (faces.clamp(0, 1).pow(gamma) * gain + shift).clamp(0, 1)

    def _lose_detail(self, faces: Tensor) -> Tensor:
        out = faces.clone()
        blurred = self._chosen(len(faces), 0.2)
        if blurred.any():
            kernel = torch.tensor([1.0, 2.0, 1.0])
            kernel = (kernel[:, None] * kernel[None, :] / 16)[None, None]
            out[blurred] = F.conv2d(F.pad(out[blurred], (1, 1, 1, 1), mode="replicate"), kernel)
        low = self._chosen(len(faces), 0.1)
        if low.any():
            size = int(torch.randint(20, 40, (1,), generator=self._rng))
            small = F.interpolate(out[low], size=(size, size), mode="bilinear", antialias=True)
            out[low] = F.interpolate(small, size=faces.shape[-2:], mode="bilinear")
        noise = torch.randn(faces.shape, generator=self._rng)
        return (out + noise * self._uniform(len(faces), 0, 0.04)[:, None, None, None]).clamp(0, 1)

    def _jpeg(self, faces: Tensor) -> Tensor:
        for index in self._chosen(len(faces), 0.15).nonzero().flatten().tolist():
            buffer = io.BytesIO()
            quality = int(torch.randint(25, 80, (1,), generator=self._rng))
            grey = Image.fromarray((faces[index, 0] * 255).to(torch.uint8).numpy())
            grey.save(buffer, "JPEG", quality=quality)
            faces[index, 0] = torch.from_numpy(np.asarray(Image.open(buffer)).astype(np.float32) / 255)
        return faces

    def _occlude(self, faces: Tensor) -> Tensor:
        size = faces.shape[-1]
        for index in self._chosen(len(faces), 0.3).nonzero().flatten().tolist():
            h, w = (int(v) for v in torch.randint(6, 20, (2,), generator=self._rng))
            y, x = (int(v) for v in torch.randint(0, size - 6, (2,), generator=self._rng))
            faces[index, 0, y : y + h, x : x + w] = float(torch.rand(1, generator=self._rng))
        return faces
