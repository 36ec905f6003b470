from assessment.models.decision import Decision
from assessment.models.docket import Docket
from assessment.models.finding import Finding, FindingRevision
from assessment.models.job import Job
from assessment.models.report import Report
from assessment.models.segmentation import Call, DamageQuery, Earmark, Segmentation
from assessment.models.sighting import Sighting
from assessment.models.triage import Triage

__all__ = [
    "Call",
    "DamageQuery",
    "Decision",
    "Docket",
    "Earmark",
    "Finding",
    "FindingRevision",
    "Job",
    "Report",
    "Segmentation",
    "Sighting",
    "Triage",
]
