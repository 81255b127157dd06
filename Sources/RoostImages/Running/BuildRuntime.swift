/// What all builds of a run share.
public struct BuildRuntime: Sendable {
    /// Asks the person who builds; nil when there is no terminal.
    public var ask: (@Sendable (String) async throws -> String)?
    /// Whether each step waits for a person.
    public var isDebug = false
    /// Files that several targets write into.
    let shared = SharedFiles()

    public init(ask: (@Sendable (String) async throws -> String)? = nil, isDebug: Bool = false) {
        self.ask = ask
        self.isDebug = isDebug
    }
}

/// Takes turns in writing files that several targets write into.
actor SharedFiles {
    func turn<Value: Sendable>(_ body: @Sendable () throws -> Value) rethrows -> Value { try body() }
}
