extension FormatVerb {
    func format(_ value: HCLValue) throws -> String {
        switch letter {
        case "v": return try anything(value)
        case "t": return try converted(value, .bool).truthOrFalse ? "true" : "false"
        case "d", "b", "o", "x", "X": return try whole(try number(value))
        case "e", "E", "f", "g", "G": return padded(real(try number(value), letter), isNumber: true)
        case "s": return padded(cut(try converted(value, .string).textOrEmpty))
        case "q": return padded(jsonText(cut(try converted(value, .string).textOrEmpty)))
        default: throw HCLFunctionFault("unsupported format verb '\(letter)' in \"\(text)\" at offset \(offset)")
        }
    }

    private func unsupported(_ reason: String) -> HCLFunctionFault {
        HCLFunctionFault("unsupported value for \"\(text)\" at \(offset): \(reason)")
    }

    private func converted(_ value: HCLValue, _ type: HCLType) throws -> HCLValue {
        guard !value.isNull else { throw unsupported("null value cannot be formatted") }
        do { return try value.converted(to: type) } catch { throw unsupported(error.description) }
    }

    private func number(_ value: HCLValue) throws -> HCLNumber { try converted(value, .number).numeralOrZero }

    private func cut(_ text: String) -> String { precision.map { String(text.prefix($0)) } ?? text }

    private func anything(_ value: HCLValue) throws -> String {
        if hasSharp || value.isNull { return padded(value.json) }
        switch value.content {
        case .string(let text): return padded(cut(text))
        case .number(let number):
            var shortest = self
            shortest.precision = nil
            return padded(shortest.real(number, "g"), isNumber: true)
        case .bool(let value): return padded(value ? "true" : "false")
        default: return padded(value.json)
        }
    }

    private func whole(_ number: HCLNumber) throws -> String {
        guard number.isWhole else { throw unsupported("an integer is required") }
        let base: UInt32 = letter == "d" ? 10 : letter == "b" ? 2 : letter == "o" ? 8 : 16
        var digits = String(decoding: (number.mantissa << number.exponent).digits(base: base), as: UTF8.self)
        if letter == "X" { digits = digits.uppercased() }
        if let precision, digits.count < precision {
            digits = String(repeating: "0", count: precision - digits.count) + digits
        }
        let prefix =
            hasSharp
            ? letter == "b" ? "0b" : letter == "o" ? "0" : letter == "x" ? "0x" : letter == "X" ? "0X" : "" : ""
        return padded(sign(number.isNegative) + prefix + digits, isNumber: true)
    }

    private func real(_ number: HCLNumber, _ letter: Unicode.Scalar) -> String {
        let text: String
        switch letter {
        case "f": text = fixed(number.exactDecimal, precision ?? 6)
        case "e", "E": text = scientific(number.exactDecimal, precision ?? 6, number.isZero)
        default: text = general(number)
        }
        let cased = letter == "E" || letter == "G" ? text.uppercased() : text
        return sign(number.isNegative) + cased
    }

    private typealias Decimal = (digits: [UInt8], point: Int)

    /// Rounded to the nearest, and on a tie to the even digit.
    private func rounded(_ number: Decimal, keeping count: Int) -> Decimal {
        guard count < number.digits.count else { return number }
        guard count >= 0 else { return ([0x30], 1) }
        let next = number.digits[count]
        let isTie = next == 0x35 && count + 1 == number.digits.count
        let isUp = isTie ? count > 0 && number.digits[count - 1] % 2 == 1 : next >= 0x35
        var digits = Array(number.digits[..<count])
        guard isUp else { return digits.isEmpty ? ([0x30], 1) : (digits, number.point) }
        var place = count - 1
        while place >= 0, digits[place] == 0x39 {
            digits[place] = 0x30
            place -= 1
        }
        if place < 0 { return ([0x31] + digits, number.point + 1) }
        digits[place] += 1
        return (digits, number.point)
    }

    private func fixed(_ number: Decimal, _ places: Int) -> String {
        let (digits, point) = rounded(number, keeping: number.point + places)
        let text = HCLNumber.plain(digits, point: point)
        guard places > 0 else { return text }
        let parts = text.split(separator: ".")
        let fraction = parts.count > 1 ? String(parts[1].prefix(places)) : ""
        return "\(parts[0]).\(fraction)\(String(repeating: "0", count: places - fraction.count))"
    }

    private func scientific(_ number: Decimal, _ places: Int, _ isZero: Bool) -> String {
        let (digits, point) = rounded(number, keeping: places + 1)
        var text = String(decoding: digits.prefix(places + 1), as: UTF8.self)
        text += String(repeating: "0", count: max(0, places + 1 - text.count))
        let exponent = isZero ? 0 : point - 1
        let mantissa = places > 0 ? "\(text.prefix(1)).\(text.dropFirst())" : String(text.prefix(1))
        return "\(mantissa)e\(exponent < 0 ? "-" : "+")\(abs(exponent) < 10 ? "0" : "")\(abs(exponent))"
    }

    /// With an exponent where that is shorter, as Go decides it.
    private func general(_ number: HCLNumber) -> String {
        if number.isZero { return "0" }
        let decimal = precision.map { rounded(number.exactDecimal, keeping: max(1, $0)) } ?? number.shortestDecimal
        var trimmed = decimal
        while trimmed.digits.count > 1, trimmed.digits.last == 0x30 { trimmed.digits.removeLast() }
        let exponent = trimmed.point - 1
        let limit =
            precision.map {
                max(1, $0) > trimmed.digits.count && trimmed.digits.count >= trimmed.point
                    ? trimmed.digits.count : max(1, $0)
            } ?? 6
        if exponent < -4 || exponent >= limit { return scientific(trimmed, trimmed.digits.count - 1, false) }
        return HCLNumber.plain(trimmed.digits, point: trimmed.point)
    }
}
