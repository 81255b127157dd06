import Glibc

/// Reads XML from a file part by part; what it holds does not grow with the file.
///
/// Entities are the five of XML and numbers of characters. A document type is skipped, and what it declares is not used: an entity of its own is an error, so
/// that none can grow without bound or read another file. UTF-8, UTF-16 with a byte order mark, and the eight-bit encodings of Western Europe are read.
struct XMLReader {
    /// A text, an attribute or a tag is not longer than this.
    static let tokenLimit = 8 << 20
    static let depthLimit = 512
    private static let attributeLimit = 256

    private let path: String
    private var source: XMLBytes
    private var line = 1
    private var column = 1
    private var open: [String] = []
    private var hasRoot = false
    /// The end of a tag that was its own end.
    private var pendingEnd: String?

    /// - Throws: ``XMLFault`` when the file cannot be opened.
    init(path: String) throws(XMLFault) {
        self.path = path
        do throws(XMLBytes.Failure) { source = try XMLBytes(path: path) } catch {
            throw XMLFault(path: path, line: 1, column: 1, problem: error.reason)
        }
    }

    /// How deep the reader is: the names of the tags around it.
    var depth: Int { open.count }
    /// The place of the next character.
    var place: (line: Int, column: Int) { (line, column) }

    func fault(_ problem: String) -> XMLFault { XMLFault(path: path, line: line, column: column, problem: problem) }

    /// The next event; nil at the end of a document that is whole.
    mutating func next() throws(XMLFault) -> XMLEvent? {
        if let name = pendingEnd {
            pendingEnd = nil
            return .end(name)
        }
        while true {
            guard let first = try peek() else { return try finish() }
            guard first == UInt8(ascii: "<") else {
                let text = try readText()
                if open.isEmpty {
                    guard text.allSatisfy(\.isWhitespace) else {
                        throw fault("there is text outside of the root element")
                    }
                    continue
                }
                return .text(text)
            }
            if let event = try readMarkup() { return event }
        }
    }

    private func finish() throws(XMLFault) -> XMLEvent? {
        if let name = open.last { throw fault("it ends before '</\(name)>'") }
        guard hasRoot else { throw fault("it has no root element") }
        return nil
    }

    // MARK: Bytes

    private mutating func peek() throws(XMLFault) -> UInt8? {
        do throws(XMLBytes.Failure) { return try source.peek() } catch { throw fault(error.reason) }
    }

    private mutating func take() throws(XMLFault) -> UInt8? {
        guard let byte = try peek() else { return nil }
        source.skip()
        if byte == UInt8(ascii: "\n") {
            (line, column) = (line + 1, 1)
        } else if byte & 0xC0 != 0x80 {
            column += 1
        }
        return byte
    }

    private mutating func need() throws(XMLFault) -> UInt8 {
        guard let byte = try take() else { throw fault("it ends within a tag") }
        return byte
    }

    private mutating func expect(_ text: StaticString) throws(XMLFault) {
        for index in 0..<text.utf8CodeUnitCount where try need() != text.utf8Start[index] {
            throw fault("'\(text)' is expected")
        }
    }

