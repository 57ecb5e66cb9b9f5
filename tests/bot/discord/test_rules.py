import pytest

from bot.discord.rules import GuildRules, check_allowed
from bot.errors import WrongChannelError, WrongRoleError

GENERAL, HELP, THREAD = 155101607195836416, 155101607195836417, 155101607195836418
MODERATOR, MEMBER = 41771983423143936, 41771983423143937


def allows(rules: GuildRules, channel: int, parent: int | None, roles: list[int]) -> bool:
    try:
        check_allowed(rules, channel, parent, roles)
    except (WrongChannelError, WrongRoleError):
        return False
    return True


def test_everyone_may_ask_everywhere_while_nothing_is_named() -> None:
    assert allows(GuildRules(), GENERAL, None, [])


@pytest.mark.parametrize(
    ("channel", "parent"), [pytest.param(HELP, None, id="the-channel"), pytest.param(THREAD, HELP, id="its-thread")]
)
def test_questions_are_welcome_in_the_channels_that_are_named(channel: int, parent: int | None) -> None:
    assert allows(GuildRules(channels=frozenset({HELP})), channel, parent, [])


@pytest.mark.parametrize(
    ("channel", "parent"),
    [pytest.param(GENERAL, None, id="another-channel"), pytest.param(THREAD, GENERAL, id="a-thread-of-another")],
)
def test_elsewhere_they_are_refused_and_the_channels_named(channel: int, parent: int | None) -> None:
    with pytest.raises(WrongChannelError) as refused:
        check_allowed(GuildRules(channels=frozenset({HELP, MODERATOR})), channel, parent, [])
    assert refused.value.channels == [MODERATOR, HELP]


@pytest.mark.parametrize("roles", [[MEMBER], [MODERATOR, MEMBER]], ids=str)
def test_the_roles_that_are_named_may_ask(roles: list[int]) -> None:
    assert allows(GuildRules(roles=frozenset({MEMBER})), GENERAL, None, roles)


@pytest.mark.parametrize("roles", [[MODERATOR], []], ids=str)
def test_other_roles_may_not(roles: list[int]) -> None:
    with pytest.raises(WrongRoleError):
        check_allowed(GuildRules(roles=frozenset({MEMBER})), GENERAL, None, roles)


def test_the_right_role_in_the_wrong_channel_may_not_ask() -> None:
    rules = GuildRules(roles=frozenset({MEMBER}), channels=frozenset({HELP}))
    with pytest.raises(WrongChannelError):
        check_allowed(rules, GENERAL, None, [MEMBER])
    assert allows(rules, HELP, None, [MEMBER])
