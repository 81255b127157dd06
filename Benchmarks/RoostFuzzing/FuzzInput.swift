/// Something to try: an expression, a root file with its templates, or a template of an image.
public struct FuzzInput: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable { case expression, pipeline, image }

    public var kind: Kind
    /// The root file first; of an expression there is one, whose path is empty.
    public var files: [(path: String, bytes: [UInt8])]

    public init(expression: String) {
        kind = .expression
        files = [("", Array(expression.utf8))]
    }

    public init(files: [(path: String, bytes: [UInt8])]) {
        kind = .pipeline
        self.files = files
    }

    /// A template of an image, whose language the ending says: `pkr.hcl`, `pkr.json`, or `json` of the older ones.
    public init(image: [UInt8], ending: String) {
        kind = .image
        files = [("\(Self.imageName)\(ending)", image)]
    }

    private static let imageName = "image."

    public static func == (left: FuzzInput, right: FuzzInput) -> Bool { left.encoded == right.encoded }
    public func hash(into hasher: inout Hasher) { hasher.combine(encoded) }

    // MARK: As one file

    private static let mark = Array("#### file: ".utf8)

    /// All files behind each other, each below a line with its path; an expression below a line without one.
    public var encoded: [UInt8] {
        files.reduce(into: []) { result, file in
            result += Self.mark + Array(file.path.utf8) + [0x0A] + file.bytes + [0x0A]
        }
    }

    /// Reads what ``encoded`` makes; a text without marks is a root file.
    public init(encoded: [UInt8]) {
        var files: [(path: String, bytes: [UInt8])] = []
        for line in encoded.split(separator: 0x0A, omittingEmptySubsequences: false) {
            if line.starts(with: Self.mark) {
                if !files.isEmpty, files[files.count - 1].bytes.last == 0x0A {
                    files[files.count - 1].bytes.removeLast()
                }
                files.append((String(decoding: line.dropFirst(Self.mark.count), as: UTF8.self), []))
            } else {
                if files.isEmpty { files.append(("azure-pipelines.yml", [])) }
                files[files.count - 1].bytes += line + [0x0A]
            }
        }
        for place in files.indices.suffix(1) {
            for _ in 0..<2 where files[place].bytes.last == 0x0A { files[place].bytes.removeLast() }
        }
        let isSingle = files.count == 1
        kind =
            isSingle && files[0].path.isEmpty
            ? .expression : isSingle && files[0].path.hasPrefix(Self.imageName) ? .image : .pipeline
        self.files = files
    }
}
