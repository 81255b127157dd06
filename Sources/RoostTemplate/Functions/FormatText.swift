/// A format text: pieces to copy and verbs to fill in.
struct FormatText {
    enum Piece {
        case literal(String)
        case verb(FormatVerb)
    }

    static let widthLimit = 10_000
    private(set) var pieces: [Piece] = []

    init(_ text: String) throws {
        let bytes = Array(text.utf8)
        var (place, start) = (0, 0)
        while place < bytes.count {
            guard bytes[place] == UInt8(ascii: "%") else {
                place += 1
                continue
            }
            if place > start { pieces.append(.literal(String(decoding: bytes[start..<place], as: UTF8.self))) }
            if place + 1 < bytes.count, bytes[place + 1] == UInt8(ascii: "%") {
                pieces.append(.literal("%"))
                place += 2
            } else {
                pieces.append(.verb(try Self.verb(bytes, &place)))
            }
            start = place
        }
        if place > start { pieces.append(.literal(String(decoding: bytes[start...], as: UTF8.self))) }
    }

    private static func verb(_ bytes: [UInt8], _ place: inout Int) throws -> FormatVerb {
        var verb = FormatVerb()
        verb.offset = place
        place += 1
        flags(bytes, &place, &verb)
        verb.width = number(bytes, &place)
        if place < bytes.count, bytes[place] == UInt8(ascii: ".") {
            place += 1
            verb.precision = number(bytes, &place) ?? 0
        }
        if place < bytes.count, bytes[place] == UInt8(ascii: "[") {
            place += 1
            verb.argument = number(bytes, &place)
            guard verb.argument != nil, place < bytes.count, bytes[place] == UInt8(ascii: "]") else {
                throw HCLFunctionFault("invalid format string starting at offset \(place)")
            }
            place += 1
        }
        guard place < bytes.count else { throw HCLFunctionFault("invalid format string starting at offset \(place)") }
        guard max(verb.width ?? 0, verb.precision ?? 0) <= widthLimit else {
            throw HCLFunctionFault("a width or precision may be at most \(widthLimit)")
        }
        let letter = Unicode.Scalar(bytes[place])
        guard letter.isASCII, letter.properties.isAlphabetic else {
            throw HCLFunctionFault("unrecognized format character '\(letter)' at offset \(place)")
        }
        place += 1
        verb.letter = letter
        verb.text = String(decoding: bytes[verb.offset..<place], as: UTF8.self)
        return verb
    }

    private static func flags(_ bytes: [UInt8], _ place: inout Int, _ verb: inout FormatVerb) {
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: "+"): verb.hasPlus = true
            case UInt8(ascii: "-"): verb.hasMinus = true
            case UInt8(ascii: " "): verb.hasSpace = true
            case UInt8(ascii: "0"): verb.hasZero = true
            case UInt8(ascii: "#"): verb.hasSharp = true
            default: return
            }
            place += 1
        }
    }

    private static func number(_ bytes: [UInt8], _ place: inout Int) -> Int? {
        let start = place
        while place < bytes.count, (0x30...0x39).contains(bytes[place]), place - start < 9 { place += 1 }
        return Int(String(decoding: bytes[start..<place], as: UTF8.self))
    }

    // MARK: Filling in

    /// The text with the values filled in.
    func filled(_ values: [HCLValue]) throws -> String {
        var result = ""
        var (next, used) = (0, 0)
        for piece in pieces {
            switch piece {
            case .literal(let text): result += text
            case .verb(let verb):
                let place = verb.argument.map { $0 - 1 } ?? next
                guard values.indices.contains(place) else {
                    throw HCLFunctionFault(
                        "not enough arguments for \"\(verb.text)\" at \(verb.offset): need index \(place + 1) but have \(values.count) total"
                    )
                }
                next = place + 1
                used = max(used, next)
                result += try verb.format(values[place])
            }
        }
        guard used >= values.count else {
            throw HCLFunctionFault(
                used == 0
                    ? "too many arguments; no verbs in format string"
                    : "too many arguments; only \(used) used by format string",
                argument: used + 1
            )
        }
        return result
    }
}
