"""A report as JSON. Figures are full doubles."""

from datetime import datetime
from typing import Any

from trustlog.domain.report import ManagerReport, Report
from trustlog.domain.trust import Counted, FacetOpinion, Opinion
from trustlog.view import data


def report(shown: Report) -> dict[str, Any]:
    asked = shown.asked
    return {
        "as_of": asked.as_of.isoformat(),
        "parameters": asked.parameters._asdict(),
        "managers": [_manager(page, asked.why, asked.at) for page in shown.managers],
    }


def _manager(page: ManagerReport, why: bool, at: datetime) -> dict[str, Any]:
    reading = page.reading
    return {
        "manager": page.manager.handle,
        "name": page.manager.name,
        "label": reading.label,
        "gone_quiet": reading.gone_quiet,
        "entries": page.entries,
        "last_contact": reading.last_contact.isoformat() if reading.last_contact else None,
        "facets": {facet: _opinion(opinion) for facet, opinion in reading.facets.items()},
        "overall": _opinion(reading.overall),
        "trend": {
            "since": reading.trend.since.isoformat(),
            "u": reading.trend.u,
            "e": reading.trend.e,
            "words": list(reading.trend.words),
        },
        "responsiveness": {"them": page.them._asdict(), "me": page.me._asdict()},
        "open_loops": [data.commitment(loop, at) for loop in page.loops],
        "steps_to_half_known": reading.steps_to_half_known,
    } | ({"evidence": [_evidence(one, page) for one in reading.evidence]} if why else {})


def _opinion(opinion: Opinion | FacetOpinion) -> dict[str, float]:
    return opinion._asdict()


def _evidence(one: Counted, page: ManagerReport) -> dict[str, Any]:
    atom = one.atom
    return {
        "entry": atom.entry,
        "kind": page.kinds[atom.entry],
        "facet": atom.facet,
        "sign": atom.sign,
        "weight": atom.weight,
        "age_days": one.age_days,
        "counts": one.counts,
    }
