"""What must hold of the stored money and orders after anything that may have happened."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

_BREACHES = {
    "the trial balance is not zero": """
        SELECT currency, sum(amount_minor) FROM postings GROUP BY currency
        HAVING sum(amount_minor) <> 0""",
    "a journal mixes currencies": """
        SELECT journal_key FROM postings GROUP BY journal_key
        HAVING count(DISTINCT currency) > 1""",
    "Stars are where money belongs, or money where Stars do": """
        SELECT journal_key, account, currency FROM postings
        WHERE (account = 'clearing:stars' AND currency <> 'XTR')
           OR (account LIKE 'wallet:%' AND currency = 'XTR')""",
    "what Telegram holds in Stars is not what was charged and did not go back": """
        SELECT held, kept FROM (
          SELECT (SELECT -coalesce(sum(amount_minor), 0) FROM postings
                  WHERE account = 'clearing:stars') AS held,
                 (SELECT coalesce(sum(amount_minor), 0) FROM charges WHERE currency = 'XTR')
                 - (SELECT coalesce(sum(amount_minor), 0) FROM refunds
                    WHERE method = 'stars' AND status = 'done')
                 - (SELECT coalesce(sum(p.amount_minor), 0) FROM postings p
                    JOIN journals j ON j.key = p.journal_key
                    WHERE p.account = 'clearing:stars' AND j.kind = 'suspense'
                      AND j.key LIKE 'refund:%') AS kept)
        WHERE held <> kept""",
    "a wallet is below zero": """
        SELECT account, sum(amount_minor) FROM postings WHERE account LIKE 'wallet:%'
        GROUP BY account, currency HAVING sum(amount_minor) < 0""",
    "an order is paid without a journal": """
        SELECT id, status FROM orders
        WHERE status IN ('paid', 'fulfilling', 'fulfilled', 'review', 'refunding', 'refunded')
          AND id NOT IN (SELECT order_id FROM journals WHERE order_id IS NOT NULL)""",
    "an order was paid by more than one journal": """
        SELECT order_id, count(*) FROM journals WHERE kind = 'payment'
        GROUP BY order_id HAVING count(*) > 1""",
    "a charge is not in the ledger": """
        SELECT id FROM charges WHERE 'charge:' || id NOT IN (SELECT key FROM journals)""",
    "money is owed back without a flag, or flagged without being owed": """
        SELECT currency, sum(owed), sum(flagged) FROM (
          SELECT currency, amount_minor AS owed, 0 AS flagged FROM postings
          WHERE account = 'refunds_due'
          UNION ALL
          SELECT currency, 0, amount_minor FROM refunds WHERE status <> 'done')
        GROUP BY currency HAVING sum(owed) <> sum(flagged)""",
    "what is deferred is not what undelivered orders paid": """
        SELECT currency, sum(held), sum(paid) FROM (
          SELECT currency, amount_minor AS held, 0 AS paid FROM postings WHERE account = 'deferred'
          UNION ALL
          SELECT currency, 0, total_minor + coalesce(discount_minor, 0) FROM orders
          WHERE status IN ('paid', 'fulfilling')
             OR (status = 'review' AND paid_at IS NOT NULL AND reason <> 'refund_failed'))
        GROUP BY currency HAVING sum(held) <> sum(paid)""",
    "a coupon was used more or less often than orders hold it": """
        SELECT code, used FROM coupons c
        WHERE used <> (SELECT count(*) FROM coupon_holds h WHERE h.code = c.code)""",
    "a closed or returned order holds a coupon, or a quote does": """
        SELECT o.id, o.status FROM coupon_holds h JOIN orders o ON o.id = h.order_id
        WHERE o.status NOT IN ('awaiting_payment', 'paid', 'fulfilling', 'fulfilled', 'review')""",
    "a paid order has not used its coupon": """
        SELECT id FROM orders WHERE coupon_code IS NOT NULL
          AND status IN ('paid', 'fulfilling', 'fulfilled')
          AND id NOT IN (SELECT order_id FROM coupon_holds WHERE used_at IS NOT NULL)""",
    "receipt numbers have a gap": """
        SELECT count(receipt_number), max(receipt_number) FROM orders
        HAVING count(receipt_number) <> coalesce(max(receipt_number), 0)""",
    "an expiry timer is left behind": """
        SELECT t.key, o.status FROM timers t
        JOIN orders o ON t.key = 'order:' || o.id || ':expiry'
        WHERE o.status NOT IN ('quoted', 'awaiting_payment')""",
    "a fulfilment timer is left behind": """
        SELECT t.key, o.status FROM timers t
        JOIN orders o ON t.key IN ('order:' || o.id || ':look', 'order:' || o.id || ':delay')
        WHERE o.status NOT IN ('paid', 'fulfilling')""",
    "a cancelling is left open": """
        SELECT c.order_id, o.status FROM cancellations c JOIN orders o ON o.id = c.order_id
        WHERE c.closed_at IS NULL
          AND o.status NOT IN ('paid', 'fulfilling', 'fulfilled', 'review')""",
    "a cancelling's timer is left behind": """
        SELECT t.key FROM timers t WHERE t.kind = 'order_cancel' AND t.key NOT IN (
          SELECT 'order:' || order_id || ':cancel' FROM cancellations WHERE closed_at IS NULL)""",
    "a plan is on the line without its order, or off it with it": """
        SELECT o.id, o.status, e.order_id FROM orders o
        LEFT JOIN entitlements e ON e.order_id = o.id
        WHERE (o.status = 'fulfilled' AND o.buys = 'renewal') <> (e.order_id IS NOT NULL)""",
    "a top-up stands between its payment and its wallet": """
        SELECT id, status FROM orders
        WHERE buys = 'top_up' AND status IN ('paid', 'fulfilling')""",
    "the carrier was told of a top-up": """
        SELECT o.id, e.kind FROM orders o JOIN outbox e ON e.courier = 'carrier'
        WHERE o.buys = 'top_up' AND instr(e.payload, o.id)""",
    "what top-ups put into a wallet is not what they cost": """
        SELECT account, held, cost FROM (
          SELECT 'wallet:' || o.line_id AS account,
                 sum(iif(o.status = 'fulfilled', o.total_minor, 0)) AS cost,
                 (SELECT coalesce(sum(p.amount_minor), 0) FROM postings p
                  JOIN journals j ON j.key = p.journal_key
                  JOIN orders t ON t.id = j.order_id AND t.buys = 'top_up'
                  WHERE p.account = 'wallet:' || o.line_id) AS held
          FROM orders o WHERE o.buys = 'top_up' GROUP BY o.line_id)
        WHERE held <> cost""",
    "what is revenue is not what delivered orders cost": """
        SELECT currency, sum(held), sum(sold) FROM (
          SELECT currency, amount_minor AS held, 0 AS sold FROM postings WHERE account = 'revenue'
          UNION ALL
          SELECT currency, 0, total_minor + coalesce(discount_minor, 0) FROM orders
          WHERE status = 'fulfilled' AND buys = 'renewal')
        GROUP BY currency HAVING sum(held) <> sum(sold)""",
    "an unpaid order would wait for ever": """
        SELECT id, status FROM orders WHERE status IN ('quoted', 'awaiting_payment')
          AND 'order:' || id || ':expiry' NOT IN (SELECT key FROM timers)""",
    "a closed order has an open payment": """
        SELECT o.id, o.status, p.status FROM payments p JOIN orders o ON o.id = p.order_id
        WHERE p.status IN ('created', 'processing', 'closing')
          AND o.status <> 'awaiting_payment'""",
}


def breaches(path: Path) -> dict[str, list[Any]]:
    """The rules that do not hold in the database, each with the rows that break it."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        found = {rule: database.execute(query).fetchall() for rule, query in _BREACHES.items()}
    return {rule: rows for rule, rows in found.items() if rows}
