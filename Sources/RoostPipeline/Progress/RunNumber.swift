public import FoundationEssentials
import RoostLanguage
public import RoostModel

/// What a run number may be made of.
public struct RunNumberFacts: Sendable {
    public var pipelineName: String
    public var runID: Int
    /// The last part of the branch's name, or `merge` for a pull request.
    public var sourceBranchName: String
    public var projectName: String
    public var queuedAt: Date
    /// Variables known when the run is queued, by name in any letter case; see ``queueTimeVariables(of:)``.
    public var variables: [String: String]

    public init(
        pipelineName: String,
        runID: Int,
        sourceBranchName: String,
        projectName: String,
        queuedAt: Date,
        variables: [String: String] = [:]
    ) {
        self.pipelineName = pipelineName
        self.runID = runID
        self.sourceBranchName = sourceBranchName
        self.projectName = projectName
        self.queuedAt = queuedAt
        self.variables = variables
    }
}

/// The number of a run from the format the file gives under `name`; nil is `$(Date:yyyyMMdd).$(Rev:r)`.
///
/// - Parameters:
///   - format: Text with tokens such as `$(Date:yyyyMMdd)`, `$(Rev:.r)`, `$(BuildID)`, and macros of variables; what nobody knows stays as it is.
///   - facts: What the tokens stand for.
///   - revision: Gives 1 + the highest revision of this pipeline's runs whose numbers have the same text before and behind it.
/// - Returns: The number.
/// - Throws: ``InvalidRunNumber`` when it is empty, too long, or has a character that is not allowed.
public func formatRunNumber(
    _ format: PlannedText?,
    _ facts: RunNumberFacts,
    revision: (_ prefix: String, _ suffix: String) -> Int
) throws(InvalidRunNumber) -> String {
    let format = format ?? PlannedText(RunNumberFormat.standard)
    let number = RunNumberFormat(facts).number(format.text, revision)
    if let problem = InvalidRunNumber.Problem(of: number) { throw InvalidRunNumber(problem, number, format) }
    return number
}

/// Variables known when a run is queued: predefined ones, those of the request, and those of the root of the file.
///
/// Counters among them that ``RunSnapshot/counters`` has no value of are named, in order; reserve them and ask again.
public func queueTimeVariables(
    of snapshot: RunSnapshot
) -> (variables: [String: String], missingCounters: [CounterUse]) {
    let counters = CounterLedger(snapshot.counters)
    let scope = ProgressScope.root(of: snapshot, counters: counters)
    var variables: [String: String] = [:]
    for name in scope.variables.names { variables[name] = scope.variables[name] }
    return (variables, counters.uses)
}

/// Fills the tokens of a format.
private struct RunNumberFormat {
    static let standard = "$(Date:yyyyMMdd).$(Rev:r)"

    private let facts: RunNumberFacts
    private let moment: DateTime
    private let variables: [String: String]

    init(_ facts: RunNumberFacts) {
        self.facts = facts
        moment = DateTime(secondsSince1970: facts.queuedAt.timeIntervalSince1970)
        variables = Dictionary(facts.variables.map { (foldedName($0), $1) }) { first, _ in first }
    }

    /// All tokens but the revision first, because the revision depends on the rest.
    func number(_ format: String, _ revision: (String, String) -> Int) -> String {
        let filled = expandMacros(format, value)
        guard let name = macroNames(in: filled).first(where: { revisionPattern($0) != nil }),
            let range = filled.firstRange(of: "$(\(name))")
        else { return filled }
        let prefix = String(filled[..<range.lowerBound])
        let suffix = expandMacros(String(filled[range.upperBound...])) { revisionPattern($0).map { _ in "" } }
        let count = revision(prefix, suffix)
        return expandMacros(filled) { revisionPattern($0).map { pad(count, into: $0) } }
    }

    /// `r…` behind `Rev:`, with the characters around it; nil when the macro is no revision.
    private func revisionPattern(_ name: String) -> String? {
        guard foldedName(name).hasPrefix("rev:") else { return nil }
        let pattern = String(name.dropFirst(4))
        return pattern.contains("r") ? pattern : nil
    }

    /// The count in place of the `r`s, with as many digits as there are at least.
    private func pad(_ count: Int, into pattern: String) -> String {
        let width = pattern.count { $0 == "r" }
        let digits = String(count)
        let padded = String(repeating: "0", count: max(0, width - digits.count)) + digits
        guard let first = pattern.firstIndex(of: "r") else { return padded }
        return pattern[..<first] + padded + pattern[first...].filter { $0 != "r" }
    }

    private func value(_ name: String) -> String? {
        let key = foldedName(name)
        if key.hasPrefix("date:") { return moment.formatted(String(name.dropFirst(5))) }
        if key.hasPrefix("year:") { return moment.formatted(String(name.dropFirst(5))) }
        return switch key {
        case "builddefinitionname", "build.definitionname": facts.pipelineName
        case "buildid", "build.buildid": String(facts.runID)
        case "dayofmonth": String(moment.day)
        case "dayofyear": String(moment.dayOfYear)
        case "hours": String(moment.hour)
        case "minutes": String(moment.minute)
        case "seconds": String(moment.second)
        case "month": String(moment.month)
        case "sourcebranchname", "build.sourcebranchname": facts.sourceBranchName
        case "teamproject", "system.teamproject": facts.projectName
        default: variables[key]
        }
    }
}
