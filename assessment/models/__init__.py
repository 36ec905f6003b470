from assessment.models.finding import Finding
from assessment.models.job import Job
from assessment.models.report import Report
from assessment.models.segmentation import DamageQuery, Segmentation
from assessment.models.triage import Triage

__all__ = ["DamageQuery", "Finding", "Job", "Report", "Segmentation", "Triage"]
