"""What is on disk is what is imported, and what is installed."""

import importlib
import re
import subprocess
import sys
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PACKAGES = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]


@pytest.mark.parametrize("package", [name for name in PACKAGES if name != "sql"])
def test_a_package_name_resolves_to_our_files(package: str) -> None:
    module = importlib.import_module(package)
    assert Path(str(module.__file__)).resolve() == ROOT / package / "__init__.py"


def test_the_marts_are_found_as_package_data() -> None:
    assert any(entry.name.endswith(".sql") for entry in (files("sql") / "marts").iterdir())


def test_the_docker_folder_shadows_no_package() -> None:
    assert not (ROOT / "docker" / "__init__.py").exists()


def test_the_image_makes_every_folder_that_a_volume_is_mounted_on() -> None:
    """Docker gives a new volume the owner of the folder beneath it; what the image does not have is root's."""
    services = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text(encoding="utf-8"))["services"].values()
    ours = [service for service in services if "build" in service]
    mounted = {volume.split(":")[1] for service in ours for volume in service["volumes"]}
    image = (ROOT / "docker" / "Dockerfile").read_text(encoding="utf-8")
    (made,) = re.findall(r"mkdir -p (.*?) \\\n    && chown -R airflow:0 /opt/airflow\n", image)
    assert mounted
    assert mounted <= set(made.split())


def test_a_pack_that_the_example_of_env_names_lies_where_the_containers_read_it() -> None:
    """By a path from the folder that they work in, so that the same `.env` serves a checkout."""
    ours = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text(encoding="utf-8"))["services"]["worker"]
    example = (ROOT / "docker" / "env.example").read_text(encoding="utf-8")
    (named,) = re.findall(r"TOCSIN_POLICIES=(\S+)/[a-z-]+\.yaml", example)
    assert f"../{named}:/opt/airflow/{named}:ro" in ours["volumes"]
    assert "WORKDIR /opt/airflow\n" in (ROOT / "docker" / "Dockerfile").read_text(encoding="utf-8")


def test_a_container_is_asked_whether_it_is_alive_and_nothing_else() -> None:
    """`tocsin doctor` loads the model and calls Slack: too much for each minute of each container."""
    assert "HEALTHCHECK" not in (ROOT / "docker" / "Dockerfile").read_text(encoding="utf-8")
    services = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text(encoding="utf-8"))["services"]
    assert {name for name, service in services.items() if "healthcheck" not in service} == {"init", "slack"}
    assert not [name for name, service in services.items() if "doctor" in str(service.get("healthcheck"))]


def test_the_password_that_the_example_of_env_makes_can_stand_in_a_url() -> None:
    example = (ROOT / "docker" / "env.example").read_text(encoding="utf-8")
    (program,) = re.findall(r'python -c "(.*)"\nPOSTGRES_PASSWORD=\n', example)
    made = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.strip()
    assert re.fullmatch(r"[A-Za-z0-9_-]{40,}", made)


def test_every_dependency_is_named_with_its_reason() -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `([A-Za-z0-9._-]+)` \|", page, flags=re.MULTILINE))
    extras = PROJECT["project"]["optional-dependencies"].values()
    wanted = [*PROJECT["project"]["dependencies"], *(each for extra in extras for each in extra)]
    assert named == {re.split(r"[\[<>=; ]", requirement)[0] for requirement in wanted}


def test_the_constraints_pin_every_dependency_and_name_no_address() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {canonicalize_name(re.split(r"[\[=]", line)[0]) for line in lines if "==" in line}
    wanted = {canonicalize_name(re.split(r"[\[<>=; ]", need)[0]) for need in PROJECT["project"]["dependencies"]}
    assert wanted <= pinned
    assert not [line for line in lines if "://" in line]
