/// What is emptied before a job.
public struct WorkspaceWire: Codable, Sendable, Hashable {
    public var clean: String?

    public init(
        clean: String? = nil
    ) {
        self.clean = clean
    }
}
