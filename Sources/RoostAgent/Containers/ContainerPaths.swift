/// Where the agent's folders are inside of a container, and back.
///
/// The folders are mounted under their own names too, so a path that nobody translates still means the same files.
struct ContainerPaths: Hashable, Sendable {
    static let work = "/__w"
    static let tools = "/__t"
    static let externals = "/__a/externals"

    /// Pairs of folders: outside and inside; a folder stands before those it is in.
    let pairs: [(outside: String, inside: String)]

    init(_ folders: AgentFolders) {
        pairs = [
            (folders.tools, Self.tools), (folders.externals, Self.externals), (folders.work, Self.work),
        ]
    }

    static func == (left: ContainerPaths, right: ContainerPaths) -> Bool {
        left.pairs.map(\.outside) == right.pairs.map(\.outside)
    }

    func hash(into hasher: inout Hasher) { hasher.combine(pairs.map(\.outside)) }

    /// A text in which folders of the machine have their names inside.
    func inside(_ text: String) -> String {
        pairs.reduce(text) { Self.replacing($1.outside, with: $1.inside, in: $0) }
    }

    /// A text in which folders inside have their names of the machine.
    func outside(_ text: String) -> String {
        pairs.reduce(text) { Self.replacing($1.inside, with: $1.outside, in: $0) }
    }

    /// Replaces a path where it begins one and ends a part of one.
    private static func replacing(_ path: String, with new: String, in text: String) -> String {
        guard text.utf8Range(of: path) != nil else { return text }
        let (needle, bytes) = (Array(path.utf8), Array(text.utf8))
        var out: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let end = index + needle.count
            let isHere = end <= bytes.count && bytes[index..<end].elementsEqual(needle)
            if isHere, index == 0 || !isPart(bytes[index - 1]),
                end == bytes.count || !isPart(bytes[end]) || bytes[end] == 47
            {
                out += Array(new.utf8)
                index = end
            } else {
                out.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// Whether a byte may stand in a path beside others.
    private static func isPart(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
            || [45, 46, 47, 95].contains(byte) || byte >= 128
    }
}
