# SPDX-License-Identifier: Apache-2.0
"""The task API as a FastAPI back end of a Better Auth front end has it, to measure gatepost against.

Routes and dependencies are those that such back ends are written with. Two things are as somebody would have them
who looked for speed: asyncpg without an object-relational mapper, and answers made by the encoder of ujson instead of
validated once more against a response model, which alone takes longer than all the rest of a list.
"""

import os
from datetime import datetime
from typing import Optional
from uuid import UUID

import asyncpg
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import UJSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from jose import ExpiredSignatureError, JWTError, jwt
from pydantic import BaseModel, Field

SECRET = os.environ["BETTER_AUTH_SECRET"]
CONNECTIONS = 8  # of each process: what half of 16 clients can keep busy

COLUMNS = "uuid, user_id, title, description, completed, created_at, updated_at"
LIST = f"select {COLUMNS} from peer_task where user_id = $1 order by created_at desc, id desc limit 1000"
GET = f"select {COLUMNS} from peer_task where uuid = $1"
CREATE = f"insert into peer_task (user_id, title, description) values ($1, $2, $3) returning {COLUMNS}"


class Connection(asyncpg.Connection):
    def get_reset_query(self) -> str:
        return ""  # no request leaves anything behind, and the pool would ask the server after each


app = FastAPI(openapi_url=None)
security = HTTPBearer(auto_error=False)


@app.on_event("startup")
async def open_pool() -> None:
    app.state.pool = await asyncpg.create_pool(
        os.environ["DATABASE_URL"], min_size=CONNECTIONS, max_size=CONNECTIONS, connection_class=Connection
    )


@app.on_event("shutdown")
async def close_pool() -> None:
    await app.state.pool.close()


class TaskCreate(BaseModel):
    text: str = Field(min_length=1, max_length=500)
    description: Optional[str] = Field(default=None, max_length=10000)


def refusal(detail: str) -> HTTPException:
    return HTTPException(status_code=401, detail=detail, headers={"WWW-Authenticate": "Bearer"})


async def get_current_user(credentials: Optional[HTTPAuthorizationCredentials] = Depends(security)) -> str:
    if credentials is None:
        raise refusal("Authentication required")
    try:
        payload = jwt.decode(credentials.credentials, SECRET, algorithms=["HS256"])
    except ExpiredSignatureError:
        raise refusal("Token has expired")
    except JWTError as error:
        raise refusal(f"Invalid token: {error}")
    user_id = payload.get("sub")
    if not user_id:
        raise refusal("Invalid token: missing user ID")
    return user_id


def moment(value: datetime) -> str:
    # asyncpg hands out times in UTC.
    return value.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def form(row: asyncpg.Record) -> dict:
    return {
        "id": str(row["uuid"]),
        "user_id": row["user_id"],
        "text": row["title"],
        "description": row["description"],
        "completed": row["completed"],
        "created_at": moment(row["created_at"]),
        "updated_at": moment(row["updated_at"]),
    }


@app.get("/tasks")
async def list_tasks(request: Request, user_id: str = Depends(get_current_user)):
    rows = await request.app.state.pool.fetch(LIST, user_id)
    return UJSONResponse([form(row) for row in rows])


@app.get("/tasks/{task_id}")
async def get_task(task_id: UUID, request: Request, user_id: str = Depends(get_current_user)):
    row = await request.app.state.pool.fetchrow(GET, task_id)
    if row is None:
        raise HTTPException(status_code=404, detail="Task not found")
    if row["user_id"] != user_id:
        raise HTTPException(status_code=403, detail="Access denied")
    return UJSONResponse(form(row))


@app.post("/tasks")
async def create_task(task: TaskCreate, request: Request, user_id: str = Depends(get_current_user)):
    row = await request.app.state.pool.fetchrow(CREATE, user_id, task.text, task.description)
    return UJSONResponse(form(row), status_code=201)
