"""A session with `roost language-server` through pygls, a client library of others. Prints what it saw as JSON.

Arguments: the program, and a folder with `root.yml` and `template.yml`.
"""

import asyncio
import json
import pathlib
import sys

from lsprotocol import types
from pygls.lsp.client import LanguageClient


async def session(program: str, folder: pathlib.Path) -> dict:
    client = LanguageClient("roost-test", "1")
    told: asyncio.Queue = asyncio.Queue()

    @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def publish(parameters: types.PublishDiagnosticsParams):
        told.put_nowait(parameters)

    @client.feature(types.CLIENT_REGISTER_CAPABILITY)
    def register(parameters: types.RegistrationParams):
        return None

    await client.start_io(program, "language-server")
    capabilities = types.ClientCapabilities(
        text_document=types.TextDocumentClientCapabilities(
            completion=types.CompletionClientCapabilities(
                completion_item=types.ClientCompletionItemOptions(snippet_support=True)
            ),
            document_symbol=types.DocumentSymbolClientCapabilities(hierarchical_document_symbol_support=True),
            code_action=types.CodeActionClientCapabilities(
                code_action_literal_support=types.ClientCodeActionLiteralOptions(
                    code_action_kind=types.ClientCodeActionKindOptions(value_set=[types.CodeActionKind.QuickFix])
                )
            ),
            publish_diagnostics=types.PublishDiagnosticsClientCapabilities(related_information=True),
        ),
        workspace=types.WorkspaceClientCapabilities(
            did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
        ),
    )
    answer = await client.initialize_async(
        types.InitializeParams(
            capabilities=capabilities,
            workspace_folders=[types.WorkspaceFolder(uri=folder.as_uri(), name="work")],
        )
    )
    client.initialized(types.InitializedParams())
    uri = (folder / "root.yml").as_uri()
    text = (folder / "root.yml").read_text()
    client.text_document_did_open(
        types.DidOpenTextDocumentParams(types.TextDocumentItem(uri=uri, language_id="yaml", version=1, text=text))
    )
    problems = {}
    while len(problems) < 2:
        parameters = await asyncio.wait_for(told.get(), 60)
        problems[parameters.uri.rsplit("/", 1)[1]] = [
            {
                "line": problem.range.start.line,
                "message": problem.message,
                "related": [place.location.uri.rsplit("/", 1)[1] for place in problem.related_information or []],
            }
            for problem in parameters.diagnostics
        ]

    document = types.TextDocumentIdentifier(uri)
    last = types.Position(line=len(text.splitlines()), character=0)
    client.text_document_did_change(
        types.DidChangeTextDocumentParams(
            text_document=types.VersionedTextDocumentIdentifier(uri=uri, version=2),
            content_changes=[
                types.TextDocumentContentChangePartial(range=types.Range(last, last), text="- script: make $(")
            ],
        )
    )
    completion = await client.text_document_completion_async(
        types.CompletionParams(document, types.Position(last.line, 17))
    )
    on_template = types.Position(line=3, character=14)
    hover = await client.text_document_hover_async(types.HoverParams(document, on_template))
    definition = await client.text_document_definition_async(types.DefinitionParams(document, on_template))
    symbols = await client.text_document_document_symbol_async(types.DocumentSymbolParams(document))
    template = types.TextDocumentIdentifier((folder / "template.yml").as_uri())
    wrong = types.Range(types.Position(1, 3), types.Position(1, 3))
    fixes = await client.text_document_code_action_async(
        types.CodeActionParams(template, wrong, types.CodeActionContext(diagnostics=[]))
    )
    await client.shutdown_async(None)
    client.exit(None)
    code = await asyncio.wait_for(client._server.wait(), 60)
    return {
        "server": answer.server_info.name,
        "problems": problems,
        "completion": [item.label for item in completion.items],
        "hover": hover.contents.value,
        "definition": [place.uri.rsplit("/", 1)[1] for place in definition],
        "symbols": [symbol.name for symbol in symbols],
        "fixes": [fix.title for fix in fixes],
        "code": code,
    }


print(json.dumps(asyncio.run(session(sys.argv[1], pathlib.Path(sys.argv[2])))))
