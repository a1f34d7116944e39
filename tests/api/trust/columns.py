"""The text columns that the planting test leaves alone, each with its reason. Every other one gets hostile strings."""

from __future__ import annotations

NOT_PLANTED: dict[str, frozenset[str]] = {
    "a hash or a random token that the program makes": frozenset(
        {
            "account.password_hash", "account.link_hash", "bulk_plan.batch", "calendar_feed.token_hash",
            "contact_token.token", "conversation.origin", "conversation.token_hash", "enquiry.client_key",
            "enquiry_link.token_hash", "event_signup.origin", "event_signup.told_facts",
            "event_signup_link.token_hash", "import_job.digest",
            "import_job.plan_digest", "login_failure.key", "meeting.origin", "meeting.request_digest",
            "meeting_link.token_hash", "row_change.batch", "staff_session.token_hash", "susa_event.digest",
            "susa_info.digest", "susa_provider.digest", "susa_run.fingerprint", "susa_run.owner",
        }
    ),
    "a code that the program makes from its own letters": frozenset(
        {
            "enquiry.reference", "event_signup.ical_uid", "event_signup.reference", "meeting.ical_uid",
            "meeting.reference", "outbox.message_id", "outbox.reference",
        }
    ),
    "one word of a fixed list, by a constraint or by the program": frozenset(
        {
            "accessibility_gap.reason", "accessibility_statement.compliance", "account.role", "answer.topic",
            "audit.action", "audit.actor", "audit.subject", "background_count.answer", "background_count.question",
            "background_count.step", "chain_count.step", "contact_token.kind", "course.kind", "enquiry.matter",
            "enquiry.status", "enquiry.taken_by", "enquiry_note.actor", "enquiry_note.kind", "enquiry_route.matter",
            "event.hearing_loop", "event.kind", "event.status", "event.step_free", "event_signup.ended_by",
            "event_signup.status", "import_finding.part", "import_job.actor", "import_job.state", "import_job.step",
            "import_job.work", "insight_phrase.state", "insight_phrase.topic", "insight_topic_day.topic",
            "meeting.contact_kind", "meeting.meeting_type", "meeting.status", "message.feedback", "message.kind",
            "message.sender", "message.topic", "network.status", "occasion.source", "occasion.status", "outbox.channel",
            "outbox.kind", "receiving_company.status", "receiving_company.step_free", "report_count.measure",
            "row_change.action", "row_change.actor", "row_change.cause", "row_change.key", "row_change.kind",
            "susa_event.gone", "susa_event.problem", "susa_event.state", "susa_provider.decision", "susa_run.actor",
            "susa_run.kind", "susa_run.phase", "susa_run.state", "training_example.state", "training_example.topic",
            "counsellor.meeting_types", "occupation.guide", "occupation.traits", "susa_run.counts",
            "bulk_plan.change", "import_batch.summary",
        }
    ),
    "part of an address or the key of other rows: letters, digits and hyphens, checked where it is made": frozenset(
        {
            "chain_count.node", "counsellor.slug", "free_wait.node", "network.slug", "node.slug", "occupation.related",
            "occupation.slug", "bulk_plan.shown", "bulk_plan.refused",
        }
    ),
    "digits or ids of official registers, of the seed data or of a file that is refused unless they fit": frozenset(
        {
            "municipality.code", "municipality.concept_id", "occupation.concept_ids", "occupation.group_concept_id",
            "occupation.ssyk", "outlook.concept_id", "outlook.period", "outlook.region", "outlook.ssyk",
            "outlook.taxonomy_version", "region.code", "region.concept_id", "susa_provider.municipality_code",
        }
    ),
    "bytes of an uploaded file, read only by the readers of the import": frozenset({"import_piece.data"}),
    "a key that a client chooses; compared, never shown": frozenset(
        {"event_signup.idempotency_key", "meeting.idempotency_key", "message.client_id"}
    ),
    "only ever read back by the undo of an import, which puts it into columns that are planted": frozenset(
        {"import_batch.undo"}
    ),
}  # fmt: skip

NOT_SHOWN: dict[str, frozenset[str]] = {
    "only compared, never shown": frozenset(
        {
            "account.oidc_issuer", "account.oidc_subject", "insight_phrase.municipality", "insight_phrase.plain",
            "insight_topic_day.municipality", "seed_planted.key", "seed_planted.kind",
            "susa_event.source_id", "susa_info.source_id", "susa_provider.source_id",
            "training_example.plain",
        }
    ),
    "the base of a comparison; what differs is shown": frozenset({"susa_course.mirrored", "susa_event.mirrored"}),
    "stored on the way to a course, whose own columns are planted": frozenset(
        {"susa_event.title", "susa_info.details", "susa_provider.details"}
    ),
    "said in the chat alone, as the text and data of a message, which are planted": frozenset(
        {
            "counsellor.languages", "outlook.coverage", "outlook.forecast", "outlook.name", "outlook.possibilities",
            "outlook.possibilities_text", "outlook.situation", "outlook.situation_text", "outlook.ssyk_title",
            "region.name",
        }
    ),
    "written into mails: test_planted_mails.py": frozenset({"contact_token.value", "outbox.payload"}),
    "addresses of mails, used by the worker alone": frozenset({"outbox.notify", "outbox.redirected_to"}),
    "kept for the record, without a page": frozenset({"audit.details", "message.feedback_comment"}),
    "where a link leads back; anything but a page of ours is left out": frozenset({"bulk_plan.back"}),
}  # fmt: skip
"""Planted columns that no page or file shows, by the reason."""
