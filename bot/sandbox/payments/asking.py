"""What the control API and the pay page are sent, as models."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from bot.sandbox.control_input import BadInput, body_of

Asked = TypeVar("Asked", bound=BaseModel)


async def read(model: type[Asked], request: Request) -> Asked:
    """The JSON body as a model. Raises BadInput naming the first field that is wrong."""
    body = await body_of(request)
    try:
        return model.model_validate(body)
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(map(str, first["loc"])) or "body"
        raise BadInput(f"{where}: {first['msg']}") from None
