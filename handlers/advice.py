"""Help me choose: at most two questions, then the cheapest plans and why.

[Help me choose] ─▶ how many days? ─▶ tapped, typed or as dates ─▶ [how many such trips?] ─▶ advice
                                  └─▶ [From my usage] ─▶ advice
advice ─▶ [plan] ─▶ the quote, as in renew.mmd
"""

from __future__ import annotations

from enum import StrEnum

from bot.domain.cover import LONGEST_DAYS
from bot.services.advise_plan import AdvisePlan, Trip
from handlers import sending
from handlers.buttons import Action
from handlers.context import EventContext
from handlers.html import Html
from handlers.routing import DONE, NextStep, Part, on_anything_else, on_press, on_text
from handlers.screens import advice as screens
from handlers.trips import as_trip
from handlers.typed import as_count


class Step(StrEnum):
    CHOOSING_TRIP = "advice:trip"
    CHOOSING_TRIPS = "advice:trips"


class AdviceDialogue:
    def __init__(self, advise: AdvisePlan) -> None:
        self._advise = advise

    async def ask_days(self, context: EventContext, hint: Html | None = None) -> NextStep:
        context.show(screens.ask_days(context.t, hint))
        return Step.CHOOSING_TRIP

    async def ask_dates(self, context: EventContext) -> NextStep:
        context.show(screens.ask_dates(context.t))
        return Step.CHOOSING_TRIP

    async def take_days(self, context: EventContext) -> NextStep:
        return await self._take(context, context.pressed.number)

    async def take_typed(self, context: EventContext) -> NextStep:
        """Dates are one trip; a number of days may be several."""
        today = await self._advise.today(context.unit, context.subscriber)
        month_first = context.t.writes_year_first
        trip = as_trip(context.text, today, month_first=month_first)
        if trip is not None and trip.days <= LONGEST_DAYS:
            return await self._advise_trip(context, trip)
        if trip is not None:
            return await self._want_fewer(context)
        days = as_count(context.text)
        return await (self.want_trip(context) if days is None else self._take(context, days))

    async def take_trips(self, context: EventContext) -> NextStep:
        return await self._take_trips(context, context.pressed.name, context.pressed.number)

    async def take_typed_trips(self, context: EventContext) -> NextStep:
        """The days are those about which the panel asks."""
        panel = await context.unit.chat_messages.get(context.subscriber.id, sending.PANEL)
        days = panel.subject if panel is not None and panel.shows == "trips" else None
        trips = as_count(context.text)
        if days is None or not trips:
            return await self.take_typed(context)
        return await self._take_trips(context, days, min(trips, screens.MOST_TRIPS))

    async def by_history(self, context: EventContext) -> NextStep:
        advised = await self._advise.by_history(context.unit, context.subscriber)
        if advised is None:
            hint = context.t("No use of your line is known yet. How long is your trip?")
            return await self.ask_days(context, hint)
        context.show(screens.by_history(context.t, advised))
        return DONE

    async def want_trip(self, context: EventContext) -> NextStep:
        return await self.ask_days(context, screens.want_trip(context.t))

    async def _take_trips(self, context: EventContext, days: str, trips: int) -> NextStep:
        known = as_count(days)
        if known is None or not (1 <= known <= LONGEST_DAYS and 1 <= trips <= screens.MOST_TRIPS):
            return await self.ask_days(context)
        if trips == 1:
            return await self._advise_trip(context, Trip(known))
        advised = await self._advise.for_trips(context.unit, context.subscriber, known, trips)
        context.show(screens.for_trips(context.t, advised, known, trips))
        return DONE

    async def _take(self, context: EventContext, days: int) -> NextStep:
        if not 1 <= days <= LONGEST_DAYS:
            return await self._want_fewer(context)
        if not screens.may_be_several(days):
            return await self._advise_trip(context, Trip(days))
        context.show(screens.ask_trips(context.t, days))
        return Step.CHOOSING_TRIPS

    async def _want_fewer(self, context: EventContext) -> NextStep:
        hint = context.t("⚠️ Please say from 1 to {most} days.", most=LONGEST_DAYS)
        return await self.ask_days(context, hint)

    async def _advise_trip(self, context: EventContext, trip: Trip) -> NextStep:
        advised = await self._advise.for_trip(context.unit, context.subscriber, trip)
        context.show(screens.for_trip(context.t, advised, trip))
        return DONE

    def part(self) -> Part:
        return Part(
            entries=[
                on_press(Action.ADVISE, self.ask_days),
                on_press(Action.TRIP_DATES, self.ask_dates),
                on_press(Action.TRIP_DAYS, self.take_days),
                on_press(Action.TRIPS, self.take_trips),
                on_press(Action.HISTORY, self.by_history),
            ],
            steps={
                Step.CHOOSING_TRIP: [
                    on_text(self.take_typed),
                    on_anything_else(self.want_trip),
                ],
                Step.CHOOSING_TRIPS: [
                    on_text(self.take_typed_trips),
                    on_anything_else(self.want_trip),
                ],
            },
        )
