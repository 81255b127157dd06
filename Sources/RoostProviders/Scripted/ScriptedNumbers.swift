/// Numbers that look random and follow from a seed and what they are for.
struct ScriptedNumbers: Sendable {
    let seed: UInt64

    /// The number for these.
    func number(_ parts: UInt64...) -> UInt64 {
        parts.reduce(mixed(seed)) { mixed($0 ^ mixed($1)) }
    }

    /// The finalizer of SplitMix64.
    private func mixed(_ value: UInt64) -> UInt64 {
        var value = value &+ 0x9E37_79B9_7F4A_7C15
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
