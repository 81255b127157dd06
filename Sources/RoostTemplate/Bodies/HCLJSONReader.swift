import RoostLanguage

/// Reads strict JSON with the place of every value, and finds all that is wrong with it.
///
/// After an error it goes on at the next comma or bracket; what it could not read is null.
struct HCLJSONReader {
    private static let depthLimit = 150
    /// Further problems are most likely those of a file that is no JSON at all.
    private static let problemLimit = 100
    let source: SourceText
    let bytes: [UInt8]
    var place = 0
    /// Opening brackets whose closing ones have not come yet, outermost first.
    var open: [Int] = []
    /// Whether what was read last is broken, so that what follows it is no problem of its own.
    var isCut = false
    private var isAtEnd = false
    private(set) var diagnostics: [Diagnostic] = []

    init(source: SourceText, bytes: [UInt8]) {
        self.source = source
        self.bytes = bytes
    }

    mutating func document() -> HCLJSONNode {
        let node = value()
        skipBlanks()
        if place < bytes.count, !isAtEnd {
            report("extra", "Extraneous data after value", "The file holds one value, and more follows.")
        }
        return node
    }

    // MARK: Bytes

    var current: UInt8? { place < bytes.count && !isAtEnd ? bytes[place] : nil }

    func byte(_ place: Int) -> UInt8? { place < bytes.count ? bytes[place] : nil }

    /// Passes over blanks, and over comments, which JSON does not have.
    mutating func skipBlanks() {
        while let byte = current {
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D: place += 1
            case UInt8(ascii: "#"): skipComment(until: "\n")
            case UInt8(ascii: "/") where self.byte(place + 1) == UInt8(ascii: "/"): skipComment(until: "\n")
            case UInt8(ascii: "/") where self.byte(place + 1) == UInt8(ascii: "*"): skipComment(until: "*/")
            default: return
            }
        }
    }

    private mutating func skipComment(until ending: StaticString) {
        let start = place
        let last = ending.withUTF8Buffer(Array.init)
        place += last.count
        while place < bytes.count, !bytes[place...].starts(with: last) { place += 1 }
        if last.count > 1 { place = min(place + last.count, bytes.count) }
        report("comment", "Comment in JSON", "JSON has no comments.", from: start, advice: "Remove it.")
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard current == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }

    // MARK: Problems

    /// Reports what stands from `start` to here, or the character that stands here.
    mutating func report(
        _ code: String,
        _ summary: String,
        _ detail: String,
        from start: Int? = nil,
        advice: String? = nil
    ) {
        guard !isAtEnd else { return }
        let first = min(start ?? place, bytes.count)
        var end = max(first + 1, place)
        while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
        let range = HCLRange(source, first..<min(end, bytes.count))
        guard diagnostics.count < Self.problemLimit else {
            let detail = "There are more than \(Self.problemLimit); those after this place are not shown."
            diagnostics.append(.hcl("json.too-many", "Too many problems", detail, range))
            return stop()
        }
        diagnostics.append(.hcl("json.\(code)", summary, detail, range, advice: advice))
    }

    /// Ends reading: nothing that follows can be judged.
    mutating func stop() {
        isAtEnd = true
        place = bytes.count
    }

    /// Reports that the file ends too early, once for all brackets that are open.
    mutating func reportEnd() {
        guard !isAtEnd else { return }
        guard let opener = open.last else {
            report("missing", "Missing JSON value", "The file ends where a value should stand.")
            return stop()
        }
        let (what, closer) = bytes[opener] == UInt8(ascii: "{") ? ("object", "brace") : ("array", "bracket")
        place = opener + 1
        report("unclosed", "Unclosed \(what)", "The file ends before the closing \(closer).", from: opener)
        stop()
    }

    // MARK: Values

    mutating func value() -> HCLJSONNode {
        skipBlanks()
        let start = place
        let form: HCLJSONNode.Form
        switch current {
        case UInt8(ascii: "{"), UInt8(ascii: "["): form = container()
        case UInt8(ascii: "\""): return string()
        case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"):
            report("missing", "Missing JSON value", "A value has to stand here.")
            form = .null
        case nil:
            reportEnd()
            form = .null
        default: form = word()
        }
        return HCLJSONNode(form: form, range: HCLRange(source, start..<max(start, place)))
    }

    private mutating func container() -> HCLJSONNode.Form {
        guard open.count < Self.depthLimit else {
            report("too-deep", "Nesting too deep", "Values may be nested \(Self.depthLimit) levels deep.")
            stop()
            return .null
        }
        isCut = false
        open.append(place)
        defer { open.removeLast() }
        place += 1
        return bytes[place - 1] == UInt8(ascii: "{") ? object() : array()
    }

    private mutating func object() -> HCLJSONNode.Form {
        var properties: [HCLJSONNode.Property] = []
        if take("}") { return .object([]) }
        repeat {
            if let property = property() { properties.append(property) }
        } while continues("}")
        return .object(properties)
    }

    private mutating func array() -> HCLJSONNode.Form {
        var elements: [HCLJSONNode] = []
        if take("]") { return .array([]) }
        repeat {
            skipBlanks()
            if current != UInt8(ascii: "}") { elements.append(value()) }
        } while continues("]")
        return .array(elements)
    }

    private mutating func property() -> HCLJSONNode.Property? {
        skipBlanks()
        guard current == UInt8(ascii: "\"") else {
            passBadName()
            return nil
        }
        let name = string()
        guard !isCut, takeColon() else { return nil }
        let value = value()
        guard case .string(let text, _) = name.form else { return nil }
        return .init(name: normalForm(text), nameNode: name, value: value)
    }

    /// Whether a value follows.
    mutating func takeColon() -> Bool {
        if take(":") { return true }
        guard current != nil else {
            reportEnd()
            return false
        }
        let detail = "A colon has to stand between a name and its value."
        let isEqualSign = current == UInt8(ascii: "=")
        report("colon", "Missing property value colon", detail, advice: isEqualSign ? "Write \":\" for \"=\"." : nil)
        if isEqualSign { place += 1 }
        return !isSeparator(current)
    }

    private mutating func word() -> HCLJSONNode.Form {
        let start = place
        while let byte = current, isWordPart(byte) { place += 1 }
        let word = String(decoding: bytes[start..<place], as: UTF8.self)
        switch word {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null": return .null
        default:
            if isNumber(bytes[start..<place]), let number = HCLNumber(word) { return .number(number) }
            return badWord(word, from: start)
        }
    }

    /// Without a plus sign and without needless zeros at the beginning.
    private func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
        let digits = text.first == UInt8(ascii: "-") ? text.dropFirst() : text
        guard let first = digits.first, (0x30...0x39).contains(first) else { return false }
        let second = digits.dropFirst().first ?? 0
        if let point = digits.firstIndex(of: UInt8(ascii: ".")) {
            guard point + 1 < digits.endIndex, (0x30...0x39).contains(digits[point + 1]) else { return false }
        }
        return first != 0x30 || !(0x30...0x39).contains(second)
    }

    private func isWordPart(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// Passes over a word of letters and digits.
    mutating func skipWord() { while let byte = current, isWordPart(byte) { place += 1 } }
}
