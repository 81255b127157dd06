import RoostModel

/// A result as a file of results tells it.
struct ParsedTest: Hashable {
    /// One try of a test that was tried several times.
    struct Try: Hashable {
        var outcome: TestOutcome
        var message = ""
        var stack = ""
    }

    /// The whole name, with its class or suite.
    var name = ""
    var title = ""
    /// The file, assembly or class it is in.
    var storage = ""
    var outcome = TestOutcome.none
    /// Milliseconds.
    var duration = 0.0
    var message = ""
    var stack = ""
    var output = ""
    var errors = ""
    /// Several, when the test was tried again; the last is the one that counts.
    var tries: [Try] = []
    /// Paths as the file has them.
    var attachments: [String] = []
}

/// Reads the events of one format of result files.
///
/// One reader reads one file; it keeps no more than the test that is being read.
protocol TestFormat {
    /// Takes an event and gives the test that it completes.
    ///
    /// - Throws: what is wrong with the content; the place is added by the caller.
    mutating func take(_ event: XMLEvent) throws(TestFormatFault) -> ParsedTest?
    /// Whether the root element was one of this format.
    var isKnown: Bool { get }
}

/// What is wrong in a file that is good XML.
struct TestFormatFault: Error, Hashable {
    var problem: String
    init(_ problem: String) { self.problem = problem }
}

/// A text that is put together from parts and cut where it becomes too long.
struct BoundedText {
    private(set) var text = ""
    private var size = 0
    private var isCut = false
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    mutating func add(_ part: String) {
        guard !isCut, !part.isEmpty else { return }
        let count = part.utf8.count
        if size + count <= limit {
            text += part
            size += count
        } else {
            text += String(decoding: part.utf8.prefix(limit - size), as: UTF8.self) + "\n[...]"
            isCut = true
        }
    }

    mutating func take() -> String {
        defer { (text, size, isCut) = ("", 0, false) }
        return text.trimmingWhitespace
    }
}
