import RoostModel

/// Where a file is no XML that can be taken, and why.
struct XMLFault: UserFacingError, Hashable {
    var path: String
    var line: Int
    var column: Int
    var problem: String

    var code: String { "xml.malformed" }
    var summary: String { "The file cannot be read: \(problem)." }
    var location: String? { "\(path):\(line):\(column)" }
    var advice: String? { "Look at what the program that wrote it said; a file like this is often cut off by a crash." }
}