    private mutating func skipBlanks() throws(XMLFault) {
        while let byte = try peek(), Self.isBlank(byte) { _ = try take() }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

    private static func isName(_ byte: UInt8) -> Bool {
        (97...122).contains(byte) || (65...90).contains(byte) || (48...58).contains(byte) || byte == 95 || byte == 45
            || byte == 46 || byte >= 128
    }

    // MARK: Text

    private mutating func readText() throws(XMLFault) -> String {
        var bytes: [UInt8] = []
        while let byte = try peek(), byte != UInt8(ascii: "<") {
            // A long text comes in parts.
            if bytes.count >= 64 << 10, byte & 0xC0 != 0x80 { break }
            _ = try take()
            if byte == UInt8(ascii: "&") { try readEntity(into: &bytes) } else { bytes.append(byte) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private mutating func readEntity(into bytes: inout [UInt8]) throws(XMLFault) {
        var name: [UInt8] = []
        while true {
            let byte = try need()
            if byte == UInt8(ascii: ";") { break }
            guard name.count < 32, Self.isName(byte) || byte == UInt8(ascii: "#") else {
                throw fault("'&' begins no entity; it must be written '&amp;'")
            }
            name.append(byte)
        }
        let text = String(decoding: name, as: UTF8.self)
        switch text {
        case "lt": bytes.append(60)
        case "gt": bytes.append(62)
        case "amp": bytes.append(38)
        case "quot": bytes.append(34)
        case "apos": bytes.append(39)
        default:
            guard text.hasPrefix("#") else {
                throw fault("the entity '&\(text);' is not one of XML's own, and others are refused")
            }
            let isHexadecimal = text.dropFirst().first == "x"
            let digits = text.dropFirst(isHexadecimal ? 2 : 1)
            guard let number = UInt32(digits, radix: isHexadecimal ? 16 : 10), let scalar = Unicode.Scalar(number)
            else {
                throw fault("'&\(text);' is no character")
            }
            bytes += Array(String(Character(scalar)).utf8)
        }
    }

    // MARK: Tags

    private mutating func readMarkup() throws(XMLFault) -> XMLEvent? {
        _ = try take()
        switch try need() {
        case UInt8(ascii: "?"):
            try skip(through: "?>", what: "a processing instruction")
            return nil
        case UInt8(ascii: "!"): return try readDeclaration()
        case UInt8(ascii: "/"): return try readEnd()
        case let byte where Self.isName(byte): return try readBegin(byte)
        default: throw fault("'<' begins no tag; it must be written '&lt;'")
        }
    }

    private mutating func readDeclaration() throws(XMLFault) -> XMLEvent? {
        switch try need() {
        case UInt8(ascii: "-"):
            try expect("-")
            try skip(through: "-->", what: "a comment")
            return nil
        case UInt8(ascii: "["):
            try expect("CDATA[")
            guard !open.isEmpty else { throw fault("there is text outside of the root element") }
            return .text(try readCharacterData())
        default:
            guard !hasRoot else { throw fault("a declaration stands within the document") }
            try skipDocumentType()
            return nil
        }
    }

    private mutating func readCharacterData() throws(XMLFault) -> String {
        var bytes: [UInt8] = []
        while true {
            guard let byte = try take() else { throw fault("it ends within a CDATA section") }
            bytes.append(byte)
            if byte == UInt8(ascii: ">"), bytes.suffix(3) == [93, 93, 62] { break }
            guard bytes.count <= Self.tokenLimit else { throw fault("a CDATA section is longer than 8 MiB") }
        }
        return String(decoding: bytes.dropLast(3), as: UTF8.self)
    }

    /// Declarations within are passed over with their quotes and brackets.
    private mutating func skipDocumentType() throws(XMLFault) {
        var brackets = 0
        var quote: UInt8?
        while true {
            guard let byte = try take() else { throw fault("it ends within its document type") }
            if let mark = quote {
                if byte == mark { quote = nil }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "'"): quote = byte
            case UInt8(ascii: "["), UInt8(ascii: "<"): brackets += 1
            case UInt8(ascii: "]"): brackets -= 1
            case UInt8(ascii: ">"):
                if brackets == 0 { return }
                brackets -= 1
            default: break
            }
        }
    }

    private mutating func skip(through end: StaticString, what: StaticString) throws(XMLFault) {
        var matched = 0
        let count = end.utf8CodeUnitCount
        while matched < count {
            guard let byte = try take() else { throw fault("it ends within \(what)") }
            if byte == end.utf8Start[matched] {
                matched += 1
            } else if byte == UInt8(ascii: "-"), count == 3 {
                // `--->` ends a comment too.
                matched = min(matched, 2)
            } else {
                matched = byte == end.utf8Start[0] ? 1 : 0
            }
        }
    }

    private mutating func readName(_ first: UInt8) throws(XMLFault) -> String {
        var bytes = [first]
        while let byte = try peek(), Self.isName(byte) {
            _ = try take()
            bytes.append(byte)
            guard bytes.count <= 1024 else { throw fault("a name is longer than 1,024 bytes") }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func local(_ name: String) -> String {
        guard let colon = name.utf8.lastIndex(of: UInt8(ascii: ":")) else { return name }
        return String(name[name.utf8.index(after: colon)...])
    }

    private mutating func readEnd() throws(XMLFault) -> XMLEvent {
        let name = try readName(need())
        try skipBlanks()
        try expect(">")
        guard let expected = open.popLast() else { throw fault("'</\(name)>' ends nothing") }
        guard expected == name else { throw fault("'</\(name)>' stands where '</\(expected)>' is expected") }
        return .end(Self.local(name))
    }

    private mutating func readBegin(_ first: UInt8) throws(XMLFault) -> XMLEvent {
        if open.isEmpty, hasRoot { throw fault("there is a second root element") }
        let name = try readName(first)
        var attributes: [String: String] = [:]
        while true {
            try skipBlanks()
            let byte = try need()
            if byte == UInt8(ascii: ">") { break }
            if byte == UInt8(ascii: "/") {
                try expect(">")
                hasRoot = true
                pendingEnd = Self.local(name)
                return .begin(Self.local(name), attributes)
            }
            guard Self.isName(byte) else { throw fault("'\(Unicode.Scalar(byte))' is not expected in '<\(name)'") }
            try readAttribute(byte, into: &attributes)
        }
        hasRoot = true
        open.append(name)
        guard open.count <= Self.depthLimit else { throw fault("elements are nested deeper than \(Self.depthLimit)") }
        return .begin(Self.local(name), attributes)
    }

    private mutating func readAttribute(_ first: UInt8, into attributes: inout [String: String]) throws(XMLFault) {
        let name = try readName(first)
        try skipBlanks()
        try expect("=")
        try skipBlanks()
        let quote = try need()
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else {
            throw fault("the value of '\(name)' is not in quotes")
        }
        var bytes: [UInt8] = []
        while true {
            let byte = try need()
            if byte == quote { break }
            guard byte != UInt8(ascii: "<") else { throw fault("'<' stands in the value of '\(name)'") }
            if byte == UInt8(ascii: "&") { try readEntity(into: &bytes) } else { bytes.append(byte) }
            guard bytes.count <= Self.tokenLimit else { throw fault("the value of '\(name)' is longer than 8 MiB") }
        }
        let isNamespace = name == "xmlns" || name.hasPrefix("xmlns:")
        guard !isNamespace else { return }
        guard attributes.count < Self.attributeLimit else { throw fault("a tag has too many attributes") }
        guard attributes.updateValue(String(decoding: bytes, as: UTF8.self), forKey: Self.local(name)) == nil else {
            throw fault("the attribute '\(name)' is given twice")
        }
    }
}
