extension HCLNumber {
    /// Reads a decimal number: digits, with a fraction and an exponent if need be; nil when it is none or beyond bounds.
    public init?(_ text: some StringProtocol) {
        var bytes = Array(text.utf8)[...]
        let negative = bytes.first == UInt8(ascii: "-")
        if negative || bytes.first == UInt8(ascii: "+") { bytes.removeFirst() }
        guard bytes.count <= 10_000, let parts = DecimalParts(bytes) else { return nil }
        self.init(negative: negative, digits: parts.digits, power: parts.power)
    }

    /// The nearest number to whole digits times a power of ten; nil when that is beyond bounds.
    init?(negative: Bool, digits: Natural, power: Int) {
        guard abs(power) <= Self.largestDecimalExponent else { return nil }
        guard power < 0 else {
            self.init(
                negative: negative,
                mantissa: digits * Natural.power(10, power),
                exponent: 0,
                precision: Self.fullPrecision
            )
            return
        }
        let divisor = Natural.power(10, -power)
        let shift = max(0, Self.fullPrecision + 2 + divisor.bitWidth - digits.bitWidth)
        let (quotient, rest) = (digits << shift).divided(by: divisor)
        self.init(
            negative: negative,
            mantissa: quotient,
            exponent: -shift,
            precision: Self.fullPrecision,
            isInexact: !rest.isZero
        )
    }
}

/// The parts of a decimal number: its digits as a whole number, and the power of ten they are multiplied with.
private struct DecimalParts {
    let digits: Natural
    let power: Int

    init?(_ bytes: ArraySlice<UInt8>) {
        let end = bytes.firstIndex { $0 | 0x20 == UInt8(ascii: "e") } ?? bytes.endIndex
        let point = bytes[..<end].firstIndex(of: UInt8(ascii: ".")) ?? end
        let fraction = point < end ? bytes[(point + 1)..<end] : []
        guard let digits = Natural(digits: Array(bytes[..<point]) + Array(fraction)) else { return nil }
        var exponent = 0
        if end < bytes.endIndex {
            guard let written = Int(String(decoding: bytes[(end + 1)...], as: UTF8.self)), abs(written) < 1_000_000
            else { return nil }
            exponent = written
        }
        self.digits = digits
        power = digits.isZero ? 0 : exponent - fraction.count
    }
}

// MARK: Writing

extension HCLNumber: CustomStringConvertible {
    /// The shortest decimal digits that are nearer to this number than to any other of its precision, without exponent.
    public var description: String {
        guard !isZero else { return "0" }
        let decimal = shortestDecimal
        return (isNegative ? "-" : "") + Self.plain(decimal.digits, point: decimal.point)
    }

    /// The exact decimal digits, and where the point stands among them.
    var exactDecimal: (digits: [UInt8], point: Int) { Self.decimal(mantissa, exponent) }

    /// Digits of a decimal number in place, such as 123 with the point at -2: 0.00123.
    static func plain(_ digits: [UInt8], point: Int) -> String {
        let zeros = { (count: Int) in [UInt8](repeating: 0x30, count: count) }
        var text: [UInt8]
        if point <= 0 {
            text = [0x30, 0x2E] + zeros(-point) + digits
        } else if point >= digits.count {
            text = digits + zeros(point - digits.count)
        } else {
            text = digits[..<point] + [0x2E] + digits[point...]
        }
        if text.last == 0x2E { text.removeLast() }
        return String(decoding: text, as: UTF8.self)
    }

    private static func decimal(_ mantissa: Natural, _ exponent: Int) -> (digits: [UInt8], point: Int) {
        var (digits, point): ([UInt8], Int)
        if exponent >= 0 {
            digits = (mantissa << exponent).digits()
            point = digits.count
        } else {
            // m / 2ⁿ is m·5ⁿ / 10ⁿ.
            digits = (mantissa * Natural.power(5, -exponent)).digits()
            point = digits.count + exponent
        }
        while digits.count > 1, digits.last == 0x30 { digits.removeLast() }
        return (digits, point)
    }

    /// Walks along the digits until those so far, or one more in the last place, lie between the bounds that still round to the number.
    var shortestDecimal: (digits: [UInt8], point: Int) {
        // The lowest bit of the wide mantissa is half a unit of the last place.
        let room = precision - mantissa.bitWidth + 1
        let wide = mantissa << room
        let exact = Self.decimal(wide, exponent - room)
        let low = Self.decimal(wide - Natural(1), exponent - room).digits
        let high = Self.decimal(wide + Natural(1), exponent - room).digits
        let isEven = mantissa.bitWidth < precision
        for place in exact.digits.indices {
            let digit = exact.digits[place]
            let below = place < low.count ? low[place] : 0x30
            let above = place < high.count ? high[place] : 0x30
            let canCut = below != digit || (isEven && place + 1 == low.count)
            let canRaise = digit != above && (isEven || digit + 1 < above || place + 1 < high.count)
            guard canCut || canRaise else { continue }
            let raises = canRaise && (!canCut || Self.isBeyondHalf(exact.digits, place + 1))
            return Self.trimmed(Array(exact.digits[...place]), point: exact.point, up: raises)
        }
        return exact
    }

    /// Whether the digits from a place on make more than half a unit of the place before, or just half and that digit is odd.
    private static func isBeyondHalf(_ digits: [UInt8], _ place: Int) -> Bool {
        guard place < digits.count else { return false }
        if digits[place] == 0x35, place + 1 == digits.count { return digits[place - 1] % 2 == 1 }
        return digits[place] >= 0x35
    }

    private static func trimmed(_ digits: [UInt8], point: Int, up: Bool) -> (digits: [UInt8], point: Int) {
        var (digits, point) = (digits, point)
        if up {
            var place = digits.count - 1
            while place >= 0, digits[place] == 0x39 {
                digits.removeLast()
                place -= 1
            }
            if place < 0 {
                digits = [0x31]
                point += 1
            } else {
                digits[place] += 1
            }
        }
        while let first = digits.first, first == 0x30, digits.count > 1 {
            digits.removeFirst()
            point -= 1
        }
        while digits.count > 1, digits.last == 0x30 { digits.removeLast() }
        return (digits, point)
    }
}
