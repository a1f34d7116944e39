"""What the capabilities bring to the application: a new page, form, figure or kind of row is named here.

A router whose paths could be taken for another's parameters stands before it.
"""

from __future__ import annotations

from fastapi import APIRouter

from api import front, health
from api.asking import router as asking
from api.asking.questionnaire import Forms
from api.booking import figures as booking_figures
from api.booking import mail_pages
from api.booking import meeting_router as booked_meetings
from api.booking import router as booking
from api.booking.contacts import kept as counsellors_kept
from api.booking.contacts import pages as contact_pages
from api.booking.feed import router as feed
from api.booking.pages import (
    booking_for,
    changing,
    counsellor_feeds,
    hour_changes,
    hours,
    linking,
    listing,
    node_days,
    node_feeds,
    one_meeting,
    overview,
    rules,
    today,
)
from api.booking.pages import person as booking_pages
from api.catalogue import pages as catalogue_pages
from api.catalogue.import_jobs import job_pages as import_job_pages
from api.catalogue.import_jobs import pages as import_pages
from api.catalogue.keeping import attention as catalogue_attention
from api.catalogue.keeping import kept_rows as catalogue_kept
from api.catalogue.keeping import pages as keeping_pages
from api.catalogue.open_data import crawling, emil_router
from api.catalogue.open_data import router as open_data
from api.catalogue.places import kept as places_kept
from api.catalogue.places import pages as place_pages
from api.catalogue.susa import pages as susa_pages
from api.chat import router as chat
from api.chat.answers import kept as answers_kept
from api.chat.answers import listing as answers
from api.chat.answers import pages as answer_pages
from api.chat.page import pages as chat_pages
from api.chat.trial import pages as trial_pages
from api.contact.asking import forms as enquiry_forms
from api.contact.enquiries.pages import listing as enquiry_list
from api.contact.enquiries.pages import one as one_enquiry
from api.contact.enquiries.pages import own as own_enquiry
from api.contact.enquiries.pages import public as enquiry_pages
from api.contact.enquiries.routes import kept as routes_kept
from api.contact.enquiries.routes import pages as route_pages
from api.contact.hosts import kept as hosts_kept
from api.contact.hosts import pages as host_pages
from api.contact.hosts import staff_pages as host_staff_pages
from api.contact.networks import kept as networks_kept
from api.contact.networks import pages as network_pages
from api.contact.networks import staff_pages as network_staff_pages
from api.events.asking import forms as event_forms
from api.events.asking import router as own_signups
from api.events.pages import keeping as event_keeping
from api.events.pages import kept as events_kept
from api.events.pages import listing as event_list
from api.events.pages import own as own_event
from api.events.pages import people as event_people
from api.events.pages import public as event_pages
from api.events.pages import telling as event_mails
from api.guidance.keeping import kept as occupations_kept
from api.guidance.keeping import pages as occupation_pages
from api.insight.accessibility import kept as accessibility_kept
from api.insight.accessibility import pages as accessibility_pages
from api.insight.accessibility import staff_pages as accessibility_keeping
from api.insight.asked import pages as asked_pages
from api.insight.asked import phrase_pages
from api.insight.background import pages as background_pages
from api.insight.chain import clicks
from api.insight.chain import pages as chain_pages
from api.insight.examples import pages as example_pages
from api.insight.report import pages as report_pages
from api.observing import router as metrics
from api.observing.state import Gauge
from api.outbox import figures as outbox_figures
from api.privacy import pages as privacy_pages
from api.privacy import staff_pages as person_pages
from api.staff import admin_pages, history_pages, oidc_pages, own_pages, removed_pages
from api.staff import pages as staff_pages
from api.staff.chores import Chores
from api.staff.kept import Kept

ROUTERS: tuple[APIRouter, ...] = (
    # Serving
    health.router,
    metrics.router,
    front.router,
    # Chat
    chat.router,
    chat.internal,
    chat_pages.router,
    trial_pages.router,
    answer_pages.router,
    asking.internal,
    # Guidance
    occupation_pages.router,
    # Catalogue
    catalogue_pages.router,
    keeping_pages.router,
    place_pages.router,
    import_pages.router,
    import_job_pages.router,
    susa_pages.router,
    emil_router.router,
    open_data.router,
    crawling.router,
    # Booking
    booking.internal,
    booked_meetings.internal,
    booking_pages.router,
    listing.router,
    booking_for.router,
    one_meeting.router,
    changing.router,
    hours.router,
    hour_changes.router,
    rules.router,
    counsellor_feeds.router,
    node_days.router,
    overview.router,
    node_feeds.router,
    linking.router,
    feed.router,
    contact_pages.router,
    mail_pages.router,
    # Events
    own_signups.internal,
    own_event.router,
    event_pages.router,
    event_list.router,
    event_keeping.router,
    event_mails.router,
    event_people.router,
    # Contact
    host_pages.router,
    host_staff_pages.router,
    network_pages.router,
    network_staff_pages.router,
    enquiry_pages.router,
    own_enquiry.router,
    enquiry_list.router,
    one_enquiry.router,
    route_pages.router,
    # Insight
    asked_pages.router,
    phrase_pages.router,
    example_pages.router,
    clicks.router,
    background_pages.router,
    chain_pages.router,
    report_pages.router,
    accessibility_pages.router,
    accessibility_keeping.router,
    # Privacy
    privacy_pages.router,
    person_pages.router,
    # Staff
    staff_pages.router,
    own_pages.router,
    admin_pages.router,
    oidc_pages.router,
    history_pages.router,
    removed_pages.router,
)

KEPT: tuple[Kept, ...] = (
    *catalogue_kept.KEPT,
    *places_kept.KEPT,
    *occupations_kept.KEPT,
    *answers_kept.KEPT,
    *counsellors_kept.KEPT,
    *accessibility_kept.KEPT,
    *routes_kept.KEPT,
    *events_kept.KEPT,
    *hosts_kept.KEPT,
    *networks_kept.KEPT,
)
"""Rows with a history that staff can look at and restore."""

CHORES: tuple[Chores, ...] = (
    catalogue_attention.CHORES,
    *answers.CHORES,
    susa_pages.CHORES,
    mail_pages.chores,
    today.chores,
    event_list.chores,
    enquiry_list.CHORES,
    phrase_pages.CHORES,
    example_pages.CHORES,
    accessibility_kept.CHORES,
)
"""What waits to be done, in the order of staff's start page."""

FORMS = Forms(
    {**event_forms.OPENERS, **enquiry_forms.OPENERS}, (event_forms.signed_up_before, enquiry_forms.sent_before)
)
"""What can be asked for step by step in the chat."""

GAUGES: tuple[Gauge, ...] = (*outbox_figures.GAUGES, *booking_figures.GAUGES)
"""Figures about rows, for those who watch the service."""
