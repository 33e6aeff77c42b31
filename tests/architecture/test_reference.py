"""The generated reference pages are current, and every setting says what it is for."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from crm.kernel.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reference", ROOT / "scripts" / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_pages_are_current(reference: ModuleType) -> None:
    assert reference.stale() == [], "run scripts/reference.py"


def test_every_setting_is_described(reference: ModuleType) -> None:
    page = reference.settings_page()
    for name, info in Settings.model_fields.items():
        assert info.description
        assert f"`KLYNGE_{name.upper()}`" in page
