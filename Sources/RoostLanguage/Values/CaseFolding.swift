// Names of the language (variables, functions, keys) are equal when they differ in letter case only. Nearly all are ASCII, which the
// functions here compare without making new strings.

/// The form of a name under which names equal but for letter case are the same.
public func foldedName(_ name: String) -> String {
    var name = name
    let changes = name.withUTF8 { bytes in bytes.contains { $0 >= 0x80 || (0x41...0x5A).contains($0) } }
    return changes ? name.lowercased() : name
}

/// Whether two texts are equal but for letter case.
public func equalIgnoringCase(_ left: String, _ right: String) -> Bool {
    if left == right { return true }
    var (left, right) = (left, right)
    let quick: Bool? = left.withUTF8 { a in
        right.withUTF8 { b in
            guard a.allSatisfy({ $0 < 0x80 }), b.allSatisfy({ $0 < 0x80 }) else { return nil }
            return a.count == b.count && zip(a, b).allSatisfy { upperASCII($0) == upperASCII($1) }
        }
    }
    return quick ?? (left.uppercased() == right.uppercased())
}

/// Order of two texts by their upper-case UTF-16 units: negative, zero or positive.
public func compareIgnoringCase(_ left: String, _ right: String) -> Int {
    var a = left.uppercased().utf16.makeIterator()
    var b = right.uppercased().utf16.makeIterator()
    while true {
        switch (a.next(), b.next()) {
        case (nil, nil): return 0
        case (nil, _): return -1
        case (_, nil): return 1
        case (let x?, let y?) where x != y: return x < y ? -1 : 1
        default: continue
        }
    }
}

private func upperASCII(_ byte: UInt8) -> UInt8 {
    (0x61...0x7A).contains(byte) ? byte - 0x20 : byte
}
