"""`TodoWrite` and `AskUser`."""

from typing import Any

import pytest
from tests.unit.tools.workbench import Workbench

from droid.domain.errors import InvalidToolInput
from droid.domain.tools import Todo, TodoStatus
from droid.tools.ask_user import AskUser
from droid.tools.todo_write import TodoWrite

PLAN = (
    Todo(content="look", status=TodoStatus.COMPLETED),
    Todo(content="change it", status=TodoStatus.IN_PROGRESS),
    Todo(content="test", status=TodoStatus.PENDING),
)

FORMS: dict[str, Any] = {
    "items": [
        {"content": "look", "status": "completed"},
        {"content": "change it", "status": "in_progress"},
        {"content": "test", "status": "pending"},
    ],
    "items of other agents": [
        {"id": "1", "content": "look", "status": "Completed", "priority": "high"},
        {"id": "2", "content": "change it", "status": "in-progress", "activeForm": "changing it"},
        {"id": "3", "content": "test", "status": "pending"},
    ],
    "JSON in a string": (
        '[{"content": "look", "status": "completed"}, {"content": "change it", "status": "in_progress"}, '
        '{"content": "test", "status": "pending"}]'
    ),
    "numbered lines": "1. [completed] look\n2. [in_progress] change it\n3. [pending] test",
    "marks": "- [x] look\n- [~] change it\n- [ ] test\n",
    "bare lines": "[done] look\n[>] change it\ntest",
}


@pytest.mark.parametrize("form", list(FORMS))
async def test_a_plan_is_taken_in_every_form(bench: Workbench, form: str):
    result = await bench.call(TodoWrite(), todos=FORMS[form])
    assert result.todos == PLAN
    assert result.text == "The plan was updated: 1 of 3 done."


async def test_a_plan_can_be_emptied(bench: Workbench):
    forms: list[Any] = [[], "[]", ""]
    for todos in forms:
        assert (await bench.call(TodoWrite(), todos=todos)).todos == ()


WRONG: list[tuple[Any, str]] = [
    (None, "`todos` is required"),
    (3, "`todos` must be a list"),
    ([{"content": "x"}], "`todos[0].status` is required"),
    ("1. [maybe] x", "`todos[0].status` must be one of pending, in_progress, completed, not 'maybe'"),
    ([{"content": "x", "status": "pending", "when": 1}], "`todos[0].when` is not an argument"),
    (["x"], "`todos[0]` must be an object"),
    ([{"content": "x", "status": "pending"}] * 101, "`todos` must have at most 100 entries"),
]


@pytest.mark.parametrize(("todos", "message"), WRONG)
def test_a_plan_that_is_none_is_refused(todos: Any, message: str):
    with pytest.raises(InvalidToolInput) as error:
        TodoWrite().validate({"todos": todos})
    assert message in str(error.value)


def test_the_plans_title_is_what_is_being_done():
    tool = TodoWrite()
    assert tool.title(tool.validate({"todos": FORMS["items"]})) == "Plan: change it"
    assert tool.title(tool.validate({"todos": []})) == "Plan: 0 of 0 done"


async def test_a_question_is_asked_and_its_answer_told(bench: Workbench):
    bench.answers = ["blue", ""]
    assert await bench.text(AskUser(), question="Which?", options=["red", "blue"]) == "blue"
    assert bench.asked == [("Which?", ("red", "blue"))]
    assert await bench.text(AskUser(), question="Why?") == "[the answer was empty]"


async def test_where_nobody_answers_the_model_is_told_to_go_on(bench: Workbench):
    bench.answers = [None]
    assert (await bench.text(AskUser(), question="Which?")).startswith("error: There was no answer")


async def test_a_very_long_answer_is_cut_and_counted(bench: Workbench):
    bench.answers = ["x" * 20_005]
    assert (await bench.text(AskUser(), question="?")).endswith("x\n[5 more characters were cut]")


def test_a_questions_title_is_one_line():
    tool = AskUser()
    call = tool.validate({"question": "a\nb" * 100})
    assert tool.title(call).startswith("Ask: a ba b")
    assert len(tool.title(call)) == 120
    assert tool.access(call).reads == ()
