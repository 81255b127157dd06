/// What is different about one path for an isolated job.
struct Wall: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        /// An empty folder stands there that cannot be written.
        case hide
        /// The same; nothing is shown below it.
        case cover
        /// An empty folder of memory stands there.
        case empty
        /// A file or folder of the machine stands there.
        case show
        /// The same; it cannot be written.
        case showReadOnly
        /// A folder with copies of its files, which are the user's own.
        case own
    }

    var kind: Kind
    var path: String
    /// What is shown, by its name on the machine.
    var source: String

    init(_ kind: Kind, _ path: String, from source: String? = nil) {
        self.kind = kind
        self.path = path
        self.source = source ?? path
    }
}
