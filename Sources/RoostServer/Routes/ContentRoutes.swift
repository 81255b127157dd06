import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import RoostContent
import RoostModel
import RoostStore
import RoostWire

/// How agents and the command line publish and fetch artifacts: chunk by chunk, only those that are missing.
///
/// All of it is below the run that speaks, so that a job's token reaches nothing else; what it may read of other runs the control plane judges.
func addContentRoutes(to table: RouteTable) {
    let run = "roost/runs/{buildId}"
    let read = RouteAccess.scope(.build).or(.job(.ownRun))
    let write = RouteAccess.scope(.buildExecute).or(.job(.ownRun))

    table.post("\(run)/content/missing", access: write) { call in
        let wanted = try await call.decode(ChunkListWire.self).chunks
        let own = try await call.run().run
        return try call.answer(ChunkListWire(await call.plane.missingChunks(wanted, run: own)))
    }
    table.put("\(run)/content/{chunkId}", access: write) { call in
        let chunk = try call.chunk()
        let own = try await call.run().run
        let bytes = try await call.body()
        try await call.plane.putChunk(chunk, Array(bytes.readableBytesView), run: own)
        return call.nothing
    }
    table.get("\(run)/artifacts", access: read) { call in
        let source = try await call.sourceRun()
        let all = try await call.plane.artifacts(of: source.id)
        guard let name = call.query["artifactName"] else { return try call.list(all.map { StoredArtifactWire($0) }) }
        return try call.list([StoredArtifactWire(await call.plane.artifact(name, of: source))])
    }
    table.post("\(run)/artifacts", access: write) { call in
        let draft = try await call.decode(ArtifactDraftWire.self)
        let own = try await call.run().run
        return try call.answer(
            StoredArtifactWire(await call.plane.publishArtifact(run: own, draft, by: call.caller))
        )
    }
    table.delete("\(run)/artifacts/{name}", access: .scope(.buildExecute)) { call in
        try await call.plane.deleteArtifact(call.text("name"), of: call.run().run, by: call.caller)
        return call.nothing
    }
    table.get("\(run)/artifacts/{name}/files", access: read) { call in
        let own = try await call.run().run
        let entries = try await call.plane.files(of: call.plane.artifact(call.text("name"), of: own), run: own)
        return try call.list(
            entries.compactMap { entry -> ArtifactFileWire? in
                switch entry.kind {
                case .folder: nil
                case .file(let size, _): ArtifactFileWire(path: entry.path, size: size)
                case .link(let target): ArtifactFileWire(path: entry.path, size: 0, target: target)
                }
            }
        )
    }
    table.get("\(run)/artifactcontent/{artifactId}/{chunkId}", access: read) { call in
        let chunk = try call.chunk()
        let (artifact, source) = try await call.readableArtifact()
        guard let content = artifact.content else { throw ContentError.chunk(.missing(chunk), owner: artifact.name) }
        let stored = try await call.plane.chunk(
            chunk,
            of: content,
            owner: ControlPlane.owner(artifact, source),
            isSuspect: call.query.flag("suspect")
        )
        return call.bytes(stored, type: "application/octet-stream")
    }
    table.get("\(run)/artifactsource", access: read) { call in
        let own = try await call.run().run
        let source = try await call.plane.artifactSource(call.sourceQuery(), for: own, by: call.caller)
        return try call.answer(
            ArtifactSourceWire(run: source.id.rawValue, number: source.number, pipeline: source.pipelineName)
        )
    }
}

extension Call {
    /// The chunk that the path names.
    func chunk() throws(RequestProblem) -> ChunkID {
        guard let chunk = ChunkID(raw("chunkId")) else {
            throw .badParameter(name: "chunkId", value: text("chunkId"), expected: "SHA-256 in lower-case hexadecimal")
        }
        return chunk
    }

    /// The run that `source` names, the path's own without it.
    fileprivate func sourceRun() async throws -> Run {
        let own = try await run().run
        guard let id = try query.number("source"), id != own.id.rawValue else { return own }
        let source = try await plane.run(RunID(id)).run
        try plane.requireReadable(source, by: caller, own)
        return source
    }

    /// The artifact that the path names, which must be readable for its run.
    fileprivate func readableArtifact() async throws -> (Artifact, Run) {
        let own = try await run().run
        let id = try number("artifactId")
        guard let artifact = try await plane.artifact(ArtifactID(id)) else {
            throw RequestProblem.notFound(what: "artifact \(id)")
        }
        let source = artifact.run == own.id ? own : try await plane.run(artifact.run).run
        try plane.requireReadable(source, by: caller, own)
        return (artifact, source)
    }

    fileprivate func sourceQuery() throws -> ArtifactSourceQuery {
        guard let pipeline = query["pipeline"] else {
            throw ControlError.invalid(what: "The request", problem: "it names no 'pipeline'", advice: nil)
        }
        return ArtifactSourceQuery(
            project: query["project"],
            pipeline: pipeline,
            version: query["version"] ?? "latest",
            branch: query["branch"],
            run: try query.number("run"),
            tags: (query["tags"] ?? "").split(separator: ",").map { String($0.drop { $0 == " " }) },
            allowsPartial: query.flag("partial"),
            allowsFailed: query.flag("failed"),
            prefersTriggering: query.flag("triggering")
        )
    }
}
