"""What is printed for the system's scheduler is understood by it."""

import shlex
import shutil
import subprocess

import pytest

from crawler.schedule.units import cron_line, systemd_units

COMMAND = [
    "/opt/my tools/python",
    "-m",
    "crawler.cli",
    "crawl",
    "--store",
    "sqlite:///100%.db",
    "$HOME",
    "a;b",
]


def test_a_cron_line_runs_the_same_words():
    line = cron_line(COMMAND, "/srv/news crawl", 10)
    assert line.endswith("\n")
    assert line.count("\n") == 1
    minutes, command = line.split(" * * * * ")
    assert minutes == "*/10"
    assert "%" not in command.replace(r"\%", "")  # cron takes a bare one for the end of the line
    words = shlex.split(command.replace(r"\%", "%"))
    assert words == ["cd", "/srv/news crawl", "&&", *COMMAND]


def test_the_units_quote_what_systemd_would_take_apart():
    text = systemd_units(COMMAND, "/srv/news", 5)
    assert (
        'ExecStart="/opt/my tools/python" -m crawler.cli crawl --store sqlite:///100%%.db $$HOME "a;b"\n'
        in text
    )
    assert "OnCalendar=*:0/5\n" in text


def test_systemd_finds_nothing_wrong_with_them(tmp_path):
    if (verify := shutil.which("systemd-analyze")) is None:
        pytest.skip("systemd-analyze is not installed")
    text = systemd_units(["/bin/true", "a b"], "/tmp", 5)
    service, timer = text.split("# ~/.config/systemd/user/taosha.timer")
    (tmp_path / "taosha.service").write_text(service)
    (tmp_path / "taosha.timer").write_text(timer)
    done = subprocess.run(
        [verify, "verify", "--user", str(tmp_path / "taosha.service"), str(tmp_path / "taosha.timer")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert "taosha." not in done.stderr, done.stderr
