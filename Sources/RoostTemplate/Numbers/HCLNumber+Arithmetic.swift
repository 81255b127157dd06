extension HCLNumber {
    public static prefix func - (number: HCLNumber) -> HCLNumber {
        HCLNumber(
            negative: !number.isNegative,
            mantissa: number.mantissa,
            exponent: number.exponent,
            precision: number.precision
        )
    }

    public static func + (left: HCLNumber, right: HCLNumber) -> HCLNumber {
        let precision = max(left.precision, right.precision)
        if left.isZero { return right.withPrecision(precision) }
        if right.isZero { return left.withPrecision(precision) }
        let (high, low) = left.top >= right.top ? (left, right) : (right, left)
        // A number far below the last place only says on which side of it the true sum lies.
        if high.exponent - low.top > precision + 2, high.mantissa.bitWidth <= precision {
            return high.nudged(by: low, precision: precision)
        }
        let exponent = min(left.exponent, right.exponent)
        let a = left.mantissa << (left.exponent - exponent)
        let b = right.mantissa << (right.exponent - exponent)
        if left.isNegative == right.isNegative {
            return HCLNumber(negative: left.isNegative, mantissa: a + b, exponent: exponent, precision: precision)
        }
        let isLeft = a >= b
        return HCLNumber(
            negative: isLeft ? left.isNegative : right.isNegative,
            mantissa: isLeft ? a - b : b - a,
            exponent: exponent,
            precision: precision
        )
    }

    public static func - (left: HCLNumber, right: HCLNumber) -> HCLNumber { left + -right }

    public static func * (left: HCLNumber, right: HCLNumber) -> HCLNumber {
        HCLNumber(
            negative: left.isNegative != right.isNegative,
            mantissa: left.mantissa * right.mantissa,
            exponent: left.exponent + right.exponent,
            precision: max(left.precision, right.precision)
        )
    }

    /// The quotient; nil when the divisor is zero.
    public func divided(by divisor: HCLNumber) -> HCLNumber? {
        guard !divisor.isZero else { return nil }
        let precision = max(precision, divisor.precision)
        let shift = max(0, precision + 2 + divisor.mantissa.bitWidth - mantissa.bitWidth)
        let (quotient, rest) = (mantissa << shift).divided(by: divisor.mantissa)
        return HCLNumber(
            negative: isNegative != divisor.isNegative,
            mantissa: quotient,
            exponent: exponent - shift - divisor.exponent,
            precision: precision,
            isInexact: !rest.isZero
        )
    }

    /// What is left after taking the divisor away a whole number of times; it has the sign of the dividend.
    public func remainder(by divisor: HCLNumber) -> HCLNumber? {
        guard let quotient = divided(by: divisor) else { return nil }
        return self - divisor * quotient.truncated
    }

    /// Without its fraction.
    public var truncated: HCLNumber {
        guard !isWhole else { return self }
        let whole = mantissa >> -exponent
        return HCLNumber(negative: isNegative, mantissa: whole, exponent: 0, precision: precision)
    }

    /// The next whole number down.
    public var floor: HCLNumber { isNegative && !isWhole ? truncated - HCLNumber(1) : truncated }

    /// The next whole number up.
    public var ceiling: HCLNumber { !isNegative && !isWhole ? truncated + HCLNumber(1) : truncated }

    public var magnitude: HCLNumber { isNegative ? -self : self }

    /// Place above the highest bit.
    private var top: Int { mantissa.bitWidth + exponent }

    private func withPrecision(_ precision: Int) -> HCLNumber {
        HCLNumber(negative: isNegative, mantissa: mantissa, exponent: exponent, precision: precision)
    }

    private func nudged(by low: HCLNumber, precision: Int) -> HCLNumber {
        // The two bits below the last place are enough to round as the true sum does.
        let room = precision + 2 - mantissa.bitWidth
        let wide = mantissa << room
        let isAbove = isNegative == low.isNegative
        return HCLNumber(
            negative: isNegative,
            mantissa: isAbove ? wide : wide - Natural(1),
            exponent: exponent - room,
            precision: precision,
            isInexact: true
        )
    }
}
