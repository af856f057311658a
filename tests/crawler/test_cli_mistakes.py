"""Slips of the fingers: each is named, none is taken for something else."""

import json

import pytest
from typer.testing import CliRunner

from crawler.cli.app import app
from tests.storage.build import article, new_store, put


@pytest.fixture
def taosha(tmp_path):
    opened, run = new_store(tmp_path)
    with opened:
        put(opened, run, article("公司完成融资，limit 与 outcome 都是英文词。"), "/data/1.html")
    return lambda *words: CliRunner().invoke(app, [*words, "--store", str(tmp_path / "store.db")])


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (["search", "融资", "--limt", "3"], "--limt"),
        (["search", "--jsno", "融资"], "--jsno"),
        (["list", "--outcome", "to_short"], "to_short"),
        (["list", "--sinse", "2025"], "--sinse"),
        (["export", "--json", "--format", "csv"], "--json"),
    ],
)
def test_a_slip_is_a_usage_error_that_names_it(taosha, words, named):
    done = taosha(*words)
    assert done.exit_code == 2
    assert named in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("words", "hits"),
    [
        (["融资", "-公司"], 0),
        (["融资", "-电力"], 1),
        (["融资 -- 公司"], 1),
        (["融资", '"--limit"'], 1),
    ],
)
def test_words_with_a_dash_are_still_searched_for(taosha, words, hits):
    done = taosha("search", *words, "--json")
    assert done.exit_code == 0, done.stderr
    assert len(json.loads(done.stdout)) == hits


@pytest.mark.parametrize("outcome", ["article", "rejected", "pending", "all", "too_short"])
def test_every_outcome_may_be_listed(taosha, outcome):
    assert taosha("list", "--outcome", outcome).exit_code == 0


def test_export_takes_json_like_the_others(taosha):
    assert json.loads(taosha("export", "--json").stdout)["origin"] == "/data/1.html"


def test_checking_sources_answers_programs_too(tmp_path):
    (tmp_path / "good.toml").write_text('home = "https://example.org/"\n', encoding="utf-8")
    (tmp_path / "bad.toml").write_text("colour = 1\n", encoding="utf-8")
    done = CliRunner().invoke(app, ["sources", "check", "--json", "--sources", str(tmp_path)])
    assert done.exit_code == 4
    found = json.loads(done.stdout)
    assert "good" in found["ok"]
    assert "bad.toml" in found["broken"][0]


COMMANDS = (["list"], ["search", "融资"], ["export"], ["reclean"], ["failures", "list"], ["rules", "list"])


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_source_that_nothing_is_called_by_is_named(taosha, command):
    done = taosha(*command, "--source", "nowhere")
    assert done.exit_code == 0
    assert "no source and no outlet is called 'nowhere'" in done.stderr
    assert "nowhere" not in taosha(*command, "--source", "files").stderr


def test_an_option_that_is_written_as_a_field_is_named(taosha):
    assert "write --source" in taosha("search", "融资 source:files").stderr
    assert taosha("search", "融资 site:files").stderr == "nothing found\n"
