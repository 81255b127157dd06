import FoundationEssentials
import Logging
import RoostContent
import RoostModel
import RoostStore
import ServiceLifecycle

/// Makes the copies that versions are to have, a few versions at once; what a stop interrupts goes on at the next start.
struct ImageReplication: Service {
    let plane: ControlPlane

    /// Versions worked on at once.
    private static let width = 4

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                while !Task.isCancelled {
                    for key in plane.claimImages(upTo: Self.width) {
                        group.addTask {
                            await plane.replicate(key)
                            plane.imageProgress.release(key)
                            plane.imageWork.signal()
                        }
                    }
                    await plane.imageWork.wait(until: nil, now: Date())
                }
            }
        }
    }
}

extension ControlPlane {
    /// Pause after the store refused to take what was done.
    private static let pause = Duration.seconds(5)

    /// Versions whose copies are to be made and that nobody works on.
    fileprivate func claimImages(upTo width: Int) -> [ImageVersionKey] {
        let open = read { state in
            state.images.allVersions.filter { $0.state.isAtWork }.sorted { $0.createdAt < $1.createdAt }.map(\.key)
        }
        return imageProgress.claim(open, upTo: width)
    }

    /// Makes the copies of a version, one after the other.
    fileprivate func replicate(_ key: ImageVersionKey) async {
        while !Task.isCancelled, let version = read({ $0.images[key] }), let step = nextReplicaStep(of: version) {
            let event: ImageVersionEvent
            do {
                event = try await carryOut(step, of: version)
            } catch {
                guard !Task.isCancelled else { return }
                let reason = (error as? any UserFacingError)?.summary ?? "\(error)"
                event = .failed(step.target, reason: reason)
                logger.warning("a copy of an image failed", metadata: ["image": "\(key)", "error": "\(error)"])
            }
            do { try await note(event, of: key) } catch {
                logger.error("a copy of an image could not be noted", metadata: ["error": "\(error)"])
                try? await Task.sleep(for: Self.pause)
                return
            }
        }
    }

    private func note(_ event: ImageVersionEvent, of key: ImageVersionKey) async throws {
        try await change { state, change throws(ControlError) in
            guard let known = state.images[key] else { return }
            let version = known.applying(event, at: change.now)
            guard version != known else { return }
            try state.images.put(version, &change)
            guard version.state != known.state else { return }
            change.audit(.system, "image-version.state", "image:\(key)", version.state.name)
        }
    }

    private func carryOut(_ step: ReplicaStep, of version: ImageVersion) async throws -> ImageVersionEvent {
        switch step {
        case .giveUp(let key, let reason): return .failed(key, reason: reason)
        case .verify(let key): return .verified(key, hash: try await verify(key, of: version))
        case .copy(let source, let key):
            imageProgress.begin(key, of: version.key)
            try await copy(source, to: key, of: version)
            do {
                return .verified(key, hash: try await verify(key, of: version))
            } catch ContentError.chunk {
                // What was there from before is damaged and has been removed: it comes anew from the good copy.
                imageProgress.begin(key, of: version.key)
                try await copy(source, to: key, of: version)
                return .verified(key, hash: try await verify(key, of: version))
            }
        }
    }

    /// Reads a copy back; chunks that are damaged are removed, so that they come anew.
    private func verify(_ key: ReplicaKey, of version: ImageVersion) async throws -> String {
        let store = try imageRegions.store(key)
        let owner = "\(version.key) in \(key)"
        do {
            return try await ImageContent(content: version.content, owner: owner, store: store).digest()
        } catch let error as ContentError {
            if case .chunk(.damaged(let chunk, _), _) = error {
                try await store.delete(chunk, in: version.content.space)
            }
            throw error
        }
    }

    /// Brings the chunks that a copy does not have.
    private func copy(_ from: ReplicaKey, to key: ReplicaKey, of version: ImageVersion) async throws {
        let (source, target) = (try imageRegions.store(from), try imageRegions.store(key))
        let owner = "\(version.key) in \(from)"
        let content = ImageContent(content: version.content, owner: owner, store: source)
        let chunks = try await content.manifest().chunks
        let pace = TransferPace(settings.imageReplicationRate)
        for page in version.content.manifest where try await isMissing(page, in: target, version) {
            try await bring(page, source, target, version, owner)
        }
        for chunk in chunks {
            try Task.checkCancellation()
            let isNew = try await isMissing(chunk, in: target, version)
            if isNew { try await bring(chunk, source, target, version, owner) }
            imageProgress.add(chunk.size, to: key, of: version.key)
            if isNew { try await pace.passed(chunk.size) }
        }
    }

    private func isMissing(
        _ chunk: ContentChunk,
        in store: FolderChunkStore,
        _ version: ImageVersion
    ) async throws -> Bool {
        try await !store.missing([chunk.id], in: version.content.space).isEmpty
    }

    private func bring(
        _ chunk: ContentChunk,
        _ source: FolderChunkStore,
        _ target: FolderChunkStore,
        _ version: ImageVersion,
        _ owner: String
    ) async throws {
        let space = version.content.space
        guard let stored = try await source.read(chunk.id, in: space) else {
            throw ContentError.chunk(.missing(chunk.id), owner: owner)
        }
        do throws(ChunkFault) { _ = try ChunkCodec.decode(stored, of: chunk.id) } catch {
            throw ContentError.chunk(error, owner: owner)
        }
        try await target.put(chunk.id, stored, in: space)
    }
}

extension ReplicaStep {
    /// The copy that is to be made.
    fileprivate var target: ReplicaKey {
        switch self {
        case .verify(let key), .copy(_, let key), .giveUp(let key, _): key
        }
    }
}
