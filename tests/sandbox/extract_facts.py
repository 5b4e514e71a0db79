"""Extract from the official Bot API file the facts that the sandbox's Telegram keeps to.

Facts are names, types, what is required, numeric limits and the fixed values of discriminators;
none of the official prose is kept. Run it when a new Bot API is out:

    python -m tests.sandbox.extract_facts path/to/bot-api.json

The path may also come from the folder named by the environment's SPECS (default ../shared/specs).
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FACTS = ROOT / "bot" / "sandbox" / "telegram" / "facts.json"


def _names(text: str) -> list[str]:
    return text.split()


METHODS = _names("""
getMe getUpdates setWebhook deleteWebhook getWebhookInfo sendMessage sendPhoto sendDocument
sendVideo sendVoice sendChatAction editMessageText editMessageCaption editMessageMedia
editMessageReplyMarkup deleteMessage copyMessage forwardMessage answerCallbackQuery getFile getChat
getChatMember setMyCommands getMyCommands deleteMyCommands setMyDescription setMyShortDescription
setChatMenuButton createForumTopic editForumTopic closeForumTopic reopenForumTopic deleteForumTopic
setMessageReaction sendInvoice createInvoiceLink answerPreCheckoutQuery refundStarPayment
getStarTransactions
""")

SHAPES = _names("""
 Update Message MaybeInaccessibleMessage InaccessibleMessage MessageId MessageEntity User Chat
ChatFullInfo AcceptedGiftTypes CallbackQuery PreCheckoutQuery OrderInfo ShippingAddress Invoice
LabeledPrice SuccessfulPayment RefundedPayment StarTransactions StarTransaction TransactionPartner
TransactionPartnerUser PhotoSize Document Video Voice Sticker Contact File ForumTopic
ForumTopicCreated ForumTopicEdited ForumTopicClosed ForumTopicReopened ReactionType
ReactionTypeEmoji ReactionTypeCustomEmoji ReactionTypePaid ChatMember ChatMemberUpdated
ChatMemberMember ChatMemberAdministrator ChatMemberOwner ChatMemberLeft ChatMemberRestricted
ChatMemberBanned WebhookInfo MessageOrigin MessageOriginUser MessageOriginHiddenUser
MessageOriginChat LinkPreviewOptions ReplyParameters BotCommand BotCommandScope
BotCommandScopeDefault BotCommandScopeAllPrivateChats BotCommandScopeAllGroupChats
BotCommandScopeAllChatAdministrators BotCommandScopeChat BotCommandScopeChatAdministrators
BotCommandScopeChatMember MenuButton MenuButtonCommands MenuButtonWebApp MenuButtonDefault
WebAppInfo InlineKeyboardMarkup InlineKeyboardButton CopyTextButton LoginUrl
SwitchInlineQueryChosenChat CallbackGame ReplyKeyboardMarkup ReplyKeyboardRemove ForceReply
KeyboardButton KeyboardButtonRequestUsers KeyboardButtonRequestChat KeyboardButtonPollType
ChatAdministratorRights InputMedia InputMediaPhoto InputMediaDocument InputMediaVideo
InputMediaAudio InputMediaAnimation
""")

_LIMIT = re.compile(r"(\d+)-(\d+) (characters|bytes)")
_RANGE = re.compile(r"[Vv]alues between (\d+)-(\d+)")
_CONNECTIONS = re.compile(r"webhook for update delivery, (\d+)-(\d+)")
_FIXED = re.compile(r"(?:always|must be) '?(\w+)'?\.?$")


def official_file() -> Path | None:
    """The official file: by SPECS or beside the project; None when it is not at hand."""
    folder = Path(os.environ.get("SPECS", ROOT.parent / "shared" / "specs"))
    return max(folder.glob("bot-api-*.json"), default=None)


def extract(official: dict[str, Any]) -> dict[str, Any]:
    """The facts in the shape of facts.json, from the official description."""
    return {
        "version": official["version"],
        "method_names": sorted(official["methods"]),
        "methods": {
            name: {
                "parameters": _fields(official["methods"][name]["fields"]),
                "returns": official["methods"][name]["returns"],
            }
            for name in METHODS
        },
        "types": {name: _shape(official["types"][name]) for name in SHAPES},
    }


def _shape(described: dict[str, Any]) -> dict[str, Any]:
    if described.get("subtypes"):
        return {"one_of": [name for name in described["subtypes"] if name in SHAPES]}
    return {"fields": _fields(described["fields"])}


def _fields(described: list[dict[str, Any]]) -> dict[str, Any]:
    return {field["name"]: _field(field) for field in described}


def _field(described: dict[str, Any]) -> dict[str, Any]:
    fact: dict[str, Any] = {"types": described["types"]}
    if described["required"]:
        fact["required"] = True
    text = described["description"]
    if limit := _LIMIT.search(text):
        fact |= {"min": int(limit[1]), "max": int(limit[2]), "of": limit[3]}
    elif limit := _RANGE.search(text) or _CONNECTIONS.search(text):
        fact |= {"min": int(limit[1]), "max": int(limit[2])}
    if fixed := _FIXED.search(text):
        fact["value"] = fixed[1]
    return fact


def main() -> None:
    """Write facts.json anew."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else official_file()
    if path is None:
        sys.exit("no bot-api-*.json found: give its path, or set SPECS to its folder")
    facts = extract(json.loads(path.read_text("utf-8")))
    FACTS.write_text(_one_line_each(facts), "utf-8")


def _one_line_each(facts: dict[str, Any]) -> str:
    """JSON with one method or shape a line, so that a new version shows as a readable diff."""
    parts = [f'"version": {json.dumps(facts["version"])}']
    parts.append(f'"method_names": {json.dumps(facts["method_names"])}')
    for section in ("methods", "types"):
        lines = (f" {json.dumps(k)}: {json.dumps(v)}" for k, v in facts[section].items())
        parts.append(f'"{section}": {{\n' + ",\n".join(lines) + "\n}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    main()
