/// The values of variables after the macros in them were expanded by each other.
public struct VariableExpansion: Hashable, Sendable {
    /// Something a person should know about a variable that could not be expanded fully.
    public enum Warning: Hashable, Sendable, CustomStringConvertible {
        /// The variable's value leads back to itself.
        case cycle(String)
        /// More than ``VariableExpansion/depthLimit`` variables refer to each other in a row.
        case tooDeep(String)
        /// The value would become larger than ``VariableExpansion/sizeLimit``.
        case tooLarge(String)

        public var description: String {
            switch self {
            case .cycle(let name): "Unable to expand variable '\(name)'. A cyclical reference was detected."
            case .tooDeep(let name):
                "Unable to expand variable '\(name)'. The max expansion depth (\(VariableExpansion.depthLimit)) was exceeded."
            case .tooLarge(let name): "Unable to expand variable '\(name)'. Its value would be too large."
            }
        }
    }

    public static let depthLimit = 50
    /// Bytes of one value; variables that double each other would grow without end.
    public static let sizeLimit = 1 << 20

    /// By folded name.
    private var values: [String: String] = [:]
    public private(set) var warnings: [Warning] = []
    private var originals: [String: (name: String, value: String)]
    private var underway: [String] = []

    /// Expands variables; names that differ in letter case only are one variable, of which the last counts.
    public init(_ variables: some Sequence<(String, String)>) {
        originals = [:]
        var order: [String] = []
        for (name, value) in variables {
            let key = foldedName(name)
            if originals.updateValue((name, value), forKey: key) == nil { order.append(key) }
        }
        for key in order { _ = expand(key) }
        originals = [:]
    }

    /// The expanded value of a variable, found ignoring case.
    public subscript(name: String) -> String? { values[foldedName(name)] }

    /// A text with macros of these variables expanded.
    public func expand(macrosIn text: String) -> String { expandMacros(text) { self[$0] } }

    /// The expanded value; nil when it cannot be had on the way that is being followed.
    private mutating func expand(_ key: String) -> String? {
        if let value = values[key] { return value }
        guard let original = originals[key] else { return nil }
        if underway.contains(key) {
            warn(.cycle(original.name))
            return nil
        }
        guard underway.count < Self.depthLimit else {
            warn(.tooDeep(original.name))
            return nil
        }
        underway.append(key)
        defer { underway.removeLast() }
        let before = warnings.count
        var size = original.value.utf8.count
        let value = expandMacros(original.value) { name in
            guard let part = expand(foldedName(name)) else { return nil }
            size += part.utf8.count
            return size <= Self.sizeLimit ? part : nil
        }
        if size > Self.sizeLimit { warn(.tooLarge(original.name)) }
        // A value met a cycle or a limit on this way; on another way it may still be expanded.
        if warnings.count == before || underway.count == 1 { values[key] = value }
        return value
    }

    private mutating func warn(_ warning: Warning) {
        if !warnings.contains(warning) { warnings.append(warning) }
    }

    public static func == (left: VariableExpansion, right: VariableExpansion) -> Bool {
        left.values == right.values && left.warnings == right.warnings
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(values)
        hasher.combine(warnings)
    }
}
