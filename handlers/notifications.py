"""Notifications: what is told, and when not.

[Notifications] ─▶ [Alerts] ─▶ a kind on or off, for every line or for one
                ├▶ [Quiet hours] ─▶ tapped, typed, or none
                ├▶ [Time zone] ─▶ a city, typed, or as the line
                └▶ [News], [Offers] on or off
an alert ─▶ [Stop these] ─▶ the alerts, with that kind off
"""

from __future__ import annotations

from enum import StrEnum

from bot.domain.errors import NoLine
from bot.domain.line import Line
from bot.domain.preferences import AlertKind
from bot.services.change_preferences import ChangePreferences
from bot.services.link_line import own_line
from bot.services.read_account import chosen_line
from handlers.buttons import Action
from handlers.context import EventContext
from handlers.html import Html
from handlers.places import as_quiet_hours, as_zone, zone_known
from handlers.routing import DONE, NextStep, Part, on_anything_else, on_press, on_text
from handlers.screens import notifications as screens


class Step(StrEnum):
    CHOOSING_HOURS = "notify:hours"
    CHOOSING_ZONE = "notify:zone"


class NotificationsDialogue:
    def __init__(self, change: ChangePreferences) -> None:
        self._change = change

    async def show(self, context: EventContext, note: Html | None = None) -> NextStep:
        held = await self._change.held(context.unit, context.subscriber)
        line = await _present_line(context)
        context.show(screens.notifications(context.t, held, line, note))
        return DONE

    async def prefer(self, context: EventContext) -> NextStep:
        press = context.pressed
        await self._change.subscribe(
            context.unit, context.subscriber, press.name, wanted=press.number == 1
        )
        return await self.show(context)

    async def alerts(self, context: EventContext) -> NextStep:
        return await self._show_alerts(context, context.pressed.number)

    async def alert_lines(self, context: EventContext) -> NextStep:
        linked = await context.unit.lines.of(context.subscriber.id)
        context.show(screens.alert_lines(context.t, linked))
        return DONE

    async def hear(self, context: EventContext) -> NextStep:
        return await self._hear(context, told=True)

    async def silence(self, context: EventContext) -> NextStep:
        return await self._hear(context, told=False)

    async def quiet_hours(self, context: EventContext, hint: Html | None = None) -> NextStep:
        held = await self._change.held(context.unit, context.subscriber)
        line = await _present_line(context)
        context.show(screens.quiet_hours(context.t, held, line, hint))
        return Step.CHOOSING_HOURS

    async def take_hours(self, context: EventContext) -> NextStep:
        named = context.pressed.name
        if named != screens.OFF:
            begin, _, end = named.partition("-")
            return await self._be_quiet(context, f"{_clock(begin)}-{_clock(end)}")
        await self._change.be_quiet(context.unit, context.subscriber, None)
        return await self.show(context, context.t("✅ Saved."))

    async def take_typed_hours(self, context: EventContext) -> NextStep:
        return await self._be_quiet(context, context.text)

    async def want_hours(self, context: EventContext) -> NextStep:
        return await self.quiet_hours(
            context, context.t("⚠️ Please send two times, such as 22-8 or 22:30-07:00.")
        )

    async def zones(self, context: EventContext, hint: Html | None = None) -> NextStep:
        held = await self._change.held(context.unit, context.subscriber)
        context.show(screens.zones(context.t, held, await _present_line(context), hint))
        return Step.CHOOSING_ZONE

    async def take_zone(self, context: EventContext) -> NextStep:
        name = context.pressed.name
        if name != screens.AUTOMATIC and not zone_known(name):
            return await self.want_zone(context)
        return await self._live_in(context, None if name == screens.AUTOMATIC else name)

    async def take_typed_zone(self, context: EventContext) -> NextStep:
        name = as_zone(context.text)
        if name is None:
            return await self.want_zone(context)
        return await self._live_in(context, name)

    async def want_zone(self, context: EventContext) -> NextStep:
        return await self.zones(
            context,
            context.t("⚠️ I do not know this place. Please send a larger city, or UTC+8."),
        )

    # ── steps ─────────────────────────────────────────────────────────────────────────────────────

    async def _show_alerts(
        self, context: EventContext, line_id: int, note: Html | None = None
    ) -> NextStep:
        line = await own_line(context.unit, context.subscriber.id, line_id) if line_id else None
        several = len(await context.unit.lines.of(context.subscriber.id)) > 1
        held = await self._change.held(context.unit, context.subscriber)
        context.show(screens.alerts(context.t, held, line, several=several, note=note))
        return DONE

    async def _hear(self, context: EventContext, *, told: bool) -> NextStep:
        press = context.pressed
        if press.name not in set(AlertKind):
            return await self._show_alerts(context, 0)
        kind = AlertKind(press.name)
        await self._change.hear(context.unit, context.subscriber, kind, press.number, told=told)
        note = context.t("✅ Silenced. A tap turns it on again.") if press.anew else None
        return await self._show_alerts(context, press.number, note)

    async def _be_quiet(self, context: EventContext, text: str) -> NextStep:
        hours = as_quiet_hours(text)
        if hours is None:
            return await self.want_hours(context)
        await self._change.be_quiet(context.unit, context.subscriber, hours)
        return await self.show(context, context.t("✅ Saved."))

    async def _live_in(self, context: EventContext, name: str | None) -> NextStep:
        await self._change.live_in(context.unit, context.subscriber, name)
        return await self.show(context, context.t("✅ Saved."))

    def part(self) -> Part:
        return Part(
            entries=[
                on_press(Action.NOTIFICATIONS, self.show),
                on_press(Action.PREFER, self.prefer),
                on_press(Action.ALERTS, self.alerts),
                on_press(Action.ALERT_LINES, self.alert_lines),
                on_press(Action.ALERT_ON, self.hear),
                on_press(Action.ALERT_OFF, self.silence),
                on_press(Action.QUIET_HOURS, self.quiet_hours),
                on_press(Action.QUIET, self.take_hours),
                on_press(Action.ZONES, self.zones),
                on_press(Action.ZONE, self.take_zone),
            ],
            steps={
                Step.CHOOSING_HOURS: [
                    on_text(self.take_typed_hours),
                    on_anything_else(self.want_hours),
                ],
                Step.CHOOSING_ZONE: [
                    on_text(self.take_typed_zone),
                    on_anything_else(self.want_zone),
                ],
            },
        )


async def _present_line(context: EventContext) -> Line | None:
    linked = await context.unit.lines.of(context.subscriber.id)
    try:
        return chosen_line(linked, context.subscriber)
    except NoLine:
        return None


def _clock(minutes: str) -> str:
    """A button's minutes of the day as they would be typed; what is none stays none."""
    if not (minutes.isascii() and minutes.isdecimal() and len(minutes) <= 4):
        return ""
    return f"{int(minutes) // 60}:{int(minutes) % 60:02}"
