"""All of staff's pages about courses and occasions, in the order in which addresses are tried."""

from __future__ import annotations

from fastapi import APIRouter

from api.catalogue.keeping import bulk_pages, course_pages, list_page, new_pages, occasion_pages

router = APIRouter()
for part in (list_page, bulk_pages, occasion_pages, new_pages, course_pages):
    router.include_router(part.router)
