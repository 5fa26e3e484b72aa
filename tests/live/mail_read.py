# SPDX-License-Identifier: Apache-2.0
"""Reads a message as a mail program does and prints one of its parts.

usage: python3 mail_read.py FILE PART

PART is a header's name, `headers` for all names, `recipients`, `defects`, or `text`.
"""

import email
import email.header
import email.policy
import email.utils
import sys


def main():
    with open(sys.argv[1], "rb") as file:
        raw = file.read()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    part = sys.argv[2]
    if part == "headers":
        shown = " ".join(message.keys())
    elif part == "recipients":
        # what `sendmail -t` would send it to
        fields = [str(v) for n in ("To", "Cc", "Bcc") for v in message.get_all(n, [])]
        shown = " ".join(address for _, address in email.utils.getaddresses(fields))
    elif part == "defects":
        defects = list(message.defects)
        for value in message.values():
            defects += getattr(value, "defects", ())
        message.get_content()
        defects += [d for d in message.defects if d not in defects]
        if b"\r" in raw or max(map(len, raw.split(b"\n"))) > 76 or not raw.endswith(b"\n"):
            defects.append("a line")
        shown = " ".join(map(str, defects))
    elif part == "text":
        shown = message.get_content().replace("\r\n", "\n")
    elif part == "From":
        # The policy's own reader of names puts blanks between encoded words.
        plain = email.message_from_bytes(raw)["From"]
        shown = str(email.header.make_header(email.header.decode_header(plain)))
    elif part == "Date":
        shown = str(int(email.utils.parsedate_to_datetime(message["Date"]).timestamp()))
    else:
        shown = str(message[part])
    sys.stdout.buffer.write(shown.encode())


main()
