/// The text of a number: no separators, at most seven decimals, no zeros at the end (`0.#######`).
public func formatNumber(_ value: Double) -> String {
    guard value.isFinite else { return value.isNaN ? "NaN" : (value < 0 ? "-Infinity" : "Infinity") }
    if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
    var decimal = Decimal(value.magnitude)
    decimal.round(toFractionDigits: 7)
    let text = decimal.text
    return value < 0 && text != "0" ? "-" + text : text
}

/// Reads a number as expressions convert texts: blanks around it, a sign, thousands separators and a decimal point are allowed.
///
/// Nil when the text is no number; exponents, `NaN` and `Infinity` are none.
public func parseNumber(_ text: String) -> Double? {
    var digits: [UInt8] = []
    var sawDigit = false
    var sawPoint = false
    var text = text[...].utf8
    while let byte = text.first, isBlank(byte) { text.removeFirst() }
    while let byte = text.last, isBlank(byte) { text.removeLast() }
    if let sign = text.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
        digits.append(sign)
        text.removeFirst()
    }
    for byte in text {
        switch byte {
        case 0x30...0x39:
            digits.append(byte)
            sawDigit = true
        case UInt8(ascii: ".") where !sawPoint:
            if !sawDigit { digits.append(0x30) }
            digits.append(byte)
            sawPoint = true
        case UInt8(ascii: ",") where sawDigit && !sawPoint: continue
        default: return nil
        }
    }
    guard sawDigit else { return nil }
    if digits.last == UInt8(ascii: ".") { digits.removeLast() }
    return Double(String(decoding: digits, as: UTF8.self))
}

private func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

/// The shortest decimal digits of a double, with the place of the point: 0.digits × 10^exponent.
private struct Decimal {
    private var digits: [UInt8] = []
    private var exponent = 0

    /// Reads Swift's own text of the number, which is the shortest that gives the number back.
    init(_ value: Double) {
        var fraction = false
        var bytes = Array(value.description.utf8)[...]
        if let mark = bytes.firstIndex(of: UInt8(ascii: "e")) {
            exponent = Int(String(decoding: bytes[(mark + 1)...], as: UTF8.self)) ?? 0
            bytes = bytes[..<mark]
        }
        for byte in bytes {
            if byte == UInt8(ascii: ".") {
                fraction = true
            } else if byte >= 0x30, byte <= 0x39 {
                digits.append(byte - 0x30)
                if !fraction { exponent += 1 }
            }
        }
        while digits.first == 0 {
            digits.removeFirst()
            exponent -= 1
        }
    }

    /// Keeps so many digits after the point, half away from zero.
    mutating func round(toFractionDigits limit: Int) {
        let kept = exponent + limit
        guard kept < digits.count else { return }
        guard kept >= 0 else {
            digits = []
            return
        }
        let up = digits[kept] >= 5
        digits.removeSubrange(kept...)
        if up { increment() }
    }

    private mutating func increment() {
        for place in digits.indices.reversed() {
            if digits[place] < 9 {
                digits[place] += 1
                return
            }
            digits[place] = 0
        }
        digits.insert(1, at: 0)
        exponent += 1
    }

    var text: String {
        var digits = digits
        while digits.last == 0 { digits.removeLast() }
        guard !digits.isEmpty else { return "0" }
        var text: [UInt8] = []
        if exponent <= 0 {
            text = [0x30, UInt8(ascii: ".")] + Array(repeating: 0x30, count: -exponent) + digits.map { $0 + 0x30 }
        } else {
            for (place, digit) in digits.enumerated() {
                if place == exponent { text.append(UInt8(ascii: ".")) }
                text.append(digit + 0x30)
            }
            text += Array(repeating: 0x30, count: max(0, exponent - digits.count))
        }
        return String(decoding: text, as: UTF8.self)
    }
}
