"""Which worker gets a conversation."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from api.chat.workers import Workers

URLS = st.lists(st.integers(0, 30).map(lambda number: f"http://bot-{number}:5005"), min_size=2, max_size=8, unique=True)


@given(URLS, st.uuids(), st.randoms())
def test_the_order_is_the_same_wherever_and_however_the_workers_are_listed(urls: list[str], talk: UUID, random) -> None:
    shuffled = random.sample(urls, len(urls))
    assert Workers(urls).ranked(talk) == Workers(shuffled).ranked(talk)


@given(URLS, st.uuids(), st.data())
def test_a_worker_less_moves_only_its_own_conversations(urls: list[str], talk: UUID, data: st.DataObject) -> None:
    gone = data.draw(st.sampled_from(urls))
    before = Workers(urls).ranked(talk)
    after = Workers([url for url in urls if url != gone]).ranked(talk)
    assert after == [url for url in before if url != gone]


@given(URLS, st.uuids(), st.data())
def test_who_was_gone_comes_last_for_a_while_and_nobody_is_left_out(
    urls: list[str], talk: UUID, data: st.DataObject
) -> None:
    now = 100.0
    workers = Workers(urls, monotonic=lambda: now)
    order = workers.ranked(talk)
    gone = set(data.draw(st.lists(st.sampled_from(urls))))
    for url in gone:
        workers.gone(url)
    assert workers.ranked(talk) == [*(u for u in order if u not in gone), *(u for u in order if u in gone)]
    if gone:
        workers.back(returned := sorted(gone)[0])
        assert workers.ranked(talk).index(returned) < len(urls) - len(gone) + 1
    now += 5.0
    assert workers.ranked(talk) == order
