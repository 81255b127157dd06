import FoundationEssentials
import RoostContent
public import RoostModel
import RoostStore
public import RoostWire

extension ControlPlane {
    /// The artifacts of a run, in the order in which they were made.
    public func artifacts(of run: RunID) async throws -> [Artifact] { try await store.artifacts(of: run) }

    /// An artifact by its number; nil when there is none.
    func artifact(_ id: ArtifactID) async throws -> Artifact? { try await store.artifact(id) }

    /// An artifact of a run by its name, in any letter case.
    ///
    /// - Throws: ``ContentError/artifactNotFound(name:run:known:)``.
    public func artifact(_ name: String, of run: Run) async throws -> Artifact {
        let all = try await artifacts(of: run.id)
        guard let found = all.first(where: { $0.name.lowercased() == name.lowercased() }) else {
            throw ContentError.artifactNotFound(name: name, run: run.number, known: all.map(\.name))
        }
        return found
    }

    /// Publishes files whose chunks have been sent.
    ///
    /// Of two writers of one name the first wins; the second is refused, or its files are added where the name is that of a container. The same upload
    /// twice is one: an agent that did not hear the answer asks again.
    public func publishArtifact(
        run: Run,
        _ draft: ArtifactDraftWire,
        by caller: Caller
    ) async throws -> Artifact {
        let isContainer = draft.type.lowercased() == "container"
        let kind: Artifact.Kind = isContainer ? .container : .pipeline
        let space = ContentReference.space(of: run)
        try Self.check(name: draft.name)
        let accepted = try await accept(manifest: draft.content.manifest, in: space)
        return try await serially(run.id) { [self] in
            let all = try await artifacts(of: run.id)
            guard let known = all.first(where: { $0.name.lowercased() == draft.name.lowercased() }) else {
                return try await add(accepted.content, kind, draft.name, draft.properties ?? [:], run, caller)
            }
            if known.content == accepted.content { return known }
            guard isContainer, known.kind == .container, let content = known.content else {
                throw ContentError.artifactExists(name: known.name, run: run.number)
            }
            let before = try await manifest(content, owner: Self.owner(known, run))
            var merged = known
            merged.content = try await keep(before.adding(accepted.manifest), in: space)
            merged.properties.merge(draft.properties ?? [:]) { _, new in new }
            return try await put(merged, caller)
        }
    }

    /// Remembers that files of a run are somewhere else.
    public func associateArtifact(
        run: Run,
        name: String,
        type: String,
        data: String,
        properties: [String: String],
        by caller: Caller
    ) async throws -> Artifact {
        try Self.check(name: name)
        return try await serially(run.id) { [self] in
            let kind = Artifact.Kind.place(type: type, data: data)
            if let known = try await artifacts(of: run.id).first(where: { $0.name.lowercased() == name.lowercased() }) {
                guard known.kind == kind else { throw ContentError.artifactExists(name: known.name, run: run.number) }
                return known
            }
            return try await add(nil, kind, name, properties, run, caller)
        }
    }

    /// Removes an artifact of a run.
    public func deleteArtifact(_ name: String, of run: Run, by caller: Caller) async throws {
        try await serially(run.id) { [self] in
            let found = try await artifact(name, of: run)
            try await change { _, change in
                change.store.append(.deleteArtifact(found.id))
                change.audit(caller, "artifact.delete", "run:\(run.id)", found.name)
            }
        }
    }

    private func add(
        _ content: ContentReference?,
        _ kind: Artifact.Kind,
        _ name: String,
        _ properties: [String: String],
        _ run: Run,
        _ caller: Caller
    ) async throws -> Artifact {
        var source: UUID?
        if case .job(let job, _, _, _) = caller.principal { source = job.rawValue }
        return try await change { state, change in
            state.counters.artifact += 1
            let artifact = Artifact(
                id: ArtifactID(state.counters.artifact),
                run: run.id,
                name: name,
                kind: kind,
                content: content,
                properties: properties,
                source: source,
                createdAt: change.now
            )
            change.store.append(.putArtifact(artifact))
            if !caller.isWork { change.audit(caller, "artifact.create", "run:\(run.id)", name) }
            return artifact
        }
    }

    private func put(_ artifact: Artifact, _ caller: Caller) async throws -> Artifact {
        try await change { _, change in
            change.store.append(.putArtifact(artifact))
            if !caller.isWork { change.audit(caller, "artifact.update", "run:\(artifact.run)", artifact.name) }
            return artifact
        }
    }

    /// One thing after the other for each run, so that what is decided of its artifacts stays true until it is stored.
    func serially<Value: Sendable>(
        _ run: RunID,
        _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await artifactWork.perform(run) { await Result { try await body() } }.get()
    }

    private static func check(name: String) throws(ControlError) {
        guard let problem = Artifact.problem(withName: name) else { return }
        throw .invalid(
            what: "The artifact's name '\(name)'",
            problem: problem,
            advice: "Choose a name without \(Artifact.forbiddenCharacters)"
        )
    }

    /// An artifact as messages call it.
    static func owner(_ artifact: Artifact, _ run: Run) -> String { "artifact '\(artifact.name)' of run \(run.number)" }

    /// A reader of the files of an artifact.
    ///
    /// - Throws: ``ContentError/artifactIsElsewhere(name:type:data:)``, ``ContentError/chunk(_:owner:)``.
    func reader(_ artifact: Artifact, of run: Run) async throws -> ContentReader {
        guard let content = artifact.content else {
            guard case .place(let type, let data) = artifact.kind else {
                throw ContentError.artifactNotFound(name: artifact.name, run: run.number, known: [])
            }
            throw ContentError.artifactIsElsewhere(name: artifact.name, type: type, data: data)
        }
        let owner = Self.owner(artifact, run)
        let manifest = try await manifest(content, owner: owner)
        return ContentReader(manifest, space: content.space, owner: owner, chunks: chunks)
    }

    /// The files and folders of an artifact.
    public func files(of artifact: Artifact, run: Run) async throws -> [ContentManifest.Entry] {
        try await reader(artifact, of: run).manifest.entries
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
