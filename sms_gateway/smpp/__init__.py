"""SMPP 3.4: PDUs, session, text, receipts, the link, and an SMSC to test against.

From the wire inwards; each file knows only those above it:

    wire            octets and a wake-up: the only socket besides the simulator's
    framing         octets to frames
    tlv, shortmessage, pdu, codes    frames to values and back
    session         one session without I/O: octets and time in, events out
    gsm, national, udh, text  octets to text and back, segments
    parts, receipt  long texts read from their parts, receipts told from texts
    incoming        messages to arrivals, verdicts to responses
    pace, outgoing  how fast a link may send; submissions to submit_sm, responses to reports
    tls, sessions   certificates; the link's session number
    bind            the I/O thread: connect, bind, carry in batches, bind again; the road's `Door`
    link            what the road sees: a `Carrier` of one bind or several

Two stand beside. `acceptance` tries a link step by step, on connections that `recorded` writes down. `simulator` is an
SMSC: `esme` (its half of a session), `smsc` (what a carrier does), `server` (its sockets), `scenario` and `player`
(faults from a file).
"""
