"""The grammar of policy files as editors see it."""

from __future__ import annotations

import datetime as dt
import json
import tomllib
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from ordos_subsidy.policy.grammar import json_schema

ROOT = Path(__file__).parent.parent
SCHEMA = ROOT / "ordos_subsidy" / "policies.schema.json"
POLICIES = [ROOT / "policies.toml", ROOT / "tests/data/harbour.toml", ROOT / "examples/rules-2021-65.toml"]


def as_json(value: Any) -> Any:
    """TOML as a JSON Schema validator sees it: dates are text."""
    if isinstance(value, dict):
        return {key: as_json(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_json(each) for each in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def test_the_schema_in_the_package_is_the_one_the_models_make() -> None:
    """Out of date? `make schema` writes it."""
    assert json.loads(SCHEMA.read_text("utf-8")) == json_schema()


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.name)
def test_every_policy_file_fits_the_schema_it_names(path: Path) -> None:
    text = path.read_text("utf-8")
    named = text.splitlines()[0].removeprefix("#:schema ")
    assert (path.parent / named).resolve() == SCHEMA
    jsonschema.validate(as_json(tomllib.loads(text)), json.loads(SCHEMA.read_text("utf-8")))


def test_the_schema_refuses_a_misspelt_key() -> None:
    with pytest.raises(jsonschema.ValidationError, match="titel"):
        jsonschema.validate({"policy": {"titel": 1}}, json.loads(SCHEMA.read_text("utf-8")))
