"""The carrier as the operator's settings describe it."""

from __future__ import annotations

from bot.carriers.tmf import ApiKey, ClientCredentials, TmfFields, TmfSettings
from bot.settings import Settings


def tmf_settings(settings: Settings) -> TmfSettings:
    """Raises `ValueError` when they name none."""
    if settings.carrier_url is None:
        raise ValueError("CARRIER_URL is empty")
    if settings.carrier_api_key is not None:
        key = settings.carrier_api_key.get_secret_value()
        auth: ApiKey | ClientCredentials = ApiKey(key, settings.carrier_api_key_header)
    else:
        secret = settings.carrier_client_secret
        auth = ClientCredentials(
            token_url=settings.carrier_token_url or "",
            client_id=settings.carrier_client_id,
            client_secret=secret.get_secret_value() if secret is not None else "",
        )
    return TmfSettings(
        base_url=settings.carrier_url,
        auth=auth,
        fields=TmfFields(**settings.carrier_fields),
        timeout_s=settings.carrier_timeout_s,
        shortest_poll_s=settings.carrier_shortest_poll_s,
        default_zone=settings.time_zone,
        text_sender=settings.brand_name,
        **settings.carrier_paths,  # type: ignore[arg-type]
    )
