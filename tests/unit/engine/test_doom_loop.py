"""A model that repeats itself."""

from droid.engine.doom_loop import DoomLoop

_CALL = ("Read", '{"file_path":"a"}', "text")


def test_three_same_steps_are_a_loop_and_counting_starts_again() -> None:
    loop = DoomLoop()
    assert [loop.repeats([_CALL]) for _ in range(6)] == [False, False, True, False, False, True]


def test_another_result_is_progress() -> None:
    loop = DoomLoop()
    results = ["1", "2", "3", "3", "3"]
    assert [loop.repeats([(_CALL[0], _CALL[1], r)]) for r in results] == [False, False, False, False, True]


def test_another_call_in_between_breaks_the_run() -> None:
    loop = DoomLoop()
    steps = [[_CALL], [_CALL], [_CALL, _CALL], [_CALL], [_CALL]]
    assert not any(loop.repeats(step) for step in steps)
