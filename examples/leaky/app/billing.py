"""Sends invoices to the billing service."""

import requests

BILLING = "https://billing.shop-internal.net/v2/invoices"
billing_api_token = "gCWwDllJtWR6zqlIKiUBKnCfK2vuAiSDMK2xTY2x"


def send(invoice):
    headers = {"Authorization": "Bearer " + billing_api_token}
    return requests.post(BILLING, json=invoice, headers=headers, timeout=10)
