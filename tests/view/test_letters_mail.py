"""The message file: one receiver, whatever the name holds, as every parser reads it."""

import email
import random
from email import policy
from email.header import decode_header, make_header
from email.utils import getaddresses

import pytest

from trustlog.view.letters_mail import Letter, eml, text

ADDRESS = "dana@example.com"
PIECES = (
    "Ortiz, Dana", '"quoted"', "<evil@example.org>", "a@b.example,", "evil@example.org", "Größe", "名前", "(comment)",
    "👩\u200d👩\u200d👧", ";", "group: a@b;", "\\", '\\"', "=?utf-8?q?=2C_evil=40x.org?=",
    "=?utf-8?b?PGV2aWxAeC5vcmc+?=", "\u202e", "x" * 70, "O'Neil", "J.", "::", "\t", "\u00a0", "e\u0301",
    "\r\nBcc: evil@example.org", "%s", "&",
)  # fmt: skip


def written(name: str) -> bytes:
    return eml(Letter(name, ADDRESS, "Payments", "The plan."))


def names_read(raw: bytes) -> tuple[str, str]:
    """The name of the one receiver as the two parsers of the library read it; anything else in the head is refused."""
    new, old = email.message_from_bytes(raw, policy=policy.default), email.message_from_bytes(raw)
    assert new.keys() == ["To", "Subject", "X-Unsent", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"]
    assert new.defects == []
    (one,) = new["To"].addresses
    ((name, address),) = getaddresses([old["To"]])
    assert (one.addr_spec, address) == (ADDRESS, ADDRESS)
    return one.display_name, str(make_header(decode_header(name)))


@pytest.mark.parametrize(
    "name",
    [
        "Dana Ortiz", "Ortiz, Dana", 'Dana "The Dog" Ortiz', "Dana <evil@example.org>", "a@b.example, c@d.example",
        "J. O'Neil; group: x@y.example;", "back\\slash \\", "Zoë Größe", "名前", "=?utf-8?q?=22?=",
        "Ortiz, Dana, <evil@example.org>, evil@example.org, " * 4,
        "Dr. Maria-Magdalena von und zu Hohenlohe-Langenburg, Head of Engineering, evil@example.org, Payments",
    ],
)  # fmt: skip
def test_a_name_is_read_back_as_it_is_and_is_one_receiver(name: str) -> None:
    wanted = " ".join(name.split())
    assert names_read(written(name)) == (wanted, wanted)


def test_a_long_name_keeps_its_quotes_when_the_line_is_folded() -> None:
    name = "Ortiz, Dana, evil@example.org, who leads the team of payments and everything near it"
    assert written(name).startswith(f'To: "{name}"\r\n <{ADDRESS}>\r\n'.encode())


def test_no_name_of_four_hundred_makes_a_second_receiver_or_another_header() -> None:
    dice = random.Random(13)
    for _ in range(400):
        name = " ".join(dice.choice(PIECES) for _ in range(dice.randint(1, 9)))[:200]
        names_read(written(name))


def test_no_line_of_the_head_is_longer_than_a_mail_may_have() -> None:
    for name in ("x" * 200, '"' * 200, "名" * 200, "a, " * 66):
        assert max(map(len, written(name).split(b"\r\n\r\n")[0].split(b"\r\n"))) <= 998


def test_what_is_no_plain_address_is_no_receiver_of_the_text_either() -> None:
    assert text(Letter("Dana", "dana@example.com, evil@example.org", "s", "b")).startswith("Subject: s\n")
    assert text(Letter("Dana", ADDRESS, "s", "b")).startswith(f"To: {ADDRESS}\nSubject: s\n")
