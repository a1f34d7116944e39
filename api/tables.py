"""Every table of the project, imported once so that `Base.metadata` is complete."""

from api.booking.tables import Availability, Counsellor, Meeting
from api.catalogue.tables import Course, ImportBatch, Municipality, Node, Occasion, Region
from api.chat.tables import Conversation, Message
from api.guidance.outlook.tables import Outlook
from api.guidance.tables import Answer, Occupation
from api.outbox.tables import Outbox
from api.privacy.tables import ContactToken
from api.staff.tables import Account, Audit, LoginFailure, StaffSession

__all__ = [
    "Account",
    "Answer",
    "Audit",
    "Availability",
    "ContactToken",
    "Conversation",
    "Counsellor",
    "Course",
    "ImportBatch",
    "LoginFailure",
    "Meeting",
    "Message",
    "Municipality",
    "Node",
    "Occasion",
    "Occupation",
    "Outbox",
    "Outlook",
    "Region",
    "StaffSession",
]
