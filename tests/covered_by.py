"""Modules without a test file of their own: by package or module, the test file that covers them, and why."""

from __future__ import annotations

COVERED_BY: dict[str, tuple[str, str]] = {
    "bench": (
        "tests/bench/test_bench.py",
        "Measurements are run by hand; each is loaded there.",
    ),
    "bench/chaos": (
        "tests/bench/chaos/test_chaos.py",
        "The parts of the chaos test are run together in its short form.",
    ),
    "db/citizens": (
        "tests/db/reports/test_reports.py",
        "Queries of pages, run beside each other on both databases.",
    ),
    "db/limits": (
        "tests/sms_gateway/pipeline/dispatch/test_guard.py",
        "Counts that only the guard's rules give a meaning.",
    ),
    "db/messages": (
        "tests/sms_gateway/pipeline/test_loop.py",
        "Steps of the pipeline, tested with the rows around them.",
    ),
    "db/migrations/versions": (
        "tests/db/upkeep/test_revision.py",
        "Compared with the tables on both databases.",
    ),
    "db/processes": (
        "tests/sms_gateway/process/test_duties_sharing.py",
        "Rows that processes exchange while they run.",
    ),
    "db/reports": (
        "tests/db/reports/test_reports.py",
        "Queries of pages, run beside each other on both databases.",
    ),
    "db/schema": (
        "tests/db/upkeep/test_revision.py",
        "Tables, compared with the migrations on both databases.",
    ),
    "db/staff": (
        "tests/sms_gateway/pages/staff/test_log_in_policy.py",
        "Rows of log-ins, tested by the log-ins.",
    ),
    "db/store": (
        "tests/db/store/test_prepared_statements.py",
        "What all queries share, tested by real statements.",
    ),
    "db/upkeep": (
        "tests/sms_gateway/cli/data/test_database_copy.py",
        "Run as operators run it, on both databases.",
    ),
    "handlers": (
        "tests/handlers/test_handlers_citizens_texts.py",
        "Texts and their answers, through every handler.",
    ),
    "handlers/conversation/filing": (
        "tests/handlers/conversation/filing/test_unnamed.py",
        "Parts of every rule; the tables of the rules hold them.",
    ),
    "handlers/wording": (
        "tests/handlers/wording/test_catalogue.py",
        "Sentences and limits, checked for all together.",
    ),
    "parsers": (
        "tests/parsers/test_parsers_corpus.py",
        "Texts of citizens and their readings, through every reader.",
    ),
    "parsers/fields": (
        "tests/parsers/test_parsers_corpus.py",
        "Each line of the corpus holds one rule of a field.",
    ),
    "parsers/grammars": (
        "tests/parsers/test_parsers_corpus.py",
        "Each line of the corpus holds one rule of a grammar.",
    ),
    "parsers/grammars/conversation": (
        "tests/parsers/reading/test_conversation.py",
        "One table holds the texts of every command beside each other.",
    ),
    "parsers/text": (
        "tests/parsers/test_parsers_corpus.py",
        "Each line of the corpus holds one rule; doctests show more.",
    ),
    "sms_gateway": (
        "tests/sms_gateway/web/test_web_guards.py",
        "Every route of the application is tried there.",
    ),
    "sms_gateway/back_office/dossier_push": (
        "tests/sms_gateway/back_office/dossier_push/test_bodies.py",
        "Items and how they are read, tested as bodies bring them.",
    ),
    "sms_gateway/back_office_api": (
        "tests/sms_gateway/back_office_api/test_endpoints.py",
        "Proof, rate and table of operations, tested by requests.",
    ),
    "sms_gateway/back_office/dossier_file": (
        "tests/sms_gateway/back_office/dossier_file/test_dossier_file.py",
        "Steps of reading a file, tested by whole files.",
    ),
    "sms_gateway/back_office/table_file": (
        "tests/sms_gateway/back_office/dossier_file/test_dossier_file.py",
        "Steps of reading a file, tested by whole files of dossiers.",
    ),
    "sms_gateway/back_office/unit_file": (
        "tests/sms_gateway/back_office/unit_file/test_units.py",
        "Steps of reading a file, tested by whole files of units.",
    ),
    "sms_gateway/channels": (
        "tests/sms_gateway/wiring/test_gateway.py",
        "States and measures of links that run.",
    ),
    "sms_gateway/channels/http": (
        "tests/sms_gateway/channels/http/test_endpoint.py",
        "Used by the endpoint alone.",
    ),
    "sms_gateway/channels/http/bodies": (
        "tests/sms_gateway/channels/http/test_endpoint_bodies.py",
        "Bodies in every form, through the endpoint.",
    ),
    "sms_gateway/channels/smpp": (
        "tests/sms_gateway/channels/smpp/test_link.py",
        "Parts of a link, run on real sockets.",
    ),
    "sms_gateway/channels/smpp/acceptance": (
        "tests/sms_gateway/channels/smpp/acceptance/test_steps.py",
        "Parts of the acceptance test, run against a carrier.",
    ),
    "sms_gateway/channels/smpp/coding": (
        "tests/sms_gateway/channels/smpp/test_smpp_laws.py",
        "Laws of all codings, held for generated texts.",
    ),
    "sms_gateway/channels/smpp/inspect": (
        "tests/sms_gateway/channels/smpp/inspect/test_dissection.py",
        "Names and values, as a dissected PDU shows them.",
    ),
    "sms_gateway/channels/smpp/pdu": (
        "tests/sms_gateway/channels/smpp/pdu/test_pdu_laws.py",
        "Written and read again, and compared with smpplib.",
    ),
    "sms_gateway/channels/smpp/session": (
        "tests/sms_gateway/channels/smpp/session/test_session.py",
        "Values that sessions take and return.",
    ),
    "sms_gateway/cli": (
        "tests/sms_gateway/cli/test_cli_help.py",
        "Shared by the commands, which are run as people do.",
    ),
    "sms_gateway/cli/data": (
        "tests/sms_gateway/cli/data/test_data.py",
        "Commands that are run one after another there.",
    ),
    "sms_gateway/cli/service": (
        "tests/sms_gateway/cli/service/test_service.py",
        "Commands, run as processes.",
    ),
    "sms_gateway/demo": (
        "tests/sms_gateway/demo/test_service.py",
        "Parts of the demo, which runs as a whole.",
    ),
    "sms_gateway/demo/provider": (
        "tests/sms_gateway/demo/provider/test_provider.py",
        "Parts of the simulated provider, which runs as a whole.",
    ),
    "sms_gateway/demo/provider/networks": (
        "tests/sms_gateway/demo/provider/networks/test_networks.py",
        "The other side of each network, all run against the gateway there.",
    ),
    "sms_gateway/demo/simulator": (
        "tests/sms_gateway/demo/simulator/test_scenario.py",
        "Parts of the simulated carrier, which runs as a whole.",
    ),
    "sms_gateway/pages": (
        "tests/sms_gateway/pages/site/test_access.py",
        "Shared by all pages; every route is tried there.",
    ),
    "sms_gateway/pages/citizens": (
        "tests/sms_gateway/pages/site/test_access.py",
        "Pages, each tried by every role; the browser tests use them.",
    ),
    "sms_gateway/pages/messages": (
        "tests/sms_gateway/pages/messages/test_messages_actions.py",
        "Pages that are used one after another there.",
    ),
    "sms_gateway/pages/messages/detail": (
        "tests/sms_gateway/pages/messages/detail/test_message.py",
        "Parts of one page, tested as it is shown.",
    ),
    "sms_gateway/pages/service": (
        "tests/sms_gateway/pages/service/test_service.py",
        "Small pages, tested beside each other as they are shown.",
    ),
    "sms_gateway/pages/staff": (
        "tests/sms_gateway/pages/staff/test_log_in.py",
        "Parts of log-in and passwords, tested by the forms.",
    ),
    "sms_gateway/pages/units": (
        "tests/sms_gateway/pages/units/test_unit.py",
        "Pages and forms, tested by the pages that show them.",
    ),
    "sms_gateway/pipeline": (
        "tests/sms_gateway/pipeline/test_loop.py",
        "Parts of the pipeline, run as a whole.",
    ),
    "sms_gateway/pipeline/dispatch": (
        "tests/sms_gateway/pipeline/dispatch/test_guard.py",
        "Alarms and texts of carriers, tested by the guard.",
    ),
    "sms_gateway/pipeline/intake": (
        "tests/sms_gateway/pipeline/intake/test_unacknowledged.py",
        "Batches and back-pressure, tested by what is stored.",
    ),
    "sms_gateway/pages/messages/figures": (
        "tests/sms_gateway/pages/messages/figures/test_figures_page.py",
        "Ranges, tables and bars, as the page shows them.",
    ),
    "sms_gateway/process": (
        "tests/sms_gateway/process/test_storage_watch.py",
        "Run in processes that start and end.",
    ),
    "sms_gateway/process/tuning": (
        "tests/sms_gateway/wiring/test_gateway.py",
        "Two settings of Python itself, whose gain only the bench shows.",
    ),
    "sms_gateway/settings": (
        "tests/sms_gateway/settings/test_load_faults.py",
        "Parts of loading, tested by its faults.",
    ),
    "sms_gateway/web": (
        "tests/sms_gateway/web/test_web_guards.py",
        "Shared by every page; all routes are tried there.",
    ),
    "sms_gateway/wiring": (
        "tests/sms_gateway/cli/service/test_service.py",
        "Joins the parts; run as a process.",
    ),
    "tools/reference": ("tests/tools/reference/test_write.py", "Each writes one page; all are compared there."),
}
