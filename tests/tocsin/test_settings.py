"""Settings: read from the environment, documented, and silent about secrets."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from collectors.catalogue import PLATFORMS
from collectors.feeds import FeedsSettings
from tocsin.pages import platforms_page, settings_page
from tocsin.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("page", "made"), [("settings.md", settings_page), ("platforms.md", platforms_page)])
def test_the_pages_are_those_that_the_declarations_make(page: str, made: Callable[[], str]) -> None:
    written = (ROOT / "docs" / page).read_text(encoding="utf-8")
    assert written == made(), "write them anew: .venv/bin/python -m tocsin.pages"


def test_each_default_is_printed_as_it_would_be_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = re.findall(r"^\| `(TOCSIN_\w+)` \|.*\| `([^`]+)` \|$", settings_page(), re.MULTILINE)
    typed = {name: default for name, default in printed if not default.endswith(" of the checkout")}
    assert typed["TOCSIN_STACKEXCHANGE_SITES"] == "stackoverflow"
    monkeypatch.delenv("TOCSIN_VAR")
    untouched = Settings(_env_file=None).model_dump()
    for name, default in typed.items():
        monkeypatch.setenv(name, default)
    assert Settings(_env_file=None).model_dump() == untouched


def test_every_http_platform_has_a_base_url_a_budget_and_settings_that_explain_themselves() -> None:
    for platform in PLATFORMS:
        for name, field in platform.settings.model_fields.items():
            assert field.description, f"{platform.name}: {name}"
            assert platform.settings.key(name) in Settings.model_fields
        assert platform.name == "archive" or f"{platform.name}_base_url" in Settings.model_fields
        assert platform.name == "archive" or f"{platform.name}_budget" in Settings.model_fields


def test_the_environment_is_read_and_lists_are_split(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_POLICIES", "dwp, ./my.yaml ,")
    monkeypatch.setenv("TOCSIN_FEEDS_URLS", "https://example.org/a,https://example.org/b")
    settings = Settings(_env_file=None)
    assert settings.policy_names == ("dwp", "./my.yaml")
    assert settings.of(FeedsSettings).urls == ("https://example.org/a", "https://example.org/b")


def test_every_route_is_a_setting_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "TOCSIN_ROUTE_SECURITY_MAIL=mailto://one\nTOCSIN_ROUTE_SIEM=signed+https://file\nTOCSIN_ROUTE_EMPTY=\n"
    (tmp_path / ".env").write_text(lines, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOCSIN_ROUTE_SIEM", "signed+https://environment")
    monkeypatch.setenv("TOCSIN_ROUTE_ADDRESSES", "ntfys://a-name-like-any-other")
    settings = Settings()
    assert {name: secret.get_secret_value() for name, secret in settings.route_addresses.items()} == {
        "security_mail": "mailto://one",
        "siem": "signed+https://environment",
        "addresses": "ntfys://a-name-like-any-other",
    }
    assert "environment" not in repr(settings) + settings.model_dump_json()


def test_dotenv_is_read_and_the_environment_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("TOCSIN_POLICIES=one\nTOCSIN_SLACK_CHANNEL=C0FILE\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TOCSIN_POLICIES", "two")
    settings = Settings()
    assert (settings.policies, settings.slack_channel) == ("two", "C0FILE")


def test_an_empty_variable_is_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_SLACK_BOT_TOKEN", "")
    assert Settings(_env_file=None).slack_bot_token is None


def test_secrets_do_not_print(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOCSIN_SLACK_BOT_TOKEN", "invented-secret")
    settings = Settings(_env_file=None)
    assert "invented-secret" not in repr(settings) + settings.model_dump_json()


@pytest.mark.parametrize(("name", "value"), [("BACKEND", "magic"), ("SLACK_INTERVAL_S", "-1"), ("X_PAGES", "0")])
def test_a_wrong_value_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"TOCSIN_{name}", value)
    with pytest.raises(ValidationError, match=name.lower()):
        Settings(_env_file=None)


def test_the_warehouse_stands_in_var_by_default(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, var=tmp_path)
    assert settings.warehouse_url == f"sqlite:///{tmp_path / 'tocsin.db'}"
