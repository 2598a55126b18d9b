import pytest

from loyalty.roles import Role, may, may_invite


@pytest.mark.parametrize(
    ("role", "reaches"),
    [
        (None, []),
        (Role.CLERK, [Role.CLERK]),
        (Role.MANAGER, [Role.CLERK, Role.MANAGER]),
        (Role.OWNER, [Role.CLERK, Role.MANAGER, Role.OWNER]),
    ],
)
def test_a_role_reaches_itself_and_those_below(role: Role | None, reaches: list[Role]) -> None:
    assert [needed for needed in Role if may(role, needed)] == reaches


@pytest.mark.parametrize(
    ("role", "invites"), [(None, []), (Role.CLERK, []), (Role.MANAGER, [Role.CLERK]), (Role.OWNER, list(Role))]
)
def test_managers_invite_clerks_and_owners_anyone(role: Role | None, invites: list[Role]) -> None:
    assert [invited for invited in Role if may_invite(role, invited)] == invites
