/// A whole number from zero up, of any size.
struct Natural: Hashable, Sendable {
    /// Lowest first; the last is not zero, and zero has none.
    private(set) var limbs: [UInt32]

    init(limbs: [UInt32]) {
        self.limbs = limbs
        while self.limbs.last == 0 { self.limbs.removeLast() }
    }

    init(_ value: UInt64) {
        self.init(limbs: [UInt32(truncatingIfNeeded: value), UInt32(truncatingIfNeeded: value >> 32)])
    }

    static let zero = Natural(limbs: [])

    var isZero: Bool { limbs.isEmpty }
    var isOdd: Bool { (limbs.first ?? 0) & 1 == 1 }

    /// Number of bits up to the highest that is set.
    var bitWidth: Int {
        guard let last = limbs.last else { return 0 }
        return limbs.count * 32 - last.leadingZeroBitCount
    }

    /// Number of zero bits below the lowest that is set.
    var trailingZeroBits: Int {
        guard let place = limbs.firstIndex(where: { $0 != 0 }) else { return 0 }
        return place * 32 + limbs[place].trailingZeroBitCount
    }

    /// The value, when 64 bits hold it.
    var small: UInt64? {
        guard limbs.count <= 2 else { return nil }
        return UInt64(limbs.first ?? 0) | (limbs.count == 2 ? UInt64(limbs[1]) << 32 : 0)
    }

    /// Whether a bit is set, counted from the lowest.
    func hasBit(_ place: Int) -> Bool {
        let limb = place / 32
        return place >= 0 && limb < limbs.count && limbs[limb] >> UInt32(place % 32) & 1 == 1
    }
}

extension Natural: Comparable {
    static func < (left: Natural, right: Natural) -> Bool {
        if left.limbs.count != right.limbs.count { return left.limbs.count < right.limbs.count }
        for place in left.limbs.indices.reversed() where left.limbs[place] != right.limbs[place] {
            return left.limbs[place] < right.limbs[place]
        }
        return false
    }
}

// MARK: Arithmetic

extension Natural {
    static func + (left: Natural, right: Natural) -> Natural {
        let (long, short) = left.limbs.count >= right.limbs.count ? (left, right) : (right, left)
        var sum = long.limbs
        var carry: UInt64 = 0
        for place in sum.indices {
            let other = place < short.limbs.count ? short.limbs[place] : 0
            let total = UInt64(sum[place]) + UInt64(other) + carry
            sum[place] = UInt32(truncatingIfNeeded: total)
            carry = total >> 32
        }
        if carry > 0 { sum.append(UInt32(carry)) }
        return Natural(limbs: sum)
    }

    /// The difference; the left side must not be the smaller one.
    static func - (left: Natural, right: Natural) -> Natural {
        var rest = left.limbs
        var borrow: Int64 = 0
        for place in rest.indices {
            let other = place < right.limbs.count ? right.limbs[place] : 0
            var difference = Int64(rest[place]) - Int64(other) - borrow
            borrow = difference < 0 ? 1 : 0
            if difference < 0 { difference += 1 << 32 }
            rest[place] = UInt32(truncatingIfNeeded: difference)
        }
        return Natural(limbs: rest)
    }

    static func * (left: Natural, right: Natural) -> Natural {
        guard !left.isZero, !right.isZero else { return .zero }
        var product = [UInt32](repeating: 0, count: left.limbs.count + right.limbs.count)
        for i in left.limbs.indices {
            var carry: UInt64 = 0
            for j in right.limbs.indices {
                let total = UInt64(left.limbs[i]) * UInt64(right.limbs[j]) + UInt64(product[i + j]) + carry
                product[i + j] = UInt32(truncatingIfNeeded: total)
                carry = total >> 32
            }
            product[i + right.limbs.count] = UInt32(carry)
        }
        return Natural(limbs: product)
    }

    static func << (value: Natural, count: Int) -> Natural {
        guard count > 0, !value.isZero else { return count < 0 ? value >> -count : value }
        let bits = UInt32(count % 32)
        var limbs = [UInt32](repeating: 0, count: count / 32)
        var carry: UInt32 = 0
        for limb in value.limbs {
            limbs.append(limb << bits | carry)
            carry = bits == 0 ? 0 : limb >> (32 - bits)
        }
        limbs.append(carry)
        return Natural(limbs: limbs)
    }

    static func >> (value: Natural, count: Int) -> Natural {
        guard count > 0 else { return count < 0 ? value << -count : value }
        let skipped = count / 32
        guard skipped < value.limbs.count else { return .zero }
        let bits = UInt32(count % 32)
        var limbs: [UInt32] = []
        for place in skipped..<value.limbs.count {
            let above = place + 1 < value.limbs.count ? value.limbs[place + 1] : 0
            limbs.append(value.limbs[place] >> bits | (bits == 0 ? 0 : above << (32 - bits)))
        }
        return Natural(limbs: limbs)
    }

    /// Quotient and rest by a number of one limb that is not zero.
    func divided(by divisor: UInt32) -> (quotient: Natural, rest: UInt32) {
        var quotient = limbs
        var rest: UInt64 = 0
        for place in quotient.indices.reversed() {
            let part = rest << 32 | UInt64(quotient[place])
            quotient[place] = UInt32(truncatingIfNeeded: part / UInt64(divisor))
            rest = part % UInt64(divisor)
        }
        return (Natural(limbs: quotient), UInt32(rest))
    }

