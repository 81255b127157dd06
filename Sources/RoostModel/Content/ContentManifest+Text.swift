extension ContentManifest {
    static let head = "roost-manifest 1"

    /// The text form.
    public var text: [UInt8] {
        var out = Array("\(Self.head)\n".utf8)
        for chunk in chunks { out += "chunk \(chunk.id) \(chunk.size)\n".utf8 }
        for entry in entries {
            let (mode, path) = (String(entry.mode, radix: 8), Self.encode(entry.path))
            switch entry.kind {
            case .folder: out += "folder \(mode) \(entry.modified) \(path)\n".utf8
            case .file(let size, let offset):
                out += "file \(mode) \(entry.modified) \(size) \(offset) \(path)\n".utf8
            case .link(let target): out += "link \(entry.modified) \(path) \(Self.encode(target))\n".utf8
            }
        }
        return out
    }

    /// Reads the text form, and refuses what nobody should write to a disk.
    ///
    /// - Throws: ``ManifestFault`` for another text, a path that leaves its folder or goes through a link, or a file outside of the chunks.
    public init(text: [UInt8]) throws(ManifestFault) {
        self.init()
        var number = 0
        for line in text.split(separator: UInt8(ascii: "\n")) {
            number += 1
            let words = line.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
            if number == 1 {
                guard line.elementsEqual(Self.head.utf8) else {
                    throw ManifestFault(line: 1, reason: "it does not begin with '\(Self.head)'")
                }
                continue
            }
            try read(words, number)
        }
        guard number > 0 else { throw ManifestFault(line: 0, reason: "it is empty") }
        try check()
    }

    private mutating func read(_ words: [ArraySlice<UInt8>], _ line: Int) throws(ManifestFault) {
        func text(_ place: Int) -> String { String(decoding: words[place], as: UTF8.self) }
        func number(_ place: Int, radix: Int = 10) throws(ManifestFault) -> Int {
            guard let number = Int(text(place), radix: radix) else {
                throw ManifestFault(line: line, reason: "'\(text(place))' is no number")
            }
            return number
        }
        switch (text(0), words.count) {
        case ("chunk", 3):
            guard let id = ChunkID(text(1)) else {
                throw ManifestFault(line: line, reason: "'\(text(1))' is no SHA-256")
            }
            let size = try number(2)
            guard (1...ContentChunk.limit).contains(size) else {
                throw ManifestFault(line: line, reason: "a chunk of \(size) bytes is not allowed")
            }
            chunks.append(ContentChunk(id: id, size: size))
        case ("folder", 4):
            entries.append(
                Entry(
                    path: Self.decode(words[3]),
                    kind: .folder,
                    mode: try number(1, radix: 8),
                    modified: try number(2)
                )
            )
        case ("file", 6):
            entries.append(
                Entry(
                    path: Self.decode(words[5]),
                    kind: .file(size: try number(3), offset: try number(4)),
                    mode: try number(1, radix: 8),
                    modified: try number(2)
                )
            )
        case ("link", 4):
            let target = Self.decode(words[3])
            entries.append(
                Entry(path: Self.decode(words[2]), kind: .link(target: target), mode: 0, modified: try number(1))
            )
        default: throw ManifestFault(line: line, reason: "'\(text(0))' is not known")
        }
    }

    private func check() throws(ManifestFault) {
        let whole = chunks.reduce(0) { $0 + $1.size }
        var seen: Set<String> = []
        var opaque: Set<String> = []
        for entry in entries {
            guard Self.isSafe(entry.path) else {
                throw ManifestFault(line: 0, reason: "the path '\(entry.path)' is not allowed")
            }
            guard seen.insert(entry.path).inserted else {
                throw ManifestFault(line: 0, reason: "the path '\(entry.path)' comes twice")
            }
            guard (0...0o7777).contains(entry.mode) else {
                throw ManifestFault(line: 0, reason: "'\(entry.path)' has no possible mode")
            }
            if case .file(let size, let offset) = entry.kind {
                guard size >= 0, offset >= 0, size <= whole, offset <= whole - size else {
                    throw ManifestFault(line: 0, reason: "the file '\(entry.path)' is outside of the content")
                }
            }
            if case .folder = entry.kind { continue }
            opaque.insert(entry.path)
        }
        for entry in entries {
            for (place, byte) in zip(entry.path.utf8.indices, entry.path.utf8) where byte == UInt8(ascii: "/") {
                let parent = String(entry.path[..<place])
                guard !opaque.contains(parent) else {
                    throw ManifestFault(line: 0, reason: "'\(parent)' is no folder, and '\(entry.path)' is in it")
                }
            }
        }
    }

    /// Whether a path stays in the folder it is relative to.
    public static func isSafe(_ path: String) -> Bool {
        !path.isEmpty && !path.utf8.contains(0)
            && path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
                !$0.isEmpty && $0 != "." && $0 != ".." && $0.utf8.count <= 255
            }
    }

    static func encode(_ path: String) -> String {
        guard path.utf8.contains(where: mustHide) else { return path }
        var out: [UInt8] = []
        for byte in path.utf8 {
            guard mustHide(byte) else {
                out.append(byte)
                continue
            }
            let digits = String(byte, radix: 16, uppercase: true)
            out += (byte < 16 ? "%0\(digits)" : "%\(digits)").utf8
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func mustHide(_ byte: UInt8) -> Bool { byte <= 0x20 || byte == 0x7f || byte == UInt8(ascii: "%") }

    static func decode(_ word: ArraySlice<UInt8>) -> String {
        guard word.contains(UInt8(ascii: "%")) else { return String(decoding: word, as: UTF8.self) }
        var out: [UInt8] = []
        var rest = word
        while let byte = rest.popFirst() {
            let digits = rest.prefix(2)
            if byte == UInt8(ascii: "%"), digits.count == 2,
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                out.append(value)
                rest = rest.dropFirst(2)
            } else {
                out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }
}
