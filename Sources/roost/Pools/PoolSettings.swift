import ArgumentParser
import RoostWire

/// Settings of a pool that can be given when it is made and changed later.
struct PoolSettings: ParsableArguments {
    @Flag(
        inversion: .prefixedNo,
        help: "Whether each agent does one job and is then removed; --no-single-use takes it back."
    )
    var singleUse: Bool?

    @Option(help: ArgumentHelp("Most jobs at once; 0 is no limit.", valueName: "count"))
    var concurrency: Int?

    @Flag(help: "All pipelines may use it.")
    var open = false

    @Flag(help: "Only authorized pipelines may use it.")
    var closed = false

    @Option(help: ArgumentHelp("Pipeline that may use a closed pool; may be repeated.", valueName: "pipeline"))
    var authorize: [String] = []

    @Option(help: ArgumentHelp("Pipeline that may use it no longer; may be repeated.", valueName: "pipeline"))
    var unauthorize: [String] = []

    @Option(help: ArgumentHelp("Whether personal tokens may register agents.", valueName: "allowed|refused"))
    var patEnrollment: PersonalTokenChoice?

    func validate() throws {
        if open, closed { throw ValidationError("--open and --closed exclude each other.") }
        if open, !authorize.isEmpty { throw ValidationError("An open pool needs no --authorize.") }
        if let concurrency, concurrency < 0 { throw ValidationError("--concurrency takes 0 or more.") }
    }

    /// Whether nothing is given.
    var isEmpty: Bool {
        singleUse == nil && concurrency == nil && !open && !closed && authorize.isEmpty && unauthorize.isEmpty
            && patEnrollment == nil
    }

    /// What the server is asked for.
    ///
    /// - Parameters:
    ///   - server: finds the pipelines by their names.
    ///   - known: the pool as it is, for the pipelines that may use it already.
    /// - Returns: only what changes.
    /// - Throws: when a pipeline is not known.
    func draft(_ server: Connection, known: TaskAgentPoolWire? = nil) async throws -> TaskAgentPoolWire {
        var draft = TaskAgentPoolWire(singleUse: singleUse, concurrencyLimit: concurrency)
        draft.patEnrollment = patEnrollment?.rawValue
        if open { draft.openToAll = true }
        if closed || !authorize.isEmpty { draft.openToAll = false }
        guard !authorize.isEmpty || !unauthorize.isEmpty else { return draft }
        var pipelines = Set(known?.authorizedPipelines ?? [])
        for name in authorize { pipelines.insert(try await server.pipeline(name).id) }
        for name in unauthorize { pipelines.remove(try await server.pipeline(name).id) }
        draft.authorizedPipelines = pipelines.sorted()
        return draft
    }
}
