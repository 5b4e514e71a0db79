"""A bot that says what the test says, and what it says most often."""

from __future__ import annotations

from typing import Any

import aiohttp

from bot.sandbox.cast import BOT_TOKEN

COMMUNICATION = "/tmf-api/communicationManagement/v4"
HOME = (
    "📶 <b>LEB · •••• 1001 · Monthly</b>\n"
    "High speed today   12.4 / 20 GB\n"
    "▰▰▰▰▰▰▱▱▱▱ 62 %\n"
    '7.6 GB left · resets <tg-time unix="1795363200" format="r">at 00:00</tg-time>\n'
    'Ends <tg-time unix="1796659200" format="D">8 December</tg-time> (16 days)\n'
    "Wallet ¥236.00 · 1 coupon"
)
HOME_KEYBOARD = {
    "inline_keyboard": [
        [{"text": "🔄 Renew", "callback_data": "v1:renew", "style": "primary"}],
        [
            {"text": "📊 Chart", "callback_data": "v1:chart"},
            {"text": "🧾 Orders", "callback_data": "v1:orders"},
        ],
    ]
}


def one_button(label: str) -> dict[str, Any]:
    """A keyboard with this button alone."""
    return {"inline_keyboard": [[{"text": label, "callback_data": "v1:one"}]]}


class ScriptedBot:
    """A bot that says what the test says, by plain requests to the Bot API."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self._session = session
        self._address = address
        self._offset = 0

    async def does(self, method: str, **parameters: Any) -> Any:
        """Call a method; gives its result and fails on a refusal."""
        url = f"{self._address}/bot{BOT_TOKEN}/{method}"
        async with self._session.post(url, json=parameters) as response:
            answer = await response.json()
        assert answer["ok"], answer
        return answer["result"]

    async def says(self, text: str, chat_id: int = 1001, **more: Any) -> int:
        """Send a text in HTML; gives the message's id."""
        message = await self.does(
            "sendMessage", chat_id=chat_id, text=text, parse_mode="HTML", **more
        )
        message_id: int = message["message_id"]
        return message_id

    async def hears(self, kind: str) -> dict[str, Any]:
        """The next update of this kind; those before it are passed over."""
        while True:
            updates = await self.does("getUpdates", offset=self._offset, timeout=10)
            assert updates, f"no {kind} came"
            for update in updates:
                self._offset = update["update_id"] + 1
                if kind in update:
                    content: dict[str, Any] = update[kind]
                    return content

    async def texts(self, msisdn: str, content: str) -> None:
        """Have the carrier send a text to a line (TMF681)."""
        url = f"{self._address}/carrier{COMMUNICATION}/communicationMessage"
        body = {
            "messageType": "SMS",
            "content": content,
            "sender": {"name": "LEB"},
            "receiver": [{"phoneNumber": msisdn}],
        }
        async with self._session.post(url, json=body, headers={"apikey": "SANDBOX"}) as response:
            assert response.status == 201, await response.text()

    async def is_greeted(self, chat_id: int = 1001) -> None:
        """Let the person write first, without which a bot may not write."""
        url = f"{self._address}/sandbox/users/{chat_id}/send"
        async with self._session.post(url, json={"text": "/start"}) as response:
            assert response.status == 200, await response.text()
        await self.hears("message")
