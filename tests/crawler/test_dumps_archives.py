"""Archives of pages: read in one pass, never unpacked to disk, and left when they are bombs."""

import gzip
import io
import tarfile
import zipfile

import pytest

from cleaners.model import Via
from crawler.dumps import archives
from crawler.dumps.entry import Options, Unread
from crawler.dumps.files import read_file
from tests.crawler.pages import TEXT, html_bytes

HTML = html_bytes()
MEMBERS = {
    "b/one.html": HTML,
    "a.txt": TEXT.encode(),
    "style.css": b"p {}",
    ".hidden.html": HTML,
    "__MACOSX/x.html": HTML,
    "c.html.gz": gzip.compress(HTML),
    "inner.zip": b"PK",
}
WANTED = ["b/one.html", "a.txt", "c.html.gz"]


def zipped(path, members=None, **how):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **how) as archive:
        for name, data in (members or MEMBERS).items():
            archive.writestr(name, data)
    return path


def tarred(path, mode="w", members=None):
    with tarfile.open(path, mode) as archive:
        for name, data in (members or MEMBERS).items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def read(path, **options):
    return list(read_file(path, Options(**options)))


@pytest.fixture(params=["zip", "tar", "tar.gz", "tar.bz2", "tar.xz", "tgz"])
def archive(request, tmp_path):
    path = tmp_path / f"pages.{request.param}"
    if request.param == "zip":
        return zipped(path)
    return tarred(path, "w:" + request.param.removeprefix("tar").removeprefix(".").replace("tgz", "gz"))


def test_pages_come_out_in_order_with_their_place(archive):
    pages = read(archive)
    assert [p.origin for p in pages] == [f"{archive}!{name}" for name in WANTED]
    assert [p.body for p in pages] == [HTML, TEXT.encode(), HTML]
    assert [p.content_type for p in pages] == [None, "text/plain", None]
    assert {p.via for p in pages} == {Via.ARCHIVE}
    assert pages[0].url == f"{archive.as_uri()}!/b/one.html"


def test_members_are_read_up_to_the_limit(archive):
    assert {len(p.body) for p in read(archive, limit=50)} == {51}


def test_a_cut_archive_gives_what_came_before_and_says_so(tmp_path):
    path = tarred(tmp_path / "a.tar.gz", "w:gz", {"a.html": HTML, "b.html": bytes(range(256)) * 400})
    path.write_bytes(path.read_bytes()[:-100])
    first, last = read(path)
    assert first.body == HTML
    assert isinstance(last, Unread)
    assert (last.reason, last.origin) == ("broken_archive", str(path))


@pytest.mark.parametrize("name", ["a.zip", "a.tar", "a.tar.gz", "a.tar.xz"])
@pytest.mark.parametrize("data", [b"", b"no archive at all", b"\x1f\x8b\x08\x00 cut"])
def test_what_is_no_archive_is_unread_or_empty(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    assert all(isinstance(item, Unread) and item.detail for item in read(tmp_path / name))


def test_a_damaged_member_does_not_take_the_others_with_it(tmp_path):
    path = zipped(tmp_path / "a.zip", {"a.html": HTML, "b.html": HTML + b"b", "c.html": HTML + b"c"})
    data = bytearray(path.read_bytes())
    spot = data.find(b"b.html") + 20
    data[spot : spot + 30] = bytes(30)
    path.write_bytes(data)
    kinds = [type(item).__name__ for item in read(path)]
    assert kinds == ["Page", "Unread", "Page"]


@pytest.mark.parametrize("make", [zipped, tarred])
@pytest.mark.parametrize("packed", [b"no gzip at all", gzip.compress(HTML)[:-9], b""])
def test_a_broken_gzip_inside_does_not_take_the_others_with_it(tmp_path, make, packed):
    members = {"a.html": HTML, "b.html.gz": packed, "c.html": HTML + b"c"}
    path = make(tmp_path / "a.archive", members=members).rename(
        tmp_path / ("a.zip" if make is zipped else "a.tar")
    )
    first, middle, last = read(path)
    assert (first.body, last.body) == (HTML, HTML + b"c")
    if packed:
        assert (middle.reason, middle.origin) == ("unreadable", f"{path}!b.html.gz")


@pytest.mark.parametrize("make", [zipped, tarred])
def test_bombs_inside_an_archive_count_by_what_they_unpack_to(tmp_path, monkeypatch, make):
    monkeypatch.setattr(archives, "FREE_BYTES", 1 << 20)
    bomb = gzip.compress(bytes(1 << 20))
    path = tmp_path / ("a.zip" if make is zipped else "a.tar")
    items = read(make(path, members={f"{i}.html.gz": bomb for i in range(400)}), limit=1 << 20)
    assert len(items) < 400
    assert items[-1].reason == "archive_bomb"


@pytest.mark.parametrize("kind", ["zip", "tar.gz"])
def test_a_bomb_is_left_where_it_shows(tmp_path, monkeypatch, kind):
    monkeypatch.setattr(archives, "FREE_BYTES", 1 << 20)
    members = {f"{i}.html": bytes(1 << 19) for i in range(40)}
    make = zipped if kind == "zip" else lambda path, m: tarred(path, "w:gz", m)
    items = read(make(tmp_path / f"a.{kind}", members))
    assert len(items) < 20
    assert items[-1].reason == "archive_bomb"


def test_a_huge_tar_member_that_is_no_page_counts_too(tmp_path, monkeypatch):
    monkeypatch.setattr(archives, "FREE_BYTES", 1 << 20)
    path = tarred(tmp_path / "a.tar.gz", "w:gz", {"big.bin": bytes(1 << 24), "a.html": HTML})
    (item,) = read(path)
    assert item.reason == "archive_bomb"


def test_gbk_names_of_old_archivers_are_read(tmp_path):
    path = zipped(tmp_path / "a.zip", {"xxxx.html": HTML})
    path.write_bytes(path.read_bytes().replace(b"xxxx", "新闻".encode("gbk")))
    (page,) = read(path)
    assert page.origin == f"{path}!新闻.html"


def test_a_member_name_never_becomes_a_path(tmp_path):
    path = tarred(tmp_path / "a.tar", members={"../../escape.html": HTML, "/abs.html": HTML})
    before = sorted(tmp_path.iterdir())
    assert len(read(path)) <= 2
    assert sorted(tmp_path.iterdir()) == before
