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

    /// What is to be permitted, before anything is made; nil is nothing.
    ///
    /// - Throws: ``CommandFailure`` naming a pipeline that is not there.
    func wanted(on server: Connection) async throws -> ResourcePipelinePermissionsWire? {
        guard allPipelines || !pipeline.isEmpty else { return nil }
        var draft = ResourcePipelinePermissionsWire()
        if allPipelines { draft.allPipelines = .init(authorized: true) }
        var pipelines: [ResourcePipelinePermissionsWire.Pipeline] = []
        for name in pipeline { pipelines.append(.init(id: try await server.pipeline(name).id, authorized: true)) }
        draft.pipelines = pipelines
        return draft
    }
}

extension Connection {
    /// Makes a service connection and says who may use it.
    func make(
        _ draft: ServiceConnectionWire,
        _ permission: FirstPermissionOptions
    ) async throws -> ServiceConnectionWire {
        let project = try await project()
        let wanted = try await permission.wanted(on: self)
        let made = try await client.createServiceConnection(project: project, draft)
        guard let wanted, let id = made.id?.uuidString.lowercased() else { return made }
        _ = try await client.setPipelinePermissions(project: project, type: "endpoint", id: id, wanted)
        return made
    }
}
