"""HTTP edge of the evaluations."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from hub.edges import HubDep, KeyDep, may, once, reply
from hub.evaluation.verbs import evaluate
from hub.store import Who
from hub.wire import Evaluate, EvaluationTaken

router = APIRouter(prefix="/api/v1")


@router.post("/evaluations", status_code=201, response_model=EvaluationTaken)
async def take(command: Evaluate, hub: HubDep, who: Annotated[Who, Depends(may("evaluate"))], key: KeyDep) -> Response:
    return reply(await hub.store.write(evaluate, who, once(key, who, EvaluationTaken), command), 201)
