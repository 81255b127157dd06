public import RoostLanguage

/// A YAML file that was read: its tree with the place of every node, and what is wrong with it.
///
/// The reader accepts what pipelines accept: one document, no anchors, keys that are scalars. Scalars keep their spelling and style.
public struct YAMLDocument: Sendable {
    public let source: SourceText
    /// Nil when the file cannot be read as YAML or is empty.
    public let root: SyntaxNode?
    public let diagnostics: [Diagnostic]
    /// Scalars, lists and mappings of the file.
    let nodeCount: Int

    /// Reads a text.
    public init(name: String, text: String, limits: YAMLLimits = .default) {
        var text = text
        if text.utf8.starts(with: Self.byteOrderMark) { text.removeFirst() }
        self.init(source: SourceText(name: name, text: text), limits: limits)
    }

    /// Reads the bytes of a file, which must be UTF-8, with or without a byte order mark.
    public init(name: String, bytes: [UInt8], limits: YAMLLimits = .default) {
        guard bytes.count <= limits.fileBytes else {
            let source = SourceText(name: name, text: "")
            self.init(source: source, root: nil, diagnostics: [YAMLFault.fileTooLarge(source, limits)])
            return
        }
        let content = bytes.starts(with: Self.byteOrderMark) ? bytes.dropFirst(3) : bytes[...]
        if let text = String(validating: content, as: UTF8.self) {
            self.init(source: SourceText(name: name, text: text), limits: limits)
        } else {
            // The replaced text has the same lines and, up to the fault, the same columns.
            let source = SourceText(name: name, text: String(decoding: content, as: UTF8.self))
            self.init(source: source, root: nil, diagnostics: [YAMLFault.encoding(source, content)])
        }
    }

    private init(source: SourceText, root: SyntaxNode?, diagnostics: [Diagnostic], nodeCount: Int = 0) {
        self.nodeCount = nodeCount
        self.source = source
        self.root = root
        self.diagnostics = diagnostics
    }

    private init(source: SourceText, limits: YAMLLimits) {
        guard source.count <= limits.fileBytes else {
            self.init(source: source, root: nil, diagnostics: [YAMLFault.fileTooLarge(source, limits)])
            return
        }
        var reader = YAMLReader(source: source, limits: limits)
        reader.read()
        self.init(source: source, root: reader.root, diagnostics: reader.diagnostics, nodeCount: reader.nodes)
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
}

/// How much a YAML file may hold.
public struct YAMLLimits: Hashable, Sendable {
    /// Collections inside each other.
    public var depth: Int
    /// Size of one file.
    public var fileBytes: Int
    /// Scalars, lists and mappings of one file.
    public var nodes: Int
    /// Problems reported of one file before reading stops.
    public var problems: Int

    public init(depth: Int = 100, fileBytes: Int = 10 << 20, nodes: Int = 1_000_000, problems: Int = 100) {
        self.depth = depth
        self.fileBytes = fileBytes
        self.nodes = nodes
        self.problems = problems
    }

    public static let `default` = YAMLLimits()
}
