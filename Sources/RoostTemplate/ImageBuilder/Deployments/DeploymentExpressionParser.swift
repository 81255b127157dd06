/// Reads expressions of deployment templates.
struct DeploymentExpressionParser {
    private static let depthLimit = 100
    private let bytes: [UInt8]
    private var place = 0

    private init(_ text: String) { bytes = Array(text.utf8) }

    /// Reads a text with its brackets.
    static func expression(_ text: String) throws(DeploymentFault) -> DeploymentExpression {
        var parser = DeploymentExpressionParser(text)
        parser.place = 1
        let expression = try parser.expression(depth: 0)
        parser.skipBlanks()
        guard parser.place == parser.bytes.count - 1 else {
            throw parser.fault("Extra characters after expression", "An expression was read whole, and more follows.")
        }
        return expression
    }

    private var current: UInt8? { place < bytes.count ? bytes[place] : nil }

    private func fault(_ summary: String, _ detail: String) -> DeploymentFault {
        let start = min(place, max(bytes.count - 1, 0))
        return DeploymentFault(summary, detail, start..<min(start + 1, bytes.count), advice: Self.advice)
    }

    private static let advice =
        "To begin a plain text with a bracket, write [[; an expression looks like [concat('a', parameters('b'))]."

    private mutating func skipBlanks() {
        while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { place += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard current == UInt8(ascii: character) else { return false }
        place += 1
        return true
    }

    private mutating func expression(depth: Int) throws(DeploymentFault) -> DeploymentExpression {
        guard depth < Self.depthLimit else {
            throw fault("Nesting too deep", "Expressions may be nested \(Self.depthLimit) levels deep.")
        }
        skipBlanks()
        let start = place
        var expression = try primary(depth: depth)
        while true {
            if take(".") {
                guard let name = name() else {
                    throw fault("Missing name", "After a point the name of a property follows.")
                }
                expression = .property(expression, name, bytes: start..<place)
            } else if place < bytes.count - 1, take("[") {
                let index = try self.expression(depth: depth + 1)
                guard take("]") else { throw fault("Missing bracket", "The index ends with ].") }
                expression = .index(expression, index, bytes: start..<place)
            } else {
                return expression
            }
        }
    }

    private mutating func primary(depth: Int) throws(DeploymentFault) -> DeploymentExpression {
        skipBlanks()
        let start = place
        if current == UInt8(ascii: "'") { return try text() }
        if let number = number() { return .number(number, bytes: start..<place) }
        guard let name = name() else {
            throw fault(
                "Invalid expression",
                "A text in single quotes, a number or the call of a function is expected."
            )
        }
        guard take("(") else {
            throw DeploymentFault(
                "Invalid expression",
                "\"\(name)\" is called without parentheses.",
                start..<place,
                advice: Self.advice
            )
        }
        var arguments: [DeploymentExpression] = []
        if !take(")") {
            repeat { arguments.append(try expression(depth: depth + 1)) } while take(",")
            guard take(")") else { throw fault("Missing parenthesis", "After an argument a comma or ) follows.") }
        }
        return .call(name, arguments: arguments, bytes: start..<place)
    }

    /// Between single quotes; two of them stand for one.
    private mutating func text() throws(DeploymentFault) -> DeploymentExpression {
        let start = place
        place += 1
        var text: [UInt8] = []
        while let byte = current {
            place += 1
            guard byte == UInt8(ascii: "'") else {
                text.append(byte)
                continue
            }
            guard current == byte else { return .text(String(decoding: text, as: UTF8.self), bytes: start..<place) }
            text.append(byte)
            place += 1
        }
        throw DeploymentFault("Unclosed text", "The text ends without a single quote.", start..<bytes.count)
    }

    private mutating func number() -> HCLNumber? {
        var end = place
        if end < bytes.count, bytes[end] == UInt8(ascii: "-") { end += 1 }
        while end < bytes.count, (0x30...0x39).contains(bytes[end]) { end += 1 }
        guard let number = HCLNumber(String(decoding: bytes[place..<end], as: UTF8.self)) else { return nil }
        place = end
        return number
    }

    private mutating func name() -> String? {
        skipBlanks()
        let start = place
        while let byte = current, isNamePart(byte, isFirst: place == start) { place += 1 }
        return start == place ? nil : String(decoding: bytes[start..<place], as: UTF8.self)
    }

    private func isNamePart(_ byte: UInt8, isFirst: Bool) -> Bool {
        switch byte {
        case 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"): true
        case 0x30...0x39: !isFirst
        default: false
        }
    }
}
