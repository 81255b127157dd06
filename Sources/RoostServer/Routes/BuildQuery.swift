import FoundationEssentials
import RoostModel
import RoostStore
import RoostWire

/// The filters of a list of builds.
///
/// What the store cannot filter by is judged here, page by page, until enough are found.
struct BuildQuery: Sendable {
    private var query: RunQuery
    private var statuses: Set<String>?
    private var reasons: Set<String>?
    private var tags: Set<String>
    private var after: Date?
    private var until: Date?
    private var perPipeline: Int?
    private let wanted: Int

    /// Pages that are looked through for one answer.
    private static let mostPages = 10

    init(_ call: Call) throws {
        let values = call.query
        wanted = min(max(try values.number("$top") ?? 100, 1), 1000)
        query = RunQuery(
            project: try call.project()?.id,
            pipelines: try values.numbers("definitions").map { Set($0.map { PipelineID($0) }) },
            ids: try values.numbers("buildIds").map { $0.map { RunID($0) } },
            branch: values["branchName"].map { PipelineDraft.ref($0) },
            requestedBy: values["requestedFor"],
            number: values["buildNumber"].flatMap { $0.contains("*") ? nil : $0 },
            before: try values.number("continuationToken").map { RunID($0) },
            limit: wanted
        )
        statuses = Self.words(values["statusFilter"])
        reasons = Self.words(values["reasonFilter"])
        if let statuses {
            query.completed = statuses == ["completed"] ? true : statuses.contains("completed") ? nil : false
        }
        if let results = Self.words(values["resultFilter"]) {
            query.results = results.reduce(into: []) { $0.formUnion(TaskResult.results(ofBuild: $1) ?? []) }
        }
        tags = Set(values.list("tagFilters") ?? [])
        after = try Self.date(values, "minTime")
        until = try Self.date(values, "maxTime")
        perPipeline = try values.number("maxBuildsPerDefinition")
        let needsMore =
            statuses != nil || reasons != nil || !tags.isEmpty || after != nil || until != nil || perPipeline != nil
        if needsMore { query.limit = max(wanted, 200) }
    }

    /// Comma-separated words in lower case; nil for none and for `all`.
    private static func words(_ text: String?) -> Set<String>? {
        guard let text else { return nil }
        let words = Set(text.lowercased().split(separator: ",").map { $0.drop { $0 == " " }.description })
        return words.contains("all") || words.contains("none") || words.isEmpty ? nil : words
    }

    private static func date(_ values: QueryValues, _ name: String) throws(ControlError) -> Date? {
        guard let text = values[name] else { return nil }
        // A plus in an offset arrives as a blank when the client did not encode it.
        guard let date = WireDate.date(text.replacing(" ", with: "+")) else {
            throw .invalid(
                what: "'\(name)'",
                problem: "'\(text)' is no date",
                advice: "Write for example 2026-11-24T10:11:12Z."
            )
        }
        return date
    }

    /// The runs, and where the next page begins; nil when there are no more.
    func page(_ plane: ControlPlane) async throws -> (runs: [RunSummary], next: RunID?) {
        var query = query
        var found: [RunSummary] = []
        var counts: [PipelineID: Int] = [:]
        for _ in 0..<Self.mostPages {
            let runs = try await plane.runs(query)
            for summary in runs {
                query.before = summary.run.id
                guard isWanted(summary.run), counts[summary.run.pipeline, default: 0] < perPipeline ?? .max else {
                    continue
                }
                counts[summary.run.pipeline, default: 0] += 1
                found.append(summary)
                if found.count == wanted { return (found, summary.run.id) }
            }
            guard runs.count == query.limit else { return (found, nil) }
        }
        return (found, query.before)
    }

    private func isWanted(_ run: Run) -> Bool {
        (statuses?.contains(run.state.buildStatus.lowercased()) ?? true)
            && (reasons?.contains(run.reason.rawValue.lowercased()) ?? true)
            && tags.allSatisfy { run.tags.contains($0) }
            && (after.map { run.queuedAt >= $0 } ?? true) && (until.map { run.queuedAt <= $0 } ?? true)
    }
}
