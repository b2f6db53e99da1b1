"""The English sentences of notices about dossiers: to subscribe, to end it, and what is told."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from handlers.wording.phrases import Phrase

SUBSCRIPTIONS: Mapping[Phrase, tuple[str, ...]] = MappingProxyType(
    {
        Phrase.SUBSCRIBED: (
            (
                "This number gets a text when dossier {codes} changes. To stop, text: {withdrawal} to "
                "{short_code}. Help: {hotline}"
            ),
            "You get a text when dossier {codes} changes. To stop: {withdrawal} to {short_code}",
            "You get texts about the dossiers. To stop: {withdrawal} to {short_code}",
        ),
        Phrase.SUBSCRIBED_PARTLY: (
            (
                "You get texts about dossier {codes}, but not about {others}: check the code. To stop, text: "
                "{withdrawal} to {short_code}"
            ),
            "You get texts about {codes}, not about {others}. To stop: {withdrawal} to {short_code}",
            "Only some codes were taken; send one at a time. To stop: {withdrawal} to {short_code}",
        ),
        Phrase.UNSUBSCRIBED: (
            "This number gets no more texts about dossiers. You can still look them up. Help: {hotline}",
            "This number gets no more texts about dossiers.",
        ),
        Phrase.UNSUBSCRIBED_ONE: (
            "This number gets no more texts about dossier {codes}. Help: {hotline}",
            "This number gets no more texts about these dossiers. Help: {hotline}",
        ),
        Phrase.NO_SUBSCRIPTION: ("This number gets no texts about any dossier. Help: {hotline}",),
        Phrase.NOT_SUBSCRIBED: (
            "This number gets no texts about dossier {codes}. Help: {hotline}",
            "This number gets no texts about these. Help: {hotline}",
        ),
        Phrase.HELP_SUBSCRIPTION: (
            (
                "To be told when a dossier changes: {subscription} and its code to {short_code} (you agree that your "
                "number is kept). To stop: {withdrawal}"
            ),
            "To be told of a dossier: {subscription} and its code to {short_code}. To stop: {withdrawal}",
        ),
        Phrase.HELP_SUBSCRIPTION_CLOSED: (
            (
                "To be told of a dossier: {subscription} code, last 4 digits of ID to {short_code} (your number is "
                "kept). To stop: {withdrawal}"
            ),
            "To be told: {subscription} code, last 4 digits of ID to {short_code}. To stop: {withdrawal}",
        ),
        Phrase.HELP_UNSUBSCRIBE: (
            (
                "To stop texts about all dossiers: {withdrawal} to {short_code}. About one: {withdrawal} and its "
                "code. Help: {hotline}"
            ),
            "To stop texts about dossiers: {withdrawal} to {short_code}.",
        ),
        Phrase.LINE_SUBSCRIPTION: ("{subscription} receipt code (be told)", "{subscription} (be told)"),
        Phrase.COPY_SUBSCRIPTION: ("{subscription} {receipt_code}",),
        Phrase.COPY_SUBSCRIPTION_CLOSED: ("{subscription} {receipt_code}, last 4 digits of ID",),
        Phrase.MEANT_SUBSCRIPTION: ("Command not clear. Do you want texts about a dossier?",),
        Phrase.NOTICE_RECEIVED: (
            "Dossier {code} was received, due {due}. To stop these texts: {withdrawal} to {short_code}",
            "Dossier {code} was received. To stop these texts: {withdrawal} to {short_code}",
        ),
        Phrase.NOTICE_REFUSED: (
            (
                "Dossier {code} was not accepted. Please ask the office or call {hotline}. To stop these texts: "
                "{withdrawal} to {short_code}"
            ),
            "{code} was not accepted. Call {hotline}. To stop: {withdrawal} to {short_code}",
        ),
        Phrase.NOTICE_PAPERS: (
            "Dossier {code} needs: {wanted}. How: {fix}. To stop these texts: {withdrawal} to {short_code}",
            "{code} needs: {wanted}. How: {fix}. To stop: {withdrawal} to {short_code}",
            "Dossier {code} needs: {wanted}. To stop: {withdrawal} to {short_code}",
            "{code} needs: {wanted}. To stop: {withdrawal} to {short_code}",
        ),
        Phrase.NOTICE_PAPERS_UNSAID: (
            (
                "Dossier {code} needs more papers; please call {hotline} to ask which. To stop these texts: "
                "{withdrawal} to {short_code}"
            ),
            "{code} needs more papers. Call {hotline}. To stop: {withdrawal} to {short_code}",
        ),
        Phrase.NOTICE_PAYMENT: (
            "Dossier {code}, to pay: {wanted}. How: {fix}. To stop these texts: {withdrawal} to {short_code}",
            "{code}, to pay: {wanted}. How: {fix}. To stop: {withdrawal} to {short_code}",
            "Dossier {code}, to pay: {wanted}. To stop: {withdrawal} to {short_code}",
            "{code}, to pay: {wanted}. To stop: {withdrawal} to {short_code}",
        ),
        Phrase.NOTICE_PAYMENT_UNSAID: (
            (
                "Dossier {code}: a payment is due; please call {hotline} to ask how much. To stop these texts: "
                "{withdrawal} to {short_code}"
            ),
            "{code}: a payment is due. Call {hotline}. To stop: {withdrawal} to {short_code}",
        ),
        Phrase.NOTICE_WITHDRAWN: (
            (
                "Dossier {code} was withdrawn. If you did not ask for it, please call {hotline}. To stop these texts: "
                "{withdrawal} to {short_code}"
            ),
            "{code} was withdrawn. Call {hotline}. To stop: {withdrawal} to {short_code}",
        ),
        Phrase.NOTICE_STOPPED: (
            (
                "Work on dossier {code} was stopped. Please call {hotline} to ask why. To stop these texts: "
                "{withdrawal} to {short_code}"
            ),
            "{code} was stopped. Call {hotline}. To stop texts: {withdrawal} to {short_code}",
        ),
        Phrase.NOTICE_DONE: (
            (
                "Dossier {code} is done. Collect the result at {pick_up}, with your receipt. To stop these texts: "
                "{withdrawal} to {short_code}"
            ),
            "Dossier {code} is done, at {pick_up}. To stop: {withdrawal} to {short_code}",
            "Dossier {code} is done; your receipt says where. To stop: {withdrawal} to {short_code}",
            "{code} is done. To stop: {withdrawal} to {short_code}",
        ),
        Phrase.NOTICE_DONE_POST: (
            "Dossier {code} is done; the result comes by post. To stop these texts: {withdrawal} to {short_code}",
            "{code} is done, by post. To stop: {withdrawal} to {short_code}",
        ),
        Phrase.NOTICE_DONE_ONLINE: (
            "Dossier {code} is done, the result is online: {pick_up}. To stop texts: {withdrawal} to {short_code}",
            "Dossier {code} is done, the result is online. To stop: {withdrawal} to {short_code}",
            "{code} is done, online. To stop: {withdrawal} to {short_code}",
        ),
        Phrase.NOTICE_RETURNED: (
            (
                "The result of dossier {code} was handed out. If you have none, please call {hotline}. To stop these "
                "texts: {withdrawal} to {short_code}"
            ),
            "{code} was handed out. Not to you? Call {hotline}. To stop: {withdrawal} to {short_code}",
        ),
        Phrase.NOTICE_DUE: (
            (
                "Dossier {code} is due tomorrow, {due}. You get a text when it is ready. To stop these texts: "
                "{withdrawal} to {short_code}"
            ),
            "{code} is due tomorrow, {due}. To stop: {withdrawal} to {short_code}",
        ),
        Phrase.NOTICE_CHANGED: (
            (
                "Dossier {code} has changed. For more, text: {subscription} code, last 4 digits of ID to {short_code}. "
                "To stop these texts: {withdrawal} to {short_code}"
            ),
            (
                "{code} has changed. For more: {subscription} code, last 4 digits of ID to {short_code}. "
                "Stop: {withdrawal} to {short_code}"
            ),
            "{code} has changed. Call {hotline}. Stop: {withdrawal} to {short_code}",
        ),
        Phrase.NOTICE_LATE: (
            (
                "We are sorry: dossier {code} was due {due} and is late. New date: {new_due}. To stop these texts: "
                "{withdrawal} to {short_code}"
            ),
            "Sorry, {code} was due {due}. New date: {new_due}. To stop: {withdrawal} to {short_code}",
            "Sorry, dossier {code} was due {due}. To stop: {withdrawal} to {short_code}",
            "Sorry, {code} is late. Due {due}. To stop: {withdrawal} to {short_code}",
        ),
        Phrase.SERVICE_OFF: (
            (
                "The service {keyword} is paused and your text was not processed. Please send it again later. "
                "If urgent, please call {hotline}."
            ),
            "This service is paused and your text was not processed. Please send it later or call {hotline}.",
        ),
        Phrase.HELP_PRICE: (
            (
                "A text to {short_code}: {price}, billed by your carrier. Texts to you are free. "
                "To end notices, text {withdrawal} to {short_code}"
            ),
            "Price: {price}, billed by your carrier. Texts to you are free. End notices: {withdrawal} to {short_code}",
            "Price: {price}, billed by your carrier. End notices: {withdrawal} to {short_code}",
            "Price: {price}, billed by your carrier. Texts to you are free.",
        ),
        Phrase.HELP_PRICE_OF_CARRIER: (
            (
                "A text to {short_code} costs what your carrier charges for it. Texts to you are free. "
                "To end notices, text {withdrawal} to {short_code}"
            ),
            "Your carrier charges you for each text. Texts to you are free. End notices: {withdrawal} to {short_code}",
            "Your carrier charges you for each text. Texts to you are free.",
        ),
        Phrase.HELP_PRICE_FREE: (
            (
                "Texts to and from {short_code} are free; only your mobile data is used. "
                "To end notices, text {withdrawal}. Help: {hotline}"
            ),
            "Texts to and from {short_code} are free; only your mobile data is used. Help: {hotline}",
            "Texts are free; only your mobile data is used.",
        ),
    }
)
