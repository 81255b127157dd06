import Synchronization

/// Folders that steps put in front of PATH; the last comes first.
public final class PrependedPaths: Sendable {
    private let folders = Mutex<[String]>([])

    private let tools: ToolCache?

    /// - Parameter tools: the tool cache, where it is noted which tools steps use.
    public init(tools: String? = nil) { self.tools = tools.map { ToolCache(folder: $0) } }

    /// Puts a folder in front; one that is there already moves.
    public func prepend(_ folder: String) {
        tools?.noteUse(of: folder)
        folders.withLock { folders in
            folders.removeAll { $0 == folder }
            folders.insert(folder, at: 0)
        }
    }

    /// A PATH with the folders in front.
    public func applied(to path: String) -> String {
        folders.withLock { ($0 + (path.isEmpty ? [] : [path])).joined(separator: ":") }
    }
}
