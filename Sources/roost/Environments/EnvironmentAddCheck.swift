import ArgumentParser
import RoostClient
import RoostWire

struct EnvironmentAddCheck: ConnectedCommand {
    static let configuration = CommandConfiguration(
        commandName: "add-check",
        abstract: "Add a check that must pass before a stage deploys to an environment.",
        discussion: """
            Kinds of checks:
              approval   users must agree: --approver, --minimum, --in-order, --not-requester, --instructions
              lock       one stage at a time; 'lockBehavior' of the pipeline says who comes next
              branches   only runs of these branches: --branch
              hours      only at these times: --days, --from, --to, --zone
              template   the pipeline must extend a file: --template, --repository

            Examples:
              roost environment add-check production approval --approver ann --approver bob --minimum 1
              roost environment add-check production lock
              roost environment add-check production branches --branch main --branch 'release/*'
              roost environment add-check production hours --days Monday,Friday --from 09:00 --to 17:00 --zone UTC+01:00
            """
    )

    @Argument(help: "Name or number of the environment.")
    var environment: String

    @Argument(help: "approval, lock, branches, hours or template.")
    var kind: CheckWord

    @Option(help: ArgumentHelp("User who may approve; may be repeated.", valueName: "user"))
    var approver: [String] = []

    @Option(help: ArgumentHelp("How many must approve; all by default.", valueName: "count"))
    var minimum: Int?

    @Flag(help: "Approvers are asked one after the other.")
    var inOrder = false

    @Flag(help: "Who asked for the run may not approve it.")
    var notRequester = false

    @Option(help: "What approvers are told.")
    var instructions: String?

    @Option(help: ArgumentHelp("Allowed branch, with * for anything; may be repeated.", valueName: "branch"))
    var branch: [String] = []

    @Option(help: ArgumentHelp("Days with commas between, such as Monday,Friday.", valueName: "days"))
    var days = "Monday,Tuesday,Wednesday,Thursday,Friday"

    @Option(help: ArgumentHelp("When the hours begin, such as 09:00.", valueName: "time"))
    var from = "09:00"

    @Option(help: ArgumentHelp("When they end, such as 17:00.", valueName: "time"))
    var to = "17:00"

    @Option(help: ArgumentHelp("UTC, or a distance such as UTC+08:00.", valueName: "zone"))
    var zone = "UTC"

    @Option(help: ArgumentHelp("Path of a file the pipeline must extend; may be repeated.", valueName: "path"))
    var template: [String] = []

    @Option(help: ArgumentHelp("Repository of the template; the pipeline's own by default.", valueName: "name"))
    var repository: String?

    @Option(
        help: ArgumentHelp(
            "After so long without an outcome the stage is skipped; 30 days by default.",
            valueName: "minutes"
        )
    )
    var timeout: Int?

    @OptionGroup(title: "Connection") var connection: ConnectionOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        switch kind {
        case .approval: if approver.isEmpty { throw ValidationError("Name at least one --approver.") }
        case .branches: if branch.isEmpty { throw ValidationError("Name at least one --branch.") }
        case .template: if template.isEmpty { throw ValidationError("Name at least one --template.") }
        case .lock, .hours: break
        }
    }

    func run(on server: Connection) async throws {
        let found = try await server.environment(environment)
        let draft = CheckConfigurationWire(
            type: .init(name: typeName),
            settings: settings,
            resource: .init(type: "environment", id: String(found.id)),
            timeout: timeout
        )
        let made = try await server.client.createCheck(project: found.project, draft)
        try output.print(made) { _ in
            "Check \(made.id ?? 0) of '\(found.name)' is made: \(made.kindText), \(made.text)."
        }
    }

    private var typeName: String {
        switch kind {
        case .approval: "Approval"
        case .lock: "ExclusiveLock"
        case .template: "ExtendsCheck"
        case .branches, .hours: "Task Check"
        }
    }

    private var settings: CheckSettingsWire? {
        switch kind {
        case .lock: return nil
        case .approval:
            return CheckSettingsWire(
                approvers: approver.map { IdentityWire(displayName: $0, uniqueName: $0) },
                executionOrder: inOrder ? .inSequence : .anyOrder,
                minRequiredApprovers: minimum ?? 0,
                instructions: instructions,
                requesterCannotBeApprover: notRequester
            )
        case .branches:
            return CheckSettingsWire(
                definitionRef: .init(name: "evaluatebranchProtection"),
                inputs: ["allowedBranches": branch.joined(separator: ",")]
            )
        case .hours:
            return CheckSettingsWire(
                definitionRef: .init(name: "evaluateBusinessHours"),
                inputs: ["businessDays": days, "startTime": from, "endTime": to, "timeZone": zone]
            )
        case .template:
            return CheckSettingsWire(
                extendsChecks: template.map { .init(repositoryName: repository, templatePath: $0) }
            )
        }
    }
}

/// Kinds of checks as the command names them.
enum CheckWord: String, CaseIterable, ExpressibleByArgument {
    case approval, lock, branches, hours, template
}
