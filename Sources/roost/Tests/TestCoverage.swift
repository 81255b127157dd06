import ArgumentParser
import RoostClient
import RoostWire

struct TestCoverage: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverage",
        abstract: "Show how much of the code the tests of a run reached.",
        discussion: """
            Example:
              roost test coverage 12
            """
    )

    @Argument(help: ArgumentHelp("Number of the run.", valueName: "run"))
    var number: Int

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let coverage = try await server.client.coverage(run: number)
        try output.print(coverage) { terminal in
            let counts = coverage.coverageData.flatMap(\.coverageStats)
            guard !counts.isEmpty else { return "Run \(number) has no code coverage." }
            var table = Table("WHAT", "COVERED", "OF", "PART", "CHANGE")
            for count in counts {
                table.add(
                    count.label,
                    "\(count.covered)",
                    "\(count.total)",
                    count.total > 0 ? Self.percent(Double(count.covered) / Double(count.total) * 100) : "-",
                    count.delta.map { ($0 < 0 ? "" : "+") + Self.percent($0) } ?? "-"
                )
            }
            let before = coverage.deltaBuild?.id.map { "\nThe change is against run \($0)." } ?? ""
            return table.render(terminal) + before
        }
    }

    private static func percent(_ number: Double) -> String {
        let tenths = Int((abs(number) * 10).rounded())
        return "\(number < 0 && tenths > 0 ? "-" : "")\(tenths / 10).\(tenths % 10) %"
    }
}
