"""One transaction with every port of the core in it, and the parts that only `bot/` uses."""

from msgspec import Struct

from storage.audit import SqlAudit
from storage.buckets import SqlBuckets
from storage.dead_letters import SqlDeadLetters
from storage.facts import SqlDuties, SqlFacts
from storage.feeds import SqlFeeds
from storage.handoffs import SqlHandoffs
from storage.history import SqlHistory
from storage.inbox import SqlInbox
from storage.incidents import SqlIncidents
from storage.outbox import SqlOutbox
from storage.people import SqlPeople
from storage.preferences import SqlPreferences
from storage.proposals import SqlProposals
from storage.readings import SqlReadings
from storage.rings import SqlProofs, SqlRings
from storage.rota import SqlRotaRequests
from storage.rota_imports import SqlRotaImports
from storage.schedules import SqlSchedules
from storage.signatures import SqlSignatures
from storage.subscriptions import SqlSubscriptions
from storage.timeline import SqlTimeline
from storage.timers import SqlTimers
from storage.transaction import Transaction


class SqlUnit(Struct, frozen=True):
    incidents: SqlIncidents
    timeline: SqlTimeline
    outbox: SqlOutbox
    timers: SqlTimers
    inbox: SqlInbox
    people: SqlPeople
    schedules: SqlSchedules
    handoffs: SqlHandoffs
    audit: SqlAudit
    facts: SqlFacts
    duties: SqlDuties
    buckets: SqlBuckets
    dead_letters: SqlDeadLetters
    rings: SqlRings
    proofs: SqlProofs
    history: SqlHistory
    requests: SqlRotaRequests
    signatures: SqlSignatures
    readings: SqlReadings
    preferences: SqlPreferences
    feeds: SqlFeeds
    imports: SqlRotaImports
    proposals: SqlProposals
    subscriptions: SqlSubscriptions


def unit_of(tx: Transaction) -> SqlUnit:
    people = SqlPeople(tx)
    return SqlUnit(
        incidents=SqlIncidents(tx),
        timeline=SqlTimeline(tx),
        outbox=SqlOutbox(tx),
        timers=SqlTimers(tx),
        inbox=SqlInbox(tx),
        people=people,
        schedules=SqlSchedules(tx, people),
        handoffs=SqlHandoffs(tx),
        audit=SqlAudit(tx),
        facts=SqlFacts(tx),
        duties=SqlDuties(tx),
        buckets=SqlBuckets(tx),
        dead_letters=SqlDeadLetters(tx),
        rings=SqlRings(tx),
        proofs=SqlProofs(tx),
        history=SqlHistory(tx),
        requests=SqlRotaRequests(tx),
        signatures=SqlSignatures(tx),
        readings=SqlReadings(tx),
        preferences=SqlPreferences(tx),
        feeds=SqlFeeds(tx),
        imports=SqlRotaImports(tx),
        proposals=SqlProposals(tx),
        subscriptions=SqlSubscriptions(tx),
    )
