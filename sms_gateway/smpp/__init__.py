"""SMPP 3.4: PDUs, session, text, receipts, the link, and an SMSC to test against.

From the wire inwards; each file knows only those above it:

    wire            octets and a wake-up: the only socket besides the simulator's
    framing         octets to frames
    tlv, shortmessage, pdu, codes    frames to values and back
    session         one session without I/O: octets and time in, events out
    gsm, udh, text  octets to text and back, segments
    parts, receipt  long texts joined, receipts told from texts
    incoming        messages to arrivals, verdicts to responses
    outgoing        submissions to submit_sm, responses to reports
    bind            the I/O thread: connect, bind, carry in batches, bind again
    link            what the road sees: a `Carrier` and a `Door`

`simulator` stands beside: `esme` (its half of a session), `smsc` (what a carrier does), `server` (its sockets).
"""
