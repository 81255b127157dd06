import ArgumentParser
import Foundation
import RoostImages
import RoostLanguage
import RoostLookup
import RoostTemplate

/// `roost image sweep`: removes what killed builds left in clouds.
struct ImageSweepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Remove resource groups that killed builds left in clouds.",
        discussion: """
            A build writes down the resource group that it makes in a cloud, and strikes it off when packer has removed it. What a killed \
            build left is removed by the next one that signs in to the same cloud, or by this, with the account that ARM_CLIENT_ID and so on \
            name. Nothing else is touched.

            Exit codes: 0 nothing is left, 1 something is, 64 wrong usage.
            """
    )

    @Option(help: ArgumentHelp("Strike a group off that is gone, or that you want to keep.", valueName: "group"))
    var forget: String?

    @Option(help: "How long the cloud is waited for: 2s, 1m or a number of seconds; by default 10m.")
    var within: TimeLimit?

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let ledger = PackerProgram(environment).ledger
        if let forget { return try forgetGroup(forget, ledger) }
        let limit = within?.duration ?? .seconds(600)
        let outcomes = try await ledger.sweep(targets: [], environment, within: limit)
        for outcome in outcomes {
            if let said = outcome.said { print(said) }
            if let problem = outcome.problem {
                Terminal.printError([problem.summary, problem.advice].compactMap(\.self).joined(separator: ".\n"))
            }
        }
        let left = outcomes.filter { ![.removed, .gone].contains($0.end) }
        print("\(outcomes.count) groups of killed builds, \(left.count) left")
        if !left.isEmpty { throw RoostExit.failed.code }
    }

    private func forgetGroup(_ name: String, _ ledger: CloudLedger) throws {
        guard let group = ledger.abandoned().first(where: { $0.name == name }) else {
            throw ValidationError("No killed build has left a group \"\(name)\".")
        }
        ledger.strike(group)
        print("Struck off \(name)")
    }
}

extension CloudLedger {
    /// Removes what killed builds left, as far as somebody signs in who may.
    ///
    /// - Parameters:
    ///   - targets: who signs in for them.
    ///   - environment: may name an account too.
    ///   - limit: how long clouds are waited for.
    /// - Returns: what became of each group.
    /// - Throws: what is wrong with the account or the connection's settings.
    func sweep(
        targets: [ImageTarget],
        _ environment: [String: String],
        within limit: Duration
    ) async throws -> [CloudSweep.Outcome] {
        guard !abandoned().isEmpty else { return [] }
        let azure = try AzureFacts(
            LookupEnvironment(
                variables: environment,
                homeFolder: NSHomeDirectory(),
                userAgent: "roost/\(Roost.version)"
            )
        )
        let sweep = try CloudSweep(self, AzureGroups(azure), targets: targets, environment)
        let outcomes = await sweep.run(until: .now + limit)
        await azure.close()
        return outcomes
    }
}
