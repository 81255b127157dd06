public import FoundationEssentials

/// The life of a version, by Azure's names.
public enum ImageVersionState: Hashable, Sendable, Codable {
    /// Its copies are being made for the first time: nobody gets it. To succeeded or failed.
    case creating
    /// Published, and what it should be. To updating.
    case succeeded
    /// Published; copies are being made that were asked for later. To succeeded or failed.
    case updating
    /// A copy could not be made. To creating or updating, when it is put again.
    case failed(String)

    /// As Azure calls it.
    public var name: String {
        switch self {
        case .creating: "Creating"
        case .succeeded: "Succeeded"
        case .updating: "Updating"
        case .failed: "Failed"
        }
    }

    /// Copies are to be made.
    public var isAtWork: Bool { self == .creating || self == .updating }
}

/// What happens to a version.
public enum ImageVersionEvent: Hashable, Sendable {
    /// A copy was read back as a whole.
    case verified(ReplicaKey, hash: String)
    /// A copy could not be made, or is not what it should be.
    case failed(ReplicaKey, reason: String)
    /// Somebody puts it again, changed or to have what failed tried once more.
    case put(ImageVersion.Publishing)
}

extension ImageVersion {
    /// The version after something happened to it.
    ///
    /// What comes late has no meaning any more and changes nothing: a copy that is no longer wanted, a version at rest.
    public func applying(_ event: ImageVersionEvent, at now: Date) -> ImageVersion {
        var next = self
        switch event {
        case .verified(let key, let hash):
            guard state.isAtWork else { return self }
            guard (contentHash ?? hash) == hash else {
                return applying(.failed(key, reason: "its content has the hash \(hash)"), at: now)
            }
            next.contentHash = hash
            next.set(.completed, of: key)
        case .failed(let key, let reason):
            guard state.isAtWork else { return self }
            next.set(.failed(reason), of: key)
        case .put(let publishing):
            next.publishing = publishing
            let known = Dictionary(replicas.map { ($0.key, $0.state) }) { first, _ in first }
            next.replicas = publishing.wanted(home: location).map { key in
                ImageReplica(key, known[key] == .completed ? .completed : .waiting)
            }
            next.state = isPublished ? .updating : .creating
        }
        next.settle(at: now)
        return next
    }

    private mutating func set(_ state: ReplicaState, of key: ReplicaKey) {
        guard let place = replicas.firstIndex(where: { $0.key == key }) else { return }
        replicas[place].state = state
    }

    /// At rest once no copy waits: published as a whole, or failed.
    private mutating func settle(at now: Date) {
        guard !replicas.contains(where: { $0.state == .waiting }) else { return }
        for replica in replicas {
            guard case .failed(let reason) = replica.state else { continue }
            state = .failed("region '\(replica.key.region)': \(reason)")
            return
        }
        state = .succeeded
        publishedAt = publishedAt ?? now
    }
}
