"""The carrier as the world of the sandbox holds it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter
from starlette.routing import BaseRoute

from bot.sandbox.carrier.bodies import instant
from bot.sandbox.carrier.cast import OFFERINGS, settle_in
from bot.sandbox.carrier.control import CarrierControl
from bot.sandbox.carrier.events import Herald, Subscription
from bot.sandbox.carrier.faults import Faults
from bot.sandbox.carrier.gate import Gate, Witness
from bot.sandbox.carrier.model import Clock, Order, Text
from bot.sandbox.carrier.network import Network, NetworkState
from bot.sandbox.carrier.ordering import Ordering
from bot.sandbox.carrier.tmf import TmfApi

Publish = Callable[[str, dict[str, Any]], None]


@dataclass
class Memory:
    """What outlives a restart of the sandbox; faults do not."""

    network: NetworkState
    subscriptions: dict[str, Subscription] = field(default_factory=dict)


_MEMORY = TypeAdapter(Memory)


class Carrier:
    """A carrier with the cast's lines.

    `publish("sms", {msisdn, text, at})` is called for each text that a line receives.
    `activation` is how long an order takes, on the sandbox's clock.
    """

    def __init__(
        self, clock: Clock, publish: Publish, *, activation: timedelta = timedelta(seconds=5)
    ) -> None:
        self._publish = publish
        self._faults = Faults()
        self._network = Network(
            clock,
            OFFERINGS,
            activation=activation,
            move_in=settle_in,
            on_settled=self._order_ended,
            on_text=self._text_arrived,
        )
        self._herald = Herald(self._network, self._faults)
        self._gate = Gate(self._faults, self._herald)
        self._api = TmfApi(self._network, Ordering(self._network, self._faults, self._herald))

    def routes(self) -> list[BaseRoute]:
        """The Open APIs, to be mounted under /carrier."""
        return self._api.routes(self._gate)

    def control_routes(self) -> list[BaseRoute]:
        """The control API, to be mounted under /sandbox/carrier."""
        return CarrierControl(self._network, self._faults).routes()

    def watch_calls(self, witness: Witness) -> None:
        """Show every call of the Open APIs and its answer to a witness."""
        self._gate.witness = witness

    def snapshot(self) -> dict[str, Any]:
        """Everything a carrier would still know after a restart, as JSON."""
        memory = Memory(self._network.state, self._herald.subscriptions)
        state: dict[str, Any] = _MEMORY.dump_python(memory, mode="json")
        return state

    def restore(self, snapshot: dict[str, Any]) -> None:
        """Go on from a snapshot."""
        memory = _MEMORY.validate_python(snapshot)
        self._network.load(memory.network)
        self._herald.subscriptions = memory.subscriptions

    async def close(self) -> None:
        """Stop sending notices."""
        await self._herald.close()

    def _order_ended(self, order: Order) -> None:
        self._herald.order_ended(order)

    def _text_arrived(self, text: Text) -> None:
        self._publish("sms", {"msisdn": text.msisdn, "text": text.text, "at": instant(text.at)})
