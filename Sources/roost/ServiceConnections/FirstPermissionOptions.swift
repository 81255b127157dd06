import ArgumentParser
import Foundation
import RoostClient
import RoostWire

/// Who may use what is about to be made.
struct FirstPermissionOptions: ParsableArguments {
    @Flag(help: "Let every pipeline of the project use it.")
    var allPipelines = false

    @Option(name: .long, help: ArgumentHelp("A pipeline that may use it; may be repeated.", valueName: "name"))
    var pipeline: [String] = []

    func apply(to made: ServiceConnectionWire, on server: Connection) async throws {
        guard allPipelines || !pipeline.isEmpty, let id = made.id else { return }
        var draft = ResourcePipelinePermissionsWire()
        if allPipelines { draft.allPipelines = .init(authorized: true) }
        var pipelines: [ResourcePipelinePermissionsWire.Pipeline] = []
        for name in pipeline { pipelines.append(.init(id: try await server.pipeline(name).id, authorized: true)) }
        draft.pipelines = pipelines
        _ = try await server.client.setPipelinePermissions(
            project: server.project(),
            type: "endpoint",
            id: id.uuidString.lowercased(),
            draft
        )
    }
}
