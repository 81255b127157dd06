import ArgumentParser
import Foundation
import RoostClient
import RoostWire

struct TaskShow: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a task with its inputs.",
        discussion: """
            Example:
              roost task show replacetokens@3
            """
    )

    @Argument(help: "Name or id of the task, with '@' and a version or without; without it is the newest.")
    var task: String

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func run(on server: Connection) async throws {
        let found = try await server.taskVersions(task)[0]
        try output.print(found) { terminal in
            var facts = Facts()
            facts.add("Task", found.reference)
            facts.add("Title", found.friendlyName)
            facts.add("Description", found.description)
            facts.add("Version", found.versionText)
            facts.add("ID", found.id?.uuidString.lowercased())
            facts.add("Full name", found.contributionIdentifier)
            facts.add("Before the job", found.prejobexecution?.keys.sorted().joined(separator: ", "))
            facts.add("Runs", found.execution?.keys.sorted().joined(separator: ", "))
            facts.add("After the job", found.postjobexecution?.keys.sorted().joined(separator: ", "))
            facts.add("Demands", found.demands?.joined(separator: ", "))
            facts.add("Agent level", found.minimumAgentVersion)
            facts.add("SHA-256", found.packageHash)
            facts.add("Installed by", found.installedBy)
            facts.add("Installed", TimeText.ago(found.installedOn))
            guard let inputs = found.inputs, !inputs.isEmpty else { return facts.render(terminal) }
            return "\(facts.render(terminal))\n\n\(Self.table(inputs).render(terminal))"
        }
    }

    private static func table(_ inputs: [TaskDefinitionWire.Input]) -> Table {
        var table = Table("INPUT", "TYPE", "NEEDED", "DEFAULT", "WHEN")
        for input in inputs {
            let names = ([input.name] + (input.aliases ?? [])).joined(separator: ", ")
            table.add(
                names,
                input.type ?? "",
                input.required == true ? "yes" : "no",
                String((input.defaultValue ?? "").prefix { !$0.isNewline }.prefix(40)),
                input.visibleRule ?? ""
            )
        }
        return table
    }
}
