public import RoostContent
public import RoostModel

/// What is refused of artifacts and caches, and why.
public enum ContentError: UserFacingError, Hashable {
    /// Run's number for people.
    case artifactNotFound(name: String, run: String, known: [String])
    case artifactExists(name: String, run: String)
    case artifactIsElsewhere(name: String, type: String, data: String)
    case fileNotFound(path: String, artifact: String)
    case cacheNotFound(Int)
    /// A run asks for what is not its own to read.
    case notReadable(what: String, reason: String, advice: String)
    /// An upload is not complete.
    case chunksMissing(count: Int)
    case chunk(ChunkFault, owner: String)
    case manifest(ManifestFault)
    case noSourceRun(pipeline: String, sought: String)

    public var code: String {
        switch self {
        case .artifactNotFound: "artifact.not-found"
        case .artifactExists: "artifact.exists"
        case .artifactIsElsewhere: "artifact.elsewhere"
        case .fileNotFound: "artifact.file-not-found"
        case .cacheNotFound: "cache.not-found"
        case .notReadable: "content.not-readable"
        case .chunksMissing: "content.incomplete"
        case .chunk(let fault, _): fault.code
        case .manifest: "content.manifest"
        case .noSourceRun: "artifact.no-run"
        }
    }

    public var summary: String {
        switch self {
        case .artifactNotFound(let name, let run, _): "Artifact \(name) was not found for build \(run)."
        case .artifactExists(let name, let run): "Artifact \(name) already exists for build \(run)."
        case .artifactIsElsewhere(let name, let type, let data):
            "The files of artifact '\(name)' are not on this server, but at '\(data)' (\(type))."
        case .fileNotFound(let path, let artifact): "There is no file '\(path)' in artifact '\(artifact)'."
        case .cacheNotFound(let id): "There is no cache entry \(id)."
        case .notReadable(let what, let reason, _): "This run may not read \(what): \(reason)."
        case .chunksMissing(let count):
            "The upload is not complete: \(count) \(count == 1 ? "piece is" : "pieces are") not on the server."
        case .chunk(let fault, let owner): owner.isEmpty ? fault.summary : "\(fault.summary) It belongs to \(owner)."
        case .manifest(let fault): fault.summary
        case .noSourceRun(let pipeline, let sought): "Pipeline '\(pipeline)' has no run \(sought)."
        }
    }

    public var location: String? { nil }

    public var advice: String? {
        switch self {
        case .artifactNotFound(_, _, let known):
            known.isEmpty
                ? "The run has published none; publish it in a step before, and let this job depend on that one."
                : "It has \(known.map { "'\($0)'" }.joined(separator: ", "))."
        case .artifactExists: "Give it another name, for example with $(System.JobAttempt) in it."
        case .artifactIsElsewhere: "Fetch them there."
        case .fileNotFound: "List the files with 'roost artifact files RUN NAME'."
        case .cacheNotFound: "List them with 'roost cache list'."
        case .notReadable(_, _, let advice): advice
        case .chunksMissing: "Send the missing pieces, then publish again."
        case .chunk(let fault, _): fault.advice
        case .manifest(let fault): fault.advice
        case .noSourceRun: "Let that pipeline run first, or ask for another run."
        }
    }
}
