/// A number of the template languages: a binary floating point number of up to 512 bits.
///
/// Decimal literals are rounded to 512 bits, to the nearest and on a tie to the even neighbour, so that `0.1 + 0.2` is
/// `0.3`. Sums and products keep the larger precision of their sides; what functions count comes with 64 bits and is
/// widened as soon as it meets a literal.
public struct HCLNumber: Sendable {
    /// Bits of numbers that people write.
    static let fullPrecision = 512
    /// Decimal exponents beyond it are refused, so that no short text asks for a number of a million digits.
    static let largestDecimalExponent = 20_000

    let isNegative: Bool
    /// Odd, or zero.
    let mantissa: Natural
    /// Power of two that the mantissa is multiplied with.
    let exponent: Int
    /// Bits that results keep.
    let precision: Int

    /// Rounds the mantissa to the precision.
    ///
    /// `isInexact` says that the true value lies above the mantissa by less than its last place.
    init(negative: Bool, mantissa: Natural, exponent: Int, precision: Int, isInexact: Bool = false) {
        var (value, power) = (mantissa, exponent)
        let surplus = value.bitWidth - precision
        if surplus > 0 {
            let half = value.hasBit(surplus - 1)
            let isBeyondHalf = isInexact || value.trailingZeroBits < surplus - 1
            value = value >> surplus
            power += surplus
            if half, isBeyondHalf || value.isOdd { value = value + Natural(1) }
        }
        let zeros = value.trailingZeroBits
        self.mantissa = value >> zeros
        self.exponent = value.isZero ? 0 : power + zeros
        self.isNegative = negative && !value.isZero
        self.precision = precision
    }

    /// A whole number, as functions count.
    public init(_ value: Int) {
        self.init(negative: value < 0, mantissa: Natural(UInt64(value.magnitude)), exponent: 0, precision: 64)
    }

    /// A number of the machine's floating point; nil for infinities and what is no number.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        let mantissa = Natural(value.significandBitPattern | (value.isNormal ? 1 << 52 : 0))
        let exponent = (value.isNormal ? Int(value.exponent) : -1022) - 52
        self.init(negative: value.sign == .minus, mantissa: mantissa, exponent: exponent, precision: 53)
    }

    /// A whole number of any size.
    init(whole: Natural, negative: Bool = false) {
        self.init(negative: negative, mantissa: whole, exponent: 0, precision: Self.fullPrecision)
    }

    public static let zero = HCLNumber(0)

    public var isZero: Bool { mantissa.isZero }
    public var isWhole: Bool { exponent >= 0 }

    /// The whole number; nil when it has a fraction or does not fit.
    public var int: Int? {
        guard isWhole, mantissa.bitWidth + exponent <= 63, let magnitude = (mantissa << exponent).small else {
            return nil
        }
        return isNegative ? -Int(magnitude) : Int(magnitude)
    }

    /// The nearest of the machine's floating point numbers.
    public var double: Double {
        let rounded = HCLNumber(negative: isNegative, mantissa: mantissa, exponent: exponent, precision: 53)
        let magnitude = Double(rounded.mantissa.small ?? 0)
        // In two steps, as a power beyond the range may still give a number within it.
        let half = rounded.exponent / 2
        let value = Double(sign: .plus, exponent: rounded.exponent - half, significand: magnitude)
        let scaled = Double(sign: .plus, exponent: half, significand: value)
        return isNegative ? -scaled : scaled
    }
}

extension HCLNumber: Hashable {
    public static func == (left: HCLNumber, right: HCLNumber) -> Bool {
        left.isNegative == right.isNegative && left.exponent == right.exponent && left.mantissa == right.mantissa
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(isNegative)
        hasher.combine(mantissa)
        hasher.combine(exponent)
    }
}

extension HCLNumber: Comparable {
    public static func < (left: HCLNumber, right: HCLNumber) -> Bool {
        if left.isNegative != right.isNegative { return left.isNegative }
        return left.isNegative ? isSmaller(right, left) : isSmaller(left, right)
    }

    /// Compares magnitudes.
    private static func isSmaller(_ left: HCLNumber, _ right: HCLNumber) -> Bool {
        if left.isZero || right.isZero { return left.isZero && !right.isZero }
        let (leftTop, rightTop) = (left.mantissa.bitWidth + left.exponent, right.mantissa.bitWidth + right.exponent)
        if leftTop != rightTop { return leftTop < rightTop }
        let shift = left.exponent - right.exponent
        return shift >= 0 ? left.mantissa << shift < right.mantissa : left.mantissa < right.mantissa << -shift
    }
}
