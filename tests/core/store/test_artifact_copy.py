"""Values are copied to another file system and come back from it: a folder, memory, an S3 server on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from fsspec.core import url_to_fs
from moto.server import ThreadedMotoServer

from core.artifact import Artifact
from core.artifact_folder import ArtifactFolder
from core.errors import ArtifactError
from core.store.artifact_copy import ArtifactCopies

VALUE = {"window": [5, 20], "name": "averages"}


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of a bucket on an S3 server."""
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "testing")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        url_to_fs("s3://copies")[0].mkdir("copies")
        yield "s3://copies"
    server.stop()


@pytest.fixture(params=["file", "memory", "s3"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An address where nothing is yet."""
    if request.param == "file":
        return f"file://{tmp_path}/copies"
    root = "memory:/" if request.param == "memory" else request.getfixturevalue("s3")
    return f"{root}/{uuid4().hex}"


@pytest.fixture
def folder(tmp_path: Path) -> ArtifactFolder:
    """An empty folder of values."""
    return ArtifactFolder(tmp_path / "artifacts")


@pytest.fixture
def copies(url: str, folder: ArtifactFolder) -> ArtifactCopies:
    """Copies of the folder's values."""
    return ArtifactCopies(url, folder)


def spoil(url: str, artifact: Artifact, content: bytes) -> None:
    """Write over a copy."""
    files, root = url_to_fs(url)
    files.makedirs(f"{root}/{artifact.digest[:2]}", exist_ok=True)
    files.pipe_file(f"{root}/{artifact.digest[:2]}/{artifact.digest}", content)


def test_a_lost_value_comes_back(copies: ArtifactCopies, folder: ArtifactFolder) -> None:
    artifact = folder.put(VALUE)
    assert not copies.has(artifact)
    for _ in range(2):
        copies.upload(artifact)
    assert copies.has(artifact)
    folder.remove(artifact.digest)
    for _ in range(2):
        copies.fetch(artifact)
    assert folder.get(artifact) == VALUE


def test_a_large_value_comes_back(copies: ArtifactCopies, folder: ArtifactFolder) -> None:
    value = bytes(range(256)) * 40_000
    artifact = folder.put(value)
    copies.upload(artifact)
    folder.remove(artifact.digest)
    copies.fetch(artifact)
    assert folder.get(artifact) == value


def test_a_copy_that_was_not_finished_is_made_anew(copies: ArtifactCopies, folder: ArtifactFolder, url: str) -> None:
    artifact = folder.put(VALUE)
    spoil(url, artifact, b"half")
    assert not copies.has(artifact)
    copies.upload(artifact)
    assert copies.has(artifact)


@pytest.mark.parametrize("change", [lambda size: b"x" * size, lambda size: b"x" * (size + 1), lambda _: b""])
def test_a_damaged_copy_is_refused_and_leaves_nothing(
    copies: ArtifactCopies, folder: ArtifactFolder, url: str, change: object
) -> None:
    artifact = folder.put(VALUE)
    folder.remove(artifact.digest)
    spoil(url, artifact, change(artifact.size))  # type: ignore[operator]
    with pytest.raises(ArtifactError, match="the copy of a stored value is damaged"):
        copies.fetch(artifact)
    assert [path for path in folder.root.rglob("*") if path.is_file()] == []


def test_a_value_without_a_copy_is_said_to_be_gone(copies: ArtifactCopies, folder: ArtifactFolder) -> None:
    artifact = folder.put(VALUE)
    folder.remove(artifact.digest)
    with pytest.raises(ArtifactError, match="not there any more, nor is a copy"):
        copies.fetch(artifact)


def test_a_removed_copy_is_gone(copies: ArtifactCopies, folder: ArtifactFolder) -> None:
    artifact = folder.put(VALUE)
    copies.upload(artifact)
    for _ in range(2):
        copies.remove(artifact.digest)
    assert not copies.has(artifact)


def test_the_picture_of_a_value_is_copied_with_it(copies: ArtifactCopies, folder: ArtifactFolder) -> None:
    picture, value = folder.put(b"picture"), folder.put(VALUE)
    artifact = replace(value, summary={**value.summary, "preview": picture.digest})
    copies.upload(artifact)
    for digest in (picture.digest, value.digest):
        folder.remove(digest)
    copies.fetch(artifact)
    found = folder.preview(artifact)
    assert found is not None
    assert folder.get(picture) == b"picture"


def test_a_value_that_was_not_stored_has_no_copy(copies: ArtifactCopies, folder: ArtifactFolder) -> None:
    artifact = Artifact("", "", 0, "other")
    copies.upload(artifact)
    with pytest.raises(ArtifactError, match="not stored"):
        copies.fetch(artifact)


@pytest.mark.parametrize(
    "address",
    ["s3://no-such-bucket/x", "nonsense://x", "ftp://user:hun%20ter2@127.0.0.1:1/x", "file:///proc/none"],
)
def test_what_cannot_be_reached_is_said_without_a_password(s3: str, folder: ArtifactFolder, address: str) -> None:
    with pytest.raises(ArtifactError, match="check TASKTABLE_ARTIFACTS_URL") as caught:
        ArtifactCopies(address, folder).upload(folder.put(VALUE))
    assert "hun" not in str(caught.value)
    assert caught.value.__cause__ is None
