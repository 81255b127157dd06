import ArgumentParser
import Foundation
import RoostClient
import RoostWire

/// `roost repository`: how the repositories of jobs are fetched.
struct RepositoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repository",
        abstract: "See how long checkouts of repositories take, and where their commits come from.",
        discussion: """
            Examples:
              roost repository list
              roost repository checkouts app
              roost repository checkouts --run 412
            """,
        subcommands: [RepositoryList.self, RepositoryCheckouts.self]
    )
}

struct RepositoryList: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the repositories of recent checkouts with the times of a usual one (the median).",
        discussion: """
            Times are seconds: PREPARE finds, cleans or makes folders, NEGOTIATE finds out what is missing, TRANSFER is the network, RESOLVE works out
            what came, WRITE makes the files.
            """
    )

    @Option(help: "How many of the newest checkouts are looked at.")
    var last = 1000

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let all = try await server.client.checkouts(limit: last)
        let repositories = RepositoryTimes.all(all)
        try output.print(list: repositories, empty: "No job has checked a repository out.") { _ in
            var table = Table(
                "REPOSITORY",
                "CHECKOUTS",
                "TOTAL",
                "PREPARE",
                "NEGOTIATE",
                "TRANSFER",
                "RESOLVE",
                "WRITE",
                "BYTES"
            )
            for one in repositories {
                table.add(
                    one.repository,
                    "\(one.checkouts)",
                    SecondsText.of(one.total),
                    SecondsText.of(one.prepare),
                    SecondsText.of(one.negotiate),
                    SecondsText.of(one.transfer),
                    SecondsText.of(one.resolve),
                    SecondsText.of(one.write),
                    SizeText.of(one.bytes)
                )
            }
            return table
        }
    }
}

/// The usual checkout of a repository: medians, in milliseconds and bytes.
struct RepositoryTimes: Codable {
    var repository: String
    var checkouts: Int
    var total: Int
    var prepare: Int
    var negotiate: Int
    var transfer: Int
    var resolve: Int
    var write: Int
    var bytes: Int

    /// Slowest first.
    static func all(_ checkouts: [CheckoutReportWire]) -> [RepositoryTimes] {
        Dictionary(grouping: checkouts, by: \.repository).map { RepositoryTimes($0, $1) }
            .sorted { ($1.total, $0.repository) < ($0.total, $1.repository) }
    }

    private init(_ repository: String, _ all: [CheckoutReportWire]) {
        func median(_ path: KeyPath<CheckoutReportWire, Int>) -> Int {
            all.map { $0[keyPath: path] }.sorted()[all.count / 2]
        }
        self.repository = repository
        checkouts = all.count
        total = median(\.total)
        prepare = median(\.prepare)
        negotiate = median(\.negotiate)
        transfer = median(\.transfer)
        resolve = median(\.resolve)
        write = median(\.write)
        bytes = median(\.bytes)
    }
}

struct RepositoryCheckouts: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "checkouts",
        abstract: "List checkouts, newest first, with where their time went and where their commits came from."
    )

    @Argument(help: "Only checkouts of this repository.")
    var repository: String?

    @Option(help: "Only checkouts of this run.")
    var run: Int?

    @Option(help: "At most so many.")
    var last = 50

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let all = try await server.client.checkouts(run: run, repository: repository, limit: last)
        try output.print(list: all, empty: "There are no checkouts.") { _ in
            var table = Table(
                "RUN",
                "REPOSITORY",
                "AGENT",
                "FROM",
                "TOTAL",
                "PREPARE",
                "NEGOTIATE",
                "TRANSFER",
                "RESOLVE",
                "WRITE",
                "BYTES",
                "WHY"
            )
            for one in all {
                table.add(
                    one.buildId.map(String.init) ?? "-",
                    one.repository,
                    one.agentName ?? "-",
                    one.source,
                    SecondsText.of(one.total),
                    SecondsText.of(one.prepare),
                    SecondsText.of(one.negotiate),
                    SecondsText.of(one.transfer),
                    SecondsText.of(one.resolve),
                    SecondsText.of(one.write),
                    SizeText.of(one.bytes),
                    one.reason
                )
            }
            return table
        }
    }
}

/// Seconds with two digits behind the point, of milliseconds.
enum SecondsText {
    static func of(_ milliseconds: Int) -> String {
        let hundredths = (milliseconds + 5) / 10 % 100
        return "\((milliseconds + 5) / 1000).\(hundredths < 10 ? "0" : "")\(hundredths)"
    }
}
