import ArgumentParser
import RoostLanguageServer

/// `roost language-server`: answers an editor about pipelines, over standard input and output.
struct LanguageServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "language-server",
        abstract: "Serve an editor: problems, completion, documentation and definitions of pipelines.",
        discussion: """
            Speaks the language server protocol over standard input and output; an editor starts it. It needs no server and no network.

            VS Code: a client for any language server, such as the extension 'Generic LSP Client', with the settings
              "glspc.server.command": "roost",
              "glspc.server.commandArguments": ["language-server"],
              "glspc.server.languageId": ["yaml", "azure-pipelines"]

            Neovim 0.11 or later, in init.lua:
              vim.lsp.config('roost', {
                cmd = { 'roost', 'language-server' },
                filetypes = { 'yaml' },
                root_markers = { '.git' },
              })
              vim.lsp.enable('roost')

            Helix, in languages.toml:
              [language-server.roost]
              command = "roost"
              args = ["language-server"]
              [[language]]
              name = "yaml"
              language-servers = ["roost"]

            Templates of other repositories are read from folders that '--repository' names. What cannot be read of the input is said on
            standard error too. Exit codes: 0 after 'shutdown' and 'exit', 1 when the input ends or 'exit' comes alone, 64 wrong usage,
            130 Ctrl-C.
            """
    )

    @Option(
        name: [.customLong("repository"), .customShort("r")],
        help: ArgumentHelp(
            "The folder of a checkout that stands for a repository of the files' resources; may be repeated.",
            valueName: "alias=folder"
        )
    )
    var repositories: [Assignment] = []

    @Flag(help: "Speak over standard input and output, which is all there is; editors give this flag.")
    var stdio = false

    func validate() throws {
        for repository in repositories where !isFolder(repository.value) {
            throw ValidationError(
                "--repository \(repository.name)=\(repository.value): there is no folder '\(repository.value)'."
            )
        }
    }

    func run() async throws {
        let folders = Assignment.dictionary(repositories).mapValues(PipelinePlace.absolute)
        let settings = LanguageServer.Settings(repositories: folders, version: Roost.version)
        let note: @Sendable (String) -> Void = { Terminal.printError("roost language-server: \($0).") }
        let code = await StandardStreams(settings: settings, note: note).run()
        if code != 0 { throw ExitCode(code) }
    }
}