    /// Quotient and rest by a number that is not zero: long division in base 2³² (Knuth, volume 2, algorithm D).
    func divided(by divisor: Natural) -> (quotient: Natural, rest: Natural) {
        guard divisor <= self else { return (.zero, self) }
        if divisor.limbs.count == 1 {
            let (quotient, rest) = divided(by: divisor.limbs[0])
            return (quotient, Natural(UInt64(rest)))
        }
        let shift = (divisor.limbs.last ?? 0).leadingZeroBitCount
        let low = (divisor << shift).limbs
        var high = (self << shift).limbs
        while high.count <= limbs.count { high.append(0) }
        var quotient = [UInt32](repeating: 0, count: high.count - low.count)
        for place in quotient.indices.reversed() {
            quotient[place] = Self.takeDigit(from: &high, at: place, low)
        }
        return (Natural(limbs: quotient), Natural(limbs: high) >> shift)
    }

    /// One digit of the quotient; its product with the divisor leaves the dividend.
    private static func takeDigit(from high: inout [UInt32], at place: Int, _ low: [UInt32]) -> UInt32 {
        let count = low.count
        let top = UInt64(high[place + count]) << 32 | UInt64(high[place + count - 1])
        var digit = top / UInt64(low[count - 1])
        var rest = top % UInt64(low[count - 1])
        while digit >> 32 != 0 || digit * UInt64(low[count - 2]) > rest << 32 | UInt64(high[place + count - 2]) {
            digit -= 1
            rest += UInt64(low[count - 1])
            if rest >> 32 != 0 { break }
        }
        guard subtract(digit, times: low, from: &high, at: place) else { return UInt32(truncatingIfNeeded: digit) }
        add(low, to: &high, at: place)
        return UInt32(truncatingIfNeeded: digit - 1)
    }

    /// Whether too much was taken.
    private static func subtract(_ digit: UInt64, times low: [UInt32], from high: inout [UInt32], at place: Int) -> Bool
    {
        var carry: UInt64 = 0
        var borrow: Int64 = 0
        for index in 0...low.count {
            let product = (index < low.count ? digit * UInt64(low[index]) : 0) + carry
            carry = product >> 32
            let difference = Int64(high[place + index]) - borrow - Int64(product & 0xFFFF_FFFF)
            high[place + index] = UInt32(truncatingIfNeeded: difference)
            borrow = difference < 0 ? 1 : 0
        }
        return borrow != 0
    }

    private static func add(_ low: [UInt32], to high: inout [UInt32], at place: Int) {
        var carry: UInt64 = 0
        for index in 0...low.count {
            let total = UInt64(high[place + index]) + UInt64(index < low.count ? low[index] : 0) + carry
            high[place + index] = UInt32(truncatingIfNeeded: total)
            carry = total >> 32
        }
    }

    /// A power of a small number.
    static func power(_ base: UInt32, _ exponent: Int) -> Natural {
        var result = Natural(1)
        var factor = Natural(UInt64(base))
        var rest = exponent
        while rest > 0 {
            if rest & 1 == 1 { result = result * factor }
            factor = rest > 1 ? factor * factor : factor
            rest >>= 1
        }
        return result
    }
}

// MARK: Digits

extension Natural {
    /// The number that digits of a base up to 36 spell; nil when one is no digit, or there is none.
    init?(digits: some Sequence<UInt8>, base: UInt32 = 10) {
        var value = Natural.zero
        var count = 0
        for byte in digits {
            guard let digit = Self.digit(byte), digit < base else { return nil }
            value.multiplyAdd(base, digit)
            count += 1
        }
        guard count > 0 else { return nil }
        self = value
    }

    private static func digit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte) - 0x30
        case 0x41...0x5A: UInt32(byte) - 0x41 + 10
        case 0x61...0x7A: UInt32(byte) - 0x61 + 10
        default: nil
        }
    }

    private mutating func multiplyAdd(_ factor: UInt32, _ digit: UInt32) {
        var carry = UInt64(digit)
        for place in limbs.indices {
            let total = UInt64(limbs[place]) * UInt64(factor) + carry
            limbs[place] = UInt32(truncatingIfNeeded: total)
            carry = total >> 32
        }
        if carry > 0 { limbs.append(UInt32(carry)) }
    }

    /// The digits in a base up to 36; zero has one.
    func digits(base: UInt32 = 10) -> [UInt8] {
        guard !isZero else { return [0x30] }
        // Division by the highest power of the base that fits a limb takes several digits at a time.
        var chunk: UInt32 = base
        var width = 1
        while UInt64(chunk) * UInt64(base) <= UInt64(UInt32.max) {
            chunk *= base
            width += 1
        }
        var reversed: [UInt8] = []
        var rest = self
        while !rest.isZero {
            let step = rest.divided(by: chunk)
            rest = step.quotient
            var part = step.rest
            for _ in 0..<width where !(rest.isZero && part == 0) {
                let digit = UInt8(part % base)
                reversed.append(digit < 10 ? 0x30 + digit : 0x61 + digit - 10)
                part /= base
            }
        }
        return reversed.reversed()
    }
}
