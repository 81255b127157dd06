import FoundationEssentials
import RoostModel
import RoostWire

/// Carries out the logging commands of one step.
final class CommandProcessor: Sendable {
    /// What a command may reach.
    struct Surroundings: Sendable {
        var stepName: String
        var limits: CommandLimits
        var variables: JobVariables
        var masker: SecretMasker
        var progress: StepProgress
        var paths: PrependedPaths
        var endpoints = JobEndpoints([])
        /// Where the sources are, to make paths in issues relative.
        var sourcesDirectory: @Sendable () -> String?
        /// The record has changed in a way people want to see now.
        var changed: @Sendable () -> Void
        /// The record of the step.
        var record = UUID()
        /// Takes other records that a command makes or changes.
        var tell: @Sendable ([TimelineRecordWire]) -> Void = { _ in }
    }

    /// Why a command was not carried out; it fails the step.
    struct Refusal: Error {
        var reason: String

        init(_ reason: String) { self.reason = reason }
    }

    let surroundings: Surroundings

    init(_ surroundings: Surroundings) { self.surroundings = surroundings }

    /// Judges a line that contains `##vso[`, and carries out what it asks for.
    ///
    /// - Parameters:
    ///   - line: as the process wrote it, unmasked.
    ///   - number: the number the line would have in the log.
    /// - Returns: what the log shows instead.
    func handle(_ line: String, number: Int) -> LineVerdict {
        switch VSOCommand.read(line, decodesPercents: decodesPercents) {
        case .plainText: return .show
        case .malformed(let problem):
            let text = "A logging command could not be read, because \(problem): \(line)"
            return .replace([report(.warning, text, number), line])
        case .command(let command): return run(command, line, number)
        }
    }

    /// `DECODE_PERCENTS` in any letter case; on when nobody says otherwise.
    private var decodesPercents: Bool { surroundings.variables["DECODE_PERCENTS"]?.lowercased() != "false" }

    private func run(_ command: VSOCommand, _ line: String, _ number: Int) -> LineVerdict {
        guard Self.areas.contains(command.area) else {
            let text =
                "Unknown area '\(command.area)' in the logging command '##vso[\(command.name)]'; the line is shown as it is."
            return .replace([report(.warning, text, number), line])
        }
        do throws(Refusal) {
            if surroundings.limits.isRestricted, !Self.restrictedNames.contains(command.name) {
                throw Refusal("it is not allowed in this step, whose target allows restricted commands only")
            }
            var lines = try perform(command, number)
            if command.name != "task.debug", surroundings.variables.flag("system.debug") {
                lines.append("##[debug]Processed: \(line)")
            }
            return .replace(lines)
        } catch {
            surroundings.progress.merge(.failed)
            let text = "Unable to process the command '##vso[\(command.name)]': \(error.reason)."
            return .replace([report(.error, text, number)])
        }
    }

    private static let areas: Set<String> = [
        "task", "build", "artifact", "results", "codecoverage", "release", "telemetry", "plugininternal",
    ]

    private static let restrictedNames: Set<String> = [
        "task.logdetail", "task.logissue", "task.issue", "task.complete", "task.setprogress", "task.setsecret",
        "task.setvariable", "task.debug", "task.settaskvariable", "task.prependpath", "telemetry.publish",
    ]

    /// Carries a command out and gives the lines to show.
    private func perform(_ command: VSOCommand, _ number: Int) throws(Refusal) -> [String] {
        switch command.name {
        case "task.setvariable": try setVariable(command, number)
        case "task.settaskvariable": try setTaskVariable(command)
        case "task.setendpoint": try setEndpoint(command, number)
        case "task.setsecret": setSecret(command, number)
        case "task.complete": try complete(command)
        case "task.logissue", "task.issue": try logIssue(command, number)
        case "task.setprogress": try setProgress(command)
        case "task.prependpath": try prependPath(command)
        case "task.debug": surroundings.variables.flag("system.debug") ? ["##[debug]\(command.data)"] : []
        case "task.uploadsummary", "build.uploadsummary":
            try attach(command, kind: "DistributedTask.Core.Summary", prefix: "CustomMarkDownSummary-")
        case "task.uploadfile": try attach(command, kind: "DistributedTask.Core.FileAttachment", prefix: "")
        case "build.uploadlog": try attach(command, kind: "DistributedTask.Core.Log", prefix: "")
        case "task.addattachment": try addAttachment(command)
        case "build.updatebuildnumber": try updateBuildNumber(command)
        case "build.addbuildtag": try addTag(command)
        case "artifact.upload": try uploadArtifact(command)
        case "artifact.associate": try associateArtifact(command)
        case "task.logdetail": try logDetail(command)
        case "results.publish": try publishResults(command)
        case "results.publishtoevidencestore": try publishEvidence(command, number)
        case "codecoverage.publish": try publishCoverage(command)
        case "release.updatereleasename": throw Refusal("it is a command of releases, and this job is one of a build")
        case "telemetry.publish", "plugininternal.updaterepositorypath": []
        default: throw Refusal("the area '\(command.area)' has no command '\(command.event)'")
        }
    }

    /// Attaches an issue to the record and gives the line that shows it.
    func report(
        _ kind: Issue.Kind,
        _ message: String,
        _ number: Int,
        category: String = "General",
        data: [String: String] = [:]
    ) -> String {
        var data = data
        data["logFileLineNumber"] = String(number)
        let masked = surroundings.masker.mask(message)
        surroundings.progress.add(
            Issue(kind, masked, category: category, data: data.mapValues(surroundings.masker.mask))
        )
        surroundings.changed()
        return "##[\(kind == .error ? "error" : "warning")]\(masked)"
    }
}
