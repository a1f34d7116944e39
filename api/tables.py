"""Every table of the project, imported once so that `Base.metadata` is complete."""

from api.booking.feed.tables import CalendarFeed
from api.booking.tables import Availability, AvailabilityException, Counsellor, Meeting, NodeDay
from api.catalogue.import_jobs.tables import ImportFinding, ImportJob, ImportPiece
from api.catalogue.keeping.tables import BulkPlan
from api.catalogue.susa.tables import SusaCourse, SusaEvent, SusaInfo, SusaProvider, SusaRun
from api.catalogue.tables import Course, ImportBatch, Municipality, Node, Occasion, Region
from api.chat.tables import Conversation, Message
from api.contact.enquiries.tables import Enquiry, EnquiryLink, EnquiryNote, EnquiryRoute
from api.contact.hosts.tables import ReceivingCompany
from api.contact.networks.tables import Network
from api.events.tables import Event, EventSignup, EventSignupLink
from api.guidance.outlook.tables import Outlook
from api.guidance.tables import Answer, Occupation
from api.insight.accessibility.tables import AccessibilityGap, AccessibilityStatement
from api.insight.asked.tables import InsightDay, Phrase, PlaceDay, TopicDay
from api.insight.background.tables import BackgroundCount
from api.insight.chain.tables import ChainCount
from api.insight.examples.tables import TrainingExample
from api.insight.report.tables import FreeWait, ReportCount
from api.outbox.tables import Outbox
from api.privacy.tables import BotForgetting, ContactToken
from api.seed.tables import SeedPlanted
from api.staff.tables import Account, Audit, LoginFailure, RowChange, StaffSession

__all__ = [
    "AccessibilityGap",
    "AccessibilityStatement",
    "Account",
    "Answer",
    "Audit",
    "Availability",
    "AvailabilityException",
    "BackgroundCount",
    "BotForgetting",
    "BulkPlan",
    "CalendarFeed",
    "ChainCount",
    "ContactToken",
    "Conversation",
    "Counsellor",
    "Course",
    "Enquiry",
    "EnquiryLink",
    "EnquiryNote",
    "EnquiryRoute",
    "Event",
    "EventSignup",
    "EventSignupLink",
    "FreeWait",
    "ImportBatch",
    "ImportFinding",
    "ImportJob",
    "ImportPiece",
    "InsightDay",
    "LoginFailure",
    "Meeting",
    "Message",
    "Municipality",
    "Network",
    "Node",
    "NodeDay",
    "Occasion",
    "Occupation",
    "Outbox",
    "Outlook",
    "Phrase",
    "PlaceDay",
    "ReceivingCompany",
    "Region",
    "ReportCount",
    "RowChange",
    "SeedPlanted",
    "StaffSession",
    "SusaCourse",
    "SusaEvent",
    "SusaInfo",
    "SusaProvider",
    "SusaRun",
    "TopicDay",
    "TrainingExample",
]
