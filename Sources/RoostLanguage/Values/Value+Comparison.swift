extension Value {
    /// The language's `eq`: the right side is converted to the kind of the left, so `eq(true, 'false')` holds.
    ///
    /// Texts are compared ignoring case. Collections are equal only to themselves.
    public func equals(_ right: Value) -> Bool {
        switch self {
        case .null: right.converted(to: .null) != nil
        case .bool(let left): left == right.isTrue
        case .number(let left): left == right.number
        case .string(let left): right.text.map { equalIgnoringCase(left, $0) } ?? false
        case .version(let left): left == right.version
        case .dateTime: self == right
        case .array(let left): if case .array(let right) = right { sameStorage(left, right) } else { false }
        case .object(let left):
            if case .object(let right) = right { sameStorage(left.values, right.values) } else { false }
        }
    }

    /// The order of two values as `gt`, `ge`, `lt` and `le` see it: negative, zero or positive.
    ///
    /// The right side is converted to the kind of the left; null on the left counts as 0.
    ///
    /// - Throws: ``ConversionFailure`` when a side has no form of the kind.
    public func order(against right: Value) throws(ConversionFailure) -> Int {
        switch self {
        case .null, .array, .object:
            guard let number else { throw ConversionFailure(self, to: .number) }
            return try Value.number(number).order(against: right)
        case .bool(let left):
            return (left ? 1 : 0) - (right.isTrue ? 1 : 0)
        case .number(let left):
            guard let right = right.number else { throw ConversionFailure(right, to: .number) }
            return sign(left, right)
        case .string(let left):
            guard let right = right.text else { throw ConversionFailure(right, to: .string) }
            return compareIgnoringCase(left, right)
        case .version(let left):
            guard let right = right.version else { throw ConversionFailure(right, to: .version) }
            return sign(left, right)
        case .dateTime(let left):
            guard case .dateTime(let right) = right else { throw ConversionFailure(right, to: .dateTime) }
            return sign(left, right)
        }
    }
}

private func sign<T: Comparable>(_ left: T, _ right: T) -> Int {
    left < right ? -1 : (left > right ? 1 : 0)
}

/// Whether two arrays are copies of one value, which Swift keeps in one buffer; empty arrays have no identity.
private func sameStorage(_ left: [Value], _ right: [Value]) -> Bool {
    guard !left.isEmpty, left.count == right.count else { return false }
    return left.withUnsafeBufferPointer { a in right.withUnsafeBufferPointer { b in a.baseAddress == b.baseAddress } }
}
