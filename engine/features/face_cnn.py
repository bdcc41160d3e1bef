"""The bundled face encoder: a compact residual CNN over one grey 48x48 face."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

FACE_SIZE = 48

VIEWS = 4
"""Pictures of a face whose embeddings are averaged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceCNNConfig:
    """Shape of a :class:`FaceCNN`.

    Attributes
    ----------
    width : channels of the first stage; it doubles at each of the four stages.
    embedding_dim : length of the embedding.
    classes : number of emotions of the training head.
    dropout : probability of dropping an embedding unit in training.
    """

    width: int = 32
    embedding_dim: int = 256
    classes: int = 7
    dropout: float = 0.3


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions with squeeze-and-excitation (Hu et al., CVPR 2018), added to a shortcut."""

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels_in, channels_out, 3, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(channels_out)
        self.conv2 = nn.Conv2d(channels_out, channels_out, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels_out)
        self.squeeze = nn.Linear(channels_out, max(8, channels_out // 8))
        self.excite = nn.Linear(max(8, channels_out // 8), channels_out)
        self.shortcut: nn.Module = nn.Identity()
        if channels_in != channels_out:
            self.shortcut = nn.Sequential(
                nn.Conv2d(channels_in, channels_out, 1, bias=False), nn.BatchNorm2d(channels_out)
            )

    def forward(self, x: Tensor) -> Tensor:
        """Return [b, channels_out, h, w]."""
        y = F.relu(self.norm1(self.conv1(x)))
        y = self.norm2(self.conv2(y))
        scale = torch.sigmoid(self.excite(F.relu(self.squeeze(y.mean(dim=(2, 3))))))
        return F.relu(y * scale[:, :, None, None] + self.shortcut(x))


class FaceCNN(nn.Module):
    """Embedding of a face and, for training, its emotion logits.

    Each face is standardised to zero mean and unit variance first, so that the exposure of the
    camera does not matter. In evaluation the embedding is the mean over the face, a slightly closer
    crop of it, and the mirror images of both, none of which an expression depends on.

    Shapes
    ------
    input : [b, 1, 48, 48], grey levels in 0..1
    output : embedding [b, embedding_dim], logits [b, classes]
    """

    def __init__(self, config: FaceCNNConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or FaceCNNConfig()
        w = config.width
        self.stem = nn.Sequential(
            nn.Conv2d(1, w, 3, padding=1, bias=False),
            nn.BatchNorm2d(w),
            nn.ReLU(),
            nn.Conv2d(w, 2 * w, 3, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * w),
            nn.ReLU(),
        )
        self.stages = nn.ModuleList(
            [
                nn.Sequential(ResidualBlock(2 * w, 2 * w)),
                nn.Sequential(ResidualBlock(2 * w, 4 * w), ResidualBlock(4 * w, 4 * w)),
                nn.Sequential(ResidualBlock(4 * w, 8 * w), ResidualBlock(8 * w, 8 * w)),
            ]
        )
        self.project = nn.Linear(8 * w, config.embedding_dim)
        self.norm = nn.BatchNorm1d(config.embedding_dim)
        self.dropout = nn.Dropout(config.dropout)
        self.head = nn.Linear(config.embedding_dim, config.classes)

    def forward(self, faces: Tensor) -> tuple[Tensor, Tensor]:
        """Return embeddings and logits of faces in 0..1."""
        embedding = self.embed(standardise(faces)) if self.training else self.embed_views(views(faces))
        return embedding, self.head(self.dropout(embedding))

    def embed_views(self, x: Tensor) -> Tensor:
        """Mean embedding of standardised `views`. [4b, 1, 48, 48] -> [b, embedding_dim]."""
        return self.embed(x).reshape(VIEWS, -1, self.config.embedding_dim).mean(dim=0)

    def embed(self, x: Tensor) -> Tensor:
        """Embedding of standardised faces. [b, 1, 48, 48] -> [b, embedding_dim]."""
        x = self.stem(x)  # [b, 2w, 24, 24]
        for index, stage in enumerate(self.stages):
            if index:
                x = F.max_pool2d(x, 2)
            x = stage(x)
        x = x.mean(dim=(2, 3))  # [b, 8w], from [b, 8w, 6, 6]
        return F.relu(self.norm(self.project(x)))


def views(faces: Tensor) -> Tensor:
    """Standardised: the faces, their mirror images, and closer crops of both, in one batch. -> [4b, 1, h, w]."""
    near = closer(faces)
    return standardise(torch.cat([faces, faces.flip(-1), near, near.flip(-1)]))


def closer(faces: Tensor, border: int = 2) -> Tensor:
    """Cut a border off each face and enlarge the rest. [b, 1, h, w] -> [b, 1, h, w]."""
    inner = faces[:, :, border:-border, border:-border]
    return F.interpolate(inner, size=faces.shape[-2:], mode="bilinear", align_corners=False)


def load_face_cnn(weights: Path, width: int, embedding_dim: int) -> FaceCNN:
    """The network with the weights of a safetensors file, in single precision and evaluation mode.

    Sizes are compared before memory is taken for them, so that a wrong width asks for none.

    Raises
    ------
    ValueError : the file holds the weights of another network.
    """
    from safetensors.torch import load_file

    with torch.device("meta"):
        model = FaceCNN(FaceCNNConfig(width=width, embedding_dim=embedding_dim))
    expected, found = model.state_dict(), load_file(weights)
    if {key: value.shape for key, value in found.items()} != {key: value.shape for key, value in expected.items()}:
        raise ValueError(f"it does not hold a network of width {width} with embeddings of {embedding_dim}")
    state = {key: value.to(expected[key].dtype, copy=True) for key, value in found.items()}
    model.load_state_dict(state, assign=True)
    return model.eval()


def standardise(faces: Tensor) -> Tensor:
    """Give each face zero mean and unit variance. [b, 1, h, w] -> [b, 1, h, w]."""
    mean = faces.mean(dim=(1, 2, 3), keepdim=True)
    spread = (faces - mean).square().mean(dim=(1, 2, 3), keepdim=True).sqrt()
    return (faces - mean) / (spread + 1e-3)
