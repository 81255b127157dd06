import ArgumentParser
import RoostClient
import RoostWire

struct ImageVersionLatest: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "latest",
        abstract: "Find the version that machines would be made from, and why no higher one.",
        discussion: """
            Examples:
              roost image-version latest agents debian --region east
              roost image-version latest agents debian --select 1.4 --exclude 1.4.7
              roost image-version latest agents debian --select stable
            """
    )

    @OptionGroup var which: ImageDefinitionArguments

    @Option(help: ArgumentHelp("What is asked for.", valueName: "latest|MAJOR|MAJOR.MINOR|VERSION|CHANNEL"))
    var select = "latest"

    @Option(help: "Where it must be; the definition's region without it.")
    var region: String?

    @Option(help: "A version that is not wanted.")
    var exclude: [String] = []

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let found = try await server.client.resolveImage(
            select,
            gallery: which.gallery,
            definition: which.definition,
            region: region,
            excluding: exclude
        )
        for warning in found.warnings { Terminal.printError(warning) }
        try output.print(found) { _ in
            let passed = found.passed.map { "\n  not \($0.version): \($0.reason)" }.joined()
            return "\(found.version.name ?? "-")\(passed)"
        }
    }
}
