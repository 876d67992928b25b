"""`tocsin classify`: mentions in, one JSON line each out, in input order, no warehouse needed."""

import json
import sys
from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import batched
from typing import Annotated

import typer

from tocsin.progress import bar
from tocsin.settings import Settings
