import FoundationEssentials
public import RoostWire

extension RoostClient {
    public func projects() async throws(ClientError) -> [TeamProjectWire] {
        try await call(Call(method: "GET", path: "_apis/projects"), as: WireList<TeamProjectWire>.self).value
    }

    public func createProject(_ project: TeamProjectWire) async throws(ClientError) -> TeamProjectWire {
        try await call(Call(method: "POST", path: "_apis/projects", body: try Self.body(project)))
    }

    public func updateProject(_ id: String, _ project: TeamProjectWire) async throws(ClientError) -> TeamProjectWire {
        try await call(Call(method: "PATCH", path: "_apis/projects/\(Self.escape(id))", body: try Self.body(project)))
    }

    // MARK: Pipelines (build definitions)

    public func definitions(
        project: String,
        named name: String? = nil
    ) async throws(ClientError) -> [BuildDefinitionWire] {
        let query: [(String, String?)] = [("name", name), ("includeAllProperties", "true")]
        return try await call(
            Call(method: "GET", path: "\(Self.escape(project))/_apis/build/definitions", query: query),
            as: WireList<BuildDefinitionWire>.self
        ).value
    }

    public func definition(project: String, id: Int) async throws(ClientError) -> BuildDefinitionWire {
        try await call(Call(method: "GET", path: "\(Self.escape(project))/_apis/build/definitions/\(id)"))
    }

    public func createDefinition(
        project: String,
        _ definition: BuildDefinitionWire
    ) async throws(ClientError)
        -> BuildDefinitionWire
    {
        let path = "\(Self.escape(project))/_apis/build/definitions"
        return try await call(Call(method: "POST", path: path, body: try Self.body(definition)))
    }

    public func updateDefinition(
        project: String,
        _ definition: BuildDefinitionWire
    ) async throws(ClientError)
        -> BuildDefinitionWire
    {
        let path = "\(Self.escape(project))/_apis/build/definitions/\(definition.id ?? 0)"
        return try await call(Call(method: "PUT", path: path, body: try Self.body(definition)))
    }

    public func deleteDefinition(project: String, id: Int) async throws(ClientError) {
        try await callForNothing(Call(method: "DELETE", path: "\(Self.escape(project))/_apis/build/definitions/\(id)"))
    }

    // MARK: Runs (builds)

    /// Queues a run of a pipeline.
    public func runPipeline(
        project: String,
        pipeline: Int,
        _ parameters: RunPipelineParametersWire
    )
        async throws(ClientError) -> PipelineRunWire
    {
        let path = "\(Self.escape(project))/_apis/pipelines/\(pipeline)/runs"
        return try await call(Call(method: "POST", path: path, body: try Self.body(parameters)))
    }

    /// Newest first.
    public func builds(
        project: String,
        definitions: [Int] = [],
        status: String? = nil,
        result: String? = nil,
        branch: String? = nil,
        top: Int = 50
    ) async throws(ClientError) -> [BuildWire] {
        let query: [(String, String?)] = [
            ("definitions", definitions.isEmpty ? nil : definitions.map(String.init).joined(separator: ",")),
            ("statusFilter", status), ("resultFilter", result), ("branchName", branch), ("$top", String(top)),
        ]
        return try await call(
            Call(method: "GET", path: "\(Self.escape(project))/_apis/build/builds", query: query),
            as: WireList<BuildWire>.self
        ).value
    }

    /// A run by its number in the organization.
    public func build(_ id: Int, project: String? = nil) async throws(ClientError) -> BuildWire {
        try await call(Call(method: "GET", path: "\(prefix(project))_apis/build/builds/\(id)"))
    }

    public func updateBuild(
        _ id: Int,
        _ build: BuildWire,
        project: String? = nil,
        retry: Bool = false
    )
        async throws(ClientError) -> BuildWire
    {
        try await call(
            Call(
                method: "PATCH",
                path: "\(prefix(project))_apis/build/builds/\(id)",
                query: [("retry", retry ? "true" : nil)],
                body: try Self.body(build)
            )
        )
    }

    public func addBuildTag(_ id: Int, tag: String) async throws(ClientError) {
        try await callForNothing(Call(method: "PUT", path: "_apis/build/builds/\(id)/tags/\(Self.escape(tag))"))
    }

    /// Repeats a run at the same commit.
    public func rerun(_ id: Int) async throws(ClientError) -> BuildWire {
        try await call(Call(method: "POST", path: "_apis/roost/runs/\(id)/rerun", body: Data("{}".utf8)))
    }

    public func buildTimeline(_ id: Int) async throws(ClientError) -> TimelineWire {
        try await call(Call(method: "GET", path: "_apis/build/builds/\(id)/timeline"))
    }

    public func buildLogs(_ id: Int) async throws(ClientError) -> [BuildLogWire] {
        try await call(Call(method: "GET", path: "_apis/build/builds/\(id)/logs"), as: WireList<BuildLogWire>.self)
            .value
    }

    /// Lines by number from 1, both ends included.
    public func buildLogLines(
        _ id: Int,
        log: Int,
        start: Int? = nil,
        end: Int? = nil
    ) async throws(ClientError) -> [String] {
        let query: [(String, String?)] = [("startLine", start.map(String.init)), ("endLine", end.map(String.init))]
        return try await call(
            Call(method: "GET", path: "_apis/build/builds/\(id)/logs/\(log)", query: query),
            as: WireList<String>.self
        ).value
    }

    private func prefix(_ project: String?) -> String { project.map { "\(Self.escape($0))/" } ?? "" }
}
