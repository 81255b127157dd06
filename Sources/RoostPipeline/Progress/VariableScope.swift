import RoostLanguage
import RoostModel

/// The variables in force at one place of a run: predefined ones and those of every level down to it.
///
/// A class, because expressions read it through closures while it is being filled: a variable sees those defined before it.
final class VariableScope {
    private struct Entry {
        var name: String
        /// As it was defined; may hold macros.
        var text: String
        var isSecret: Bool
        var isPredefined: Bool
    }

    /// By folded name.
    private var entries: [String: Entry]
    private var expansion: VariableExpansion?
    /// Whether a secret was read since someone set it to false.
    var secretWasRead = false
    /// The first thing that was wrong with a variable here or further out.
    var fault: ProgressFault?

    init() {
        entries = [:]
    }

    /// A scope inside another: it sees and may hide the variables of the outer one.
    init(inside outer: VariableScope) {
        entries = outer.entries
        fault = outer.fault
    }

    /// Defines a variable the file cannot set.
    func predefine(_ name: String, _ text: String) {
        // People turn on System.Debug as an ordinary variable.
        let isFixed = foldedName(name) != "system.debug"
        set(Entry(name: name, text: text, isSecret: false, isPredefined: isFixed))
    }

    /// Defines a variable, or hides one of the same name further out; predefined ones stay as they are.
    func define(_ name: String, _ text: String, isSecret: Bool = false) {
        guard entries[foldedName(name)]?.isPredefined != true else { return }
        set(Entry(name: name, text: text, isSecret: isSecret, isPredefined: false))
    }

    private func set(_ entry: Entry) {
        entries[foldedName(entry.name)] = entry
        expansion = nil
    }

    /// The value of a variable with the macros in it expanded; nil when there is none of that name.
    subscript(name: String) -> String? {
        guard let entry = entries[foldedName(name)] else { return nil }
        if entry.isSecret { secretWasRead = true }
        guard entry.text.utf8.contains(UInt8(ascii: "$")) else { return entry.text }
        return expanded[name]
    }

    private var expanded: VariableExpansion {
        if let expansion { return expansion }
        let new = VariableExpansion(entries.values.map { ($0.name, $0.text) })
        expansion = new
        return new
    }

    /// A text with the macros of these variables expanded.
    func expand(_ text: String) -> String { expandMacros(text) { self[$0] } }

    /// Names as they were defined, for "did you mean".
    var names: [String] { entries.values.map(\.name).sorted() }

    /// Values that must not be shown.
    var secrets: [String] {
        entries.values.filter(\.isSecret).compactMap { expanded[$0.name] }.filter { !$0.isEmpty }
    }

    /// All but the predefined ones, as they were defined.
    var declared: [String: OutputVariable] {
        var variables: [String: OutputVariable] = [:]
        for entry in entries.values where !entry.isPredefined {
            variables[entry.name] = OutputVariable(value: entry.text, isSecret: entry.isSecret)
        }
        return variables
    }
}

extension VariableScope: MemberSource {
    func member(_ name: String) throws(MemberFailure) -> Value? { self[name].map(Value.string) }

    var all: ObjectValue { ObjectValue(names.map { ($0, .string(self[$0] ?? "")) }) }
}
