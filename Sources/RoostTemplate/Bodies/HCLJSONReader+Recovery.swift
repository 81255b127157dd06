import RoostLanguage

/// How reading goes on after an error.
extension HCLJSONReader {
    func isSeparator(_ byte: UInt8?) -> Bool {
        byte == nil || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}")
    }

    // MARK: Between parts

    /// Passes over what stands after a part of an object or array: whether another part follows.
    mutating func continues(_ closer: Unicode.Scalar) -> Bool {
        while true {
            skipBlanks()
            switch current {
            case nil:
                reportEnd()
                return false
            case UInt8(ascii: closer):
                place += 1
                isCut = false
                return false
            case UInt8(ascii: ","): return passComma(closer)
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                if let isOpen = passOtherCloser() { return isOpen }
            default: if passMissingComma(closer) { return true }
            }
        }
    }

    private mutating func passComma(_ closer: Unicode.Scalar) -> Bool {
        let comma = place
        isCut = false
        place += 1
        skipBlanks()
        guard current == UInt8(ascii: closer) else { return true }
        let end = place + 1
        place = comma + 1
        if diagnostics.last?.span?.start.offset != comma {
            report("trailing-comma", "Trailing comma", "In JSON no comma follows the last part.", from: comma)
        }
        place = max(place, end)
        return false
    }

    /// What stands where a comma should: whether it begins another part; else it has been passed over.
    private mutating func passMissingComma(_ closer: Unicode.Scalar) -> Bool {
        let (what, end) = closer == "}" ? ("attribute", "brace") : ("element", "bracket")
        if !isCut {
            let part = closer == "}" ? "a property" : "an element"
            report("separator", "Missing \(what) separator", "After \(part) a comma or a closing \(end) follows.")
        }
        let beginsPart = current == UInt8(ascii: "\"") || closer == "]" && !isCut && beginsValue
        isCut = !beginsPart
        if !beginsPart { skipForeign() }
        return beginsPart
    }

    private var beginsValue: Bool {
        guard let current else { return false }
        return switch current {
        case UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "-"), 0x30...0x39, UInt8(ascii: "t"),
            UInt8(ascii: "f"), UInt8(ascii: "n"):
            true
        default: false
        }
    }

    // MARK: Closing brackets

    /// A closing bracket of the other kind: nil when it is to be passed over, else whether the part goes on.
    private mutating func passOtherCloser() -> Bool? {
        guard let opener = open.last else { return false }
        let closer = place
        let isBrace = bytes[closer] == UInt8(ascii: "}")
        let (what, wanted) = isBrace ? ("array", "bracket") : ("object", "brace")
        place += 1
        let position = HCLRange(source, opener..<(opener + 1))
        report(
            "mismatch",
            "Unclosed \(what)",
            "The \(what) that begins at \(position) is closed by a \(wanted), not by a \(isBrace ? "brace" : "bracket").",
            from: closer
        )
        isCut = false
        if closesOuter(closer, inner: opener, UInt8(ascii: isBrace ? "{" : "[")) {
            place = min(closer, bytes.count)
            return false
        }
        // Of a closing bracket too many the part that is open knows nothing.
        return open.count > 1 || isLast(after: closer) ? false : nil
    }

    /// Whether a closing bracket is that of the part outside, so that the inner one was forgotten.
    private func closesOuter(_ closer: Int, inner: Int, _ wanted: UInt8) -> Bool {
        guard open.count > 1, bytes[open[open.count - 2]] == wanted else { return false }
        if open.count == 2 { return isLast(after: closer) }
        return indentation(closer) < indentation(inner)
    }

    private func isLast(after closer: Int) -> Bool {
        bytes[(closer + 1)...].allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }
    }

    /// Blanks at the beginning of the line of a place.
    private func indentation(_ place: Int) -> Int {
        let start = bytes[..<place].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return bytes[start..<place].prefix { $0 == 0x20 || $0 == 0x09 }.count
    }

    // MARK: Broken parts

    /// Something that is no text stands where a name should; its value, if it has one, is read and forgotten.
    mutating func passBadName() {
        let start = place
        let isQuote = current == UInt8(ascii: "'")
        if isQuote { skipQuoted() } else { skipWord() }
        let hasName = place > start
        report(
            "name",
            "Invalid object property name",
            "A property begins with its name in double quotes.",
            from: start
        )
        isCut = true
        switch current {
        case UInt8(ascii: "{"), UInt8(ascii: "["): _ = value()
        default: break
        }
        guard hasName else { return isSeparator(current) ? () : skipForeign() }
        skipBlanks()
        guard current == UInt8(ascii: ":") || current == UInt8(ascii: "=") else { return }
        place += 1
        isCut = false
        _ = value()
    }

    /// Something that begins like no value.
    mutating func badWord(_ word: String, from start: Int) -> HCLJSONNode.Form {
        var detail = "No value begins like this."
        if current == UInt8(ascii: "'"), place == start {
            skipQuoted()
            detail = "A text stands in double quotes."
        }
        if place == start {
            place += 1
            while let byte = current, byte & 0xC0 == 0x80 { place += 1 }
        }
        if current == UInt8(ascii: "(") { skipParentheses() }
        let name = word.lowercased()
        let advice = ["true", "false", "null"].contains(name) ? "Write \(name)." : nil
        report("value", "Invalid JSON value", detail, from: start, advice: advice)
        isCut = true
        return .null
    }

    /// A text in single quotes, to its end or that of the line.
    private mutating func skipQuoted() {
        place += 1
        while let byte = current, byte != 0x0A {
            place += 1
            if byte == UInt8(ascii: "'") { return }
        }
    }

    /// What looks like a call, to the end of its line at most.
    private mutating func skipParentheses() {
        var depth = 0
        while let byte = current, byte != 0x0A {
            if byte == UInt8(ascii: "(") { depth += 1 }
            if byte == UInt8(ascii: ")") { depth -= 1 }
            place += 1
            if depth == 0 { return }
        }
    }

    /// Passes over what cannot be read, to the next comma, closing bracket or text on a line of its own.
    private mutating func skipForeign() {
        var depth = 0
        var isAtStart = false
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                if isAtStart, depth == 0 { return }
                skipText()
                continue
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return }
                depth -= 1
            case UInt8(ascii: ","): if depth == 0 { return }
            default: break
            }
            isAtStart = byte == 0x0A || isAtStart && (byte == 0x20 || byte == 0x09 || byte == 0x0D)
            place += 1
        }
    }

    private mutating func skipText() {
        place += 1
        while let byte = current, byte != 0x0A {
            place += byte == UInt8(ascii: "\\") && self.byte(place + 1) != 0x0A ? 2 : 1
            if byte == UInt8(ascii: "\"") { return }
        }
        place = min(place, bytes.count)
    }
}
